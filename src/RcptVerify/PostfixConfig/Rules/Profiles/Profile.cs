namespace RcptVerify.PostfixConfig.Rules.Profiles;

/// <summary>A guideline to measure by, as data: the embedded file Data/profiles.json.</summary>
/// <param name="Id"><c>rfc9325</c> …, as <c>--profile</c> names it.</param>
/// <param name="Title">The guideline's name and date.</param>
/// <param name="AllowsOldProtocolsOpportunistically">Whether TLS 1.0 and 1.1 may stand where the other choice is clear text.</param>
/// <param name="Good">OpenSSL cipher string of the TLS 1.2 suites that are good; of all groups the first that has a suite counts.</param>
/// <param name="Sufficient">Of those that are still fine.</param>
/// <param name="PhaseOut">Of those that should go: a notice. What is in no group is insufficient: a warning.</param>
/// <param name="PreemptCipherlist">Whether the server's order must hold; null where the guideline does not mind.</param>
internal sealed record Profile(
    string Id,
    string Title,
    bool AllowsOldProtocolsOpportunistically,
    string Good,
    string Sufficient,
    string PhaseOut,
    bool? PreemptCipherlist)
{
    /// <summary>What holds when nobody names one.</summary>
    public const string DefaultId = "rfc9325";
}

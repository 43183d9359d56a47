using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Profiles;

/// <summary>A guideline to measure by, as data: the embedded file Data/profiles.tsv.</summary>
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

    private SuiteGroups? _groups;

    /// <summary>Whether Postfix's own cipher lists are held against it. Not by the guideline that holds when nobody asked for one.</summary>
    public bool JudgesDefaults { get; init; }

    /// <summary>Cipher lists that its publisher prints, to know a copied one by.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>RSA keys shorter than this are insufficient, bits.</summary>
    public int MinRsaBits { get; init; } = 2048;

    /// <summary>RSA keys shorter than this should go, bits.</summary>
    public int GoodRsaBits { get; init; } = 2048;

    /// <summary>How long a certificate may be valid, days; null where the guideline does not say.</summary>
    public int? MaxCertificateDays { get; init; }

    /// <summary>Whether Diffie-Hellman groups of one's own are insufficient.</summary>
    public bool RejectsOwnDhGroups { get; init; }

    /// <summary>What it says of a suite.</summary>
    public SuiteVerdict VerdictOf(CipherSuite suite)
    {
        SuiteGroups groups = _groups ??= new SuiteGroups(Ids(Good), Ids(Sufficient), Ids(PhaseOut));
        return groups.Good.Contains(suite.Id) ? SuiteVerdict.Good
            : groups.Sufficient.Contains(suite.Id) ? SuiteVerdict.Sufficient
            : groups.PhaseOut.Contains(suite.Id) ? SuiteVerdict.PhaseOut
            : SuiteVerdict.Insufficient;
    }

    private static HashSet<int> Ids(string text) =>
        [.. (CipherString.Evaluate(text, CipherSuites.Of(OpenSslVersion.Assumed)!) ?? []).Select(suite => suite.Id)];

    private sealed record SuiteGroups(HashSet<int> Good, HashSet<int> Sufficient, HashSet<int> PhaseOut);
}

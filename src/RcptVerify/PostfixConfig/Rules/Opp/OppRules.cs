namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>The rules of the group OPP, by number.</summary>
internal static class OppRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Opp001NoClientTls(),
        new Opp002EncryptOnPublicPort(),
        new Opp003LegacySwitches(),
        new Opp004ServerLevel(),
    ];
}

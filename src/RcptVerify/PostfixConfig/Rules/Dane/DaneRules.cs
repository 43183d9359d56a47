namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>The rules of the group DANE, by number.</summary>
internal static class DaneRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Dane001NoDnssec(),
        new Dane002Prerequisites(),
        new Dane003WeakFloor(),
        new Dane004TlsaRecords(),
    ];
}

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>All rules, by group and number. Rules have no state: one instance serves all.</summary>
internal static class RuleSet
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<PostfixRule> All { get; } =
    [
        .. Syn.SynRules.All,
        .. Pro.ProRules.All,
        .. Cip.CipRules.All,
        .. Kex.KexRules.All,
        .. Crt.CrtRules.All,
        .. Dane.DaneRules.All,
        .. Opp.OppRules.All,
        .. Sub.SubRules.All,
        .. Net.NetRules.All,
        .. Avr.AvrRules.All,
        .. Dep.DepRules.All,
    ];
}

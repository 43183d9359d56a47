namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>The rules of the group CIP, by number.</summary>
internal static class CipRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Cip001IdleExclusion(),
        new Cip002UnknownExclusion(),
        new Cip003SignedExclusion(),
        new Cip004OpportunisticExclusion(),
        new Cip005Grade(),
        new Cip006OverriddenCipherList(),
        new Cip007WeakSuites(),
    ];
}

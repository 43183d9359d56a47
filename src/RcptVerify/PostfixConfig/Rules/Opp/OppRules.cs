namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>The rules of the group OPP, by number.</summary>
internal static class OppRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
    ];
}

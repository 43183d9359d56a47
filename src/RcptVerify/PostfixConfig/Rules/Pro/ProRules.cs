namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>The rules of the group PRO, by number.</summary>
internal static class ProRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
        new Pro006EmptySet(),
    ];
}

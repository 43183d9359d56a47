namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>The rules of the group SYN, by number.</summary>
internal static class SynRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
    ];
}

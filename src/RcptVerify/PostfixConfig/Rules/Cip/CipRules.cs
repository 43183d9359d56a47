namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>The rules of the group CIP, by number.</summary>
internal static class CipRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
    ];
}

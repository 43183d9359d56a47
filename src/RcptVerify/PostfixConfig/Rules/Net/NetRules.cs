namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>The rules of the group NET, by number.</summary>
internal static class NetRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
    ];
}

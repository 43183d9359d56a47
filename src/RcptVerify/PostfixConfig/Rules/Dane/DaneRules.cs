namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>The rules of the group DANE, by number.</summary>
internal static class DaneRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
    ];
}

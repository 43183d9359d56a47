namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>The rules of the group AVR, by number.</summary>
internal static class AvrRules
{
    /// <summary>The rules.</summary>
    public static readonly IReadOnlyList<PostfixRule> All =
    [
    ];
}

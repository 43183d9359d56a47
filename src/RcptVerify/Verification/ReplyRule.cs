namespace RcptVerify.Verification;

/// <summary>One row of the classifier's table. All given conditions must hold; the first matching row decides.</summary>
/// <param name="Category">What such a reply says.</param>
/// <param name="Source">Which software says it, and where that is known from; for a route's own rows, the configuration.</param>
/// <param name="Enhanced">Enhanced status code, exact ("5.1.1") or a subject ("5.2."); empty for any.</param>
/// <param name="Text">A part of the reply's text, case ignored; empty for any.</param>
/// <param name="Code">SMTP reply code; 0 for any 5xx.</param>
public sealed record ReplyRule(ReplyCategory Category, string Source, string Enhanced = "", string Text = "", int Code = 0)
{
    /// <summary>Whether the row speaks of this reply.</summary>
    /// <param name="code">SMTP reply code.</param>
    /// <param name="enhanced">Its enhanced status code, or empty.</param>
    /// <param name="text">Its text.</param>
    public bool Matches(int code, string enhanced, string text)
    {
        ArgumentNullException.ThrowIfNull(enhanced);
        ArgumentNullException.ThrowIfNull(text);
        return (Code == 0 || Code == code)
            && (Enhanced.Length == 0 || (Enhanced[^1] == '.' ? enhanced.StartsWith(Enhanced, StringComparison.Ordinal) : enhanced == Enhanced))
            && (Text.Length == 0 || text.Contains(Text, StringComparison.OrdinalIgnoreCase));
    }
}

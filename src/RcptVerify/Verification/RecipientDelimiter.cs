using System.Text;

namespace RcptVerify.Verification;

/// <summary>
/// Postfix's <c>recipient_delimiter</c> (split_addr.c): <c>user+shop@</c> is the mailbox <c>user@</c>. The set of delimiters
/// is split at the first one that occurs, never so that nothing is left. As there, <c>postmaster</c>, <c>mailer-daemon</c>
/// and <c>double-bounce</c> stay whole, and with a hyphen among the delimiters so do <c>owner-list</c> and
/// <c>list-request</c> (owner_request_special).
/// </summary>
public static class RecipientDelimiter
{
    /// <summary>Length of the local part without its extension; its whole length where it has none. No allocation.</summary>
    /// <param name="localPart">Unquoted local part, any letter case.</param>
    /// <param name="delimiters">The delimiters, ASCII; empty: there are no extensions.</param>
    public static int LengthWithoutExtension(ReadOnlySpan<byte> localPart, ReadOnlySpan<byte> delimiters)
    {
        if (delimiters.IsEmpty || localPart.Length < 2)
            return localPart.Length;
        int delimiter = localPart[1..].IndexOfAny(delimiters);
        return delimiter < 0 || StaysWhole(localPart, delimiters) ? localPart.Length : delimiter + 1;
    }

    private static bool StaysWhole(ReadOnlySpan<byte> localPart, ReadOnlySpan<byte> delimiters) =>
        Ascii.EqualsIgnoreCase(localPart, "postmaster"u8)
        || Ascii.EqualsIgnoreCase(localPart, "mailer-daemon"u8)
        || Ascii.EqualsIgnoreCase(localPart, "double-bounce"u8)
        || (delimiters.Contains((byte)'-') && (StartsWith(localPart, "owner-"u8) || EndsWith(localPart, "-request"u8)));

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);

    private static bool EndsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> end) =>
        text.Length > end.Length && Ascii.EqualsIgnoreCase(text[^end.Length..], end);
}

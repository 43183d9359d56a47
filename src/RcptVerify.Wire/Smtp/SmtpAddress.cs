using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace RcptVerify.Wire.Smtp;

// RFC 5321 section 4.1.2, with RFC 6531 section 3.3 for SMTPUTF8:
//   Mailbox         = Local-part "@" ( Domain / address-literal )
//   Local-part      = Dot-string / Quoted-string
//   Dot-string      = Atom *("."  Atom)                       Atom = 1*atext (RFC 5322; RFC 6531 adds UTF8-non-ascii)
//   Quoted-string   = DQUOTE *QcontentSMTP DQUOTE             QcontentSMTP = qtextSMTP / quoted-pairSMTP
//   quoted-pairSMTP = %d92 %d32-126
//   qtextSMTP       = %d32-33 / %d35-91 / %d93-126            RFC 6531 adds UTF8-non-ascii
//   Domain          = sub-domain *("." sub-domain)            address-literal = "[" 1*dcontent ... "]"
//   dcontent        = %d33-90 / %d94-126
// Control characters have no place in any of these, quoted or not.

/// <summary>
/// The mailbox syntax of RFC 5321. Between Postfix and a policy server a local part travels in <i>internal</i> form,
/// without quoting; SMTP wants the <i>external</i> form. This is where a byte of an address could end the path or the
/// command it stands in, so whatever the grammar has no place for is refused here, before anything is sent.
/// </summary>
public static class SmtpAddress
{
    private const byte Delete = 0x7f;
    private const byte LastAscii = 0x7f;

    private static readonly SearchValues<byte> AtextAndDot = CreateWithNonAscii(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~."u8);

    // The underscore is in no RFC, but in use, and Postfix takes it too (valid_hostname).
    private static readonly SearchValues<byte> DomainBytes = CreateWithNonAscii(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    // dcontent without < and >: no registered literal has them, and outside a quoted string they delimit the path.
    private static readonly SearchValues<byte> LiteralBytes = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Writes a local part's external form: a dot-string as it is, anything else as a quoted string.</summary>
    /// <param name="localPart">The local part in Postfix's internal form, unquoted. Empty gives <c>""</c>.</param>
    /// <param name="smtpUtf8">True when the transaction uses SMTPUTF8: only then non-ASCII bytes, which must be valid UTF-8.</param>
    /// <param name="destination">Where to; twice the length plus two is always enough.</param>
    /// <param name="written">Bytes written; 0 on failure.</param>
    /// <param name="error">
    /// <see cref="WireError.CommandForbiddenByte"/> for a control character (CR, LF and NUL among them) or a non-ASCII
    /// byte that isn't allowed; <see cref="WireError.CommandTooLong"/> when the destination is too small.
    /// </param>
    public static bool TryQuoteLocalPart(
        ReadOnlySpan<byte> localPart, bool smtpUtf8, Span<byte> destination, out int written, out WireError error)
    {
        written = 0;
        if (!IsText(localPart, smtpUtf8))
        {
            error = WireError.CommandForbiddenByte;
            return false;
        }

        bool plain = IsDotString(localPart);
        int needed = plain ? localPart.Length : localPart.Length + localPart.Count((byte)'"') + localPart.Count((byte)'\\') + 2;
        if (needed > destination.Length)
        {
            error = WireError.CommandTooLong;
            return false;
        }

        if (plain)
        {
            localPart.CopyTo(destination);
        }
        else
        {
            Quote(localPart, destination);
        }

        error = WireError.None;
        written = needed;
        return true;
    }

    /// <summary>
    /// True when the local part can stand in a path without quotes. Bytes above ASCII count as letters (RFC 6531);
    /// whether the transaction allows them is for <see cref="TryQuoteLocalPart"/> to say.
    /// </summary>
    public static bool IsDotString(ReadOnlySpan<byte> localPart) => HasNoEmptyPart(localPart) && !localPart.ContainsAnyExcept(AtextAndDot);

    /// <summary>
    /// True when the bytes can stand as a domain or address literal in a command. Says what is safe to send, not which
    /// names can exist. Non-ASCII bytes only with <paramref name="smtpUtf8"/>.
    /// </summary>
    internal static bool IsDomain(ReadOnlySpan<byte> domain, bool smtpUtf8)
    {
        if (domain.Length > 2 && domain[0] == '[' && domain[^1] == ']')
        {
            return !domain[1..^1].ContainsAnyExcept(LiteralBytes);
        }

        return HasNoEmptyPart(domain) && !domain.ContainsAnyExcept(DomainBytes) && IsText(domain, smtpUtf8);
    }

    /// <summary>True when the bytes are a mailbox in external form. A source route is not one (RFC 5321 appendix C: deprecated).</summary>
    internal static bool IsMailbox(ReadOnlySpan<byte> mailbox, bool smtpUtf8)
    {
        if (!IsText(mailbox, smtpUtf8))
        {
            return false;
        }

        bool quoted = mailbox.StartsWith((byte)'"');
        int at = quoted ? QuotedLength(mailbox) : mailbox.IndexOf((byte)'@');
        return at > 0 && at < mailbox.Length && mailbox[at] == '@'
            && (quoted || IsDotString(mailbox[..at]))
            && IsDomain(mailbox[(at + 1)..], smtpUtf8);
    }

    /// <summary>Length of the quoted string at the start, both quotes included; -1 when it has no end.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i + 1;
            }

            if (text[i] == '\\' && (++i == text.Length || text[i] > LastAscii))
            {
                return -1;
            }
        }

        return -1;
    }

    private static void Quote(ReadOnlySpan<byte> localPart, Span<byte> destination)
    {
        int position = 0;
        destination[position++] = (byte)'"';
        foreach (byte b in localPart)
        {
            if (b is (byte)'"' or (byte)'\\')
            {
                destination[position++] = (byte)'\\';
            }

            destination[position++] = b;
        }

        destination[position] = (byte)'"';
    }

    private static bool HasNoEmptyPart(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && text[0] != '.' && text[^1] != '.' && text.IndexOf(".."u8) < 0;

    /// <summary>No control characters; non-ASCII only as valid UTF-8 and only with SMTPUTF8.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes, bool smtpUtf8) =>
        !bytes.ContainsAnyInRange((byte)0, (byte)0x1f) && !bytes.Contains(Delete)
        && (Ascii.IsValid(bytes) || (smtpUtf8 && Utf8.IsValid(bytes)));

    private static SearchValues<byte> CreateWithNonAscii(ReadOnlySpan<byte> ascii)
    {
        byte[] bytes = [.. ascii, .. Enumerable.Range(LastAscii + 1, 0x80).Select(b => (byte)b)];
        return SearchValues.Create(bytes);
    }
}

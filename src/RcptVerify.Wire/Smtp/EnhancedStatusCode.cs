using System.Globalization;

namespace RcptVerify.Wire.Smtp;

/// <summary>
/// An enhanced status code (RFC 3463), as it stands at the start of a reply's text when the server announced
/// ENHANCEDSTATUSCODES (RFC 2034). The default value means: there is none.
/// </summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure; 0 when there is no code.</param>
/// <param name="Subject">What it is about, 0–999: 1 addressing, 2 mailbox, 3 mail system, 4 network, 7 security.</param>
/// <param name="Detail">The detail within the subject, 0–999. Exchange Online uses three digits: <c>4.7.500</c>.</param>
public readonly record struct EnhancedStatusCode(byte Class, ushort Subject, ushort Detail)
{
    private const int MaxSubcodeDigits = 3;

    /// <summary>True for the default value: the reply carried no enhanced status code.</summary>
    public bool IsNone => Class == 0;

    // RFC 2034 section 4:
    //   status-code ::= class "." subject "." detail
    //   class       ::= "2" / "4" / "5"
    //   subject     ::= 1*3digit
    //   detail      ::= 1*3digit
    // and a space (or the end of the text) behind it. Leading zeros, forbidden by RFC 3463 section 2, are let through.

    /// <summary>Reads the code at the very start of <paramref name="text"/>.</summary>
    /// <param name="text">A reply line's text, without the three-digit code and its separator.</param>
    /// <param name="code">The code, or the default value.</param>
    /// <param name="consumed">Bytes the code takes, without the white space behind it; 0 when there is none.</param>
    /// <returns>False when the text doesn't start with a whole code that white space or the end follows.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out EnhancedStatusCode code, out int consumed)
    {
        code = default;
        consumed = 0;
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != '.')
        {
            return false;
        }

        int position = 2;
        if (!TryReadSubcode(text, ref position, out ushort subject) || position == text.Length || text[position++] != '.'
            || !TryReadSubcode(text, ref position, out ushort detail)
            || (position < text.Length && !IsWhiteSpace(text[position])))
        {
            return false;
        }

        code = new EnhancedStatusCode((byte)(text[0] - '0'), subject, detail);
        consumed = position;
        return true;
    }

    /// <summary>The code as it is written on the wire, <c>5.1.1</c>; empty when there is none.</summary>
    public override string ToString() =>
        IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryReadSubcode(ReadOnlySpan<byte> text, ref int position, out ushort value)
    {
        int start = position;
        int number = 0;
        while (position < text.Length && position - start < MaxSubcodeDigits && char.IsAsciiDigit((char)text[position]))
        {
            number = (number * 10) + (text[position++] - '0');
        }

        value = (ushort)number;
        return position > start;
    }

    private static bool IsWhiteSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}

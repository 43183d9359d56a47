using System.Globalization;

namespace RcptVerify.Wire.Smtp;

/// <summary>
/// One whole reply of an SMTP server (RFC 5321 section 4.2). The strings are made when first asked for; every byte in
/// them that is not printable text has become <c>?</c>, so neither a line end nor a terminal sequence gets through.
/// Immutable, safe to share between threads.
/// </summary>
public sealed class SmtpReply
{
    /// <summary>A line starts with the code's three digits and a space or hyphen.</summary>
    private const int PrefixBytes = 4;

    private readonly byte[] _bytes;
    private string? _text;
    private string[]? _lines;

    /// <param name="code">The code all lines share.</param>
    /// <param name="bytes">The lines as received, each with its line end; checked by <see cref="SmtpReplyParser"/>.</param>
    internal SmtpReply(int code, byte[] bytes)
    {
        Code = code;
        _bytes = bytes;
        Enhanced = FindEnhanced();
    }

    /// <summary>The reply code, 200–599.</summary>
    public int Code { get; }

    /// <summary>
    /// The enhanced status code; of several lines the last that has one speaks. A code whose class contradicts
    /// <see cref="Code"/> (RFC 2034 section 4 forbids it) doesn't count and stays in the text.
    /// </summary>
    public EnhancedStatusCode Enhanced { get; }

    /// <summary>
    /// All lines' texts joined by one space, without reply codes and without <see cref="Enhanced"/>; empty lines add
    /// nothing. Not escaped: quotes and backslashes are as the server sent them.
    /// </summary>
    public string Text => _text ??= BuildText();

    /// <summary>The lines as the server sent them, codes included, without line ends: for EHLO and for transcripts.</summary>
    public IReadOnlyList<string> Lines => _lines ??= BuildLines();

    /// <summary>2xx: done.</summary>
    public bool IsPositive => Code / 100 == 2;

    /// <summary>3xx: go on (354 after DATA).</summary>
    public bool IsIntermediate => Code / 100 == 3;

    /// <summary>4xx: not now.</summary>
    public bool IsTransient => Code / 100 == 4;

    /// <summary>5xx: no.</summary>
    public bool IsPermanent => Code / 100 == 5;

    /// <summary>Code, enhanced code and text on one line: <c>550 5.1.1 User unknown</c>.</summary>
    public override string ToString()
    {
        string code = Code.ToString(CultureInfo.InvariantCulture);
        string enhanced = Enhanced.IsNone ? "" : $" {Enhanced}";
        return Text.Length == 0 ? code + enhanced : $"{code}{enhanced} {Text}";
    }

    private EnhancedStatusCode FindEnhanced()
    {
        EnhancedStatusCode found = default;
        ReadOnlySpan<byte> rest = _bytes;
        while (TryTakeLine(ref rest, out ReadOnlySpan<byte> line))
        {
            if (EnhancedStatusCode.TryParse(TextOf(line), out EnhancedStatusCode code, out _) && code.Class == Code / 100)
            {
                found = code;
            }
        }

        return found;
    }

    private string BuildText()
    {
        // A line's text is shorter than the line with its code, so the joined text fits where the reply did.
        Span<byte> joined = _bytes.Length <= 512 ? stackalloc byte[_bytes.Length] : new byte[_bytes.Length];
        int length = 0;
        ReadOnlySpan<byte> rest = _bytes;
        while (TryTakeLine(ref rest, out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> text = TextOf(line);
            if (EnhancedStatusCode.TryParse(text, out EnhancedStatusCode code, out int consumed) && code == Enhanced)
            {
                text = text[consumed..];
            }

            text = text.Trim((byte)' ');
            if (text.IsEmpty)
            {
                continue;
            }

            if (length > 0)
            {
                joined[length++] = (byte)' ';
            }

            text.CopyTo(joined[length..]);
            length += text.Length;
        }

        return PrintableText.FromUtf8(joined[..length]);
    }

    private string[] BuildLines()
    {
        var lines = new string[_bytes.AsSpan().Count((byte)'\n')];
        ReadOnlySpan<byte> rest = _bytes;
        for (int i = 0; TryTakeLine(ref rest, out ReadOnlySpan<byte> line); i++)
        {
            lines[i] = PrintableText.FromUtf8(line);
        }

        return lines;
    }

    private static bool TryTakeLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        int end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = rest[..end].TrimEnd((byte)'\r');
        rest = rest[(end + 1)..];
        return true;
    }

    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> line) => line.Length > PrefixBytes ? line[PrefixBytes..] : default;
}

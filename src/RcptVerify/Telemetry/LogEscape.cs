using System.Buffers;
using System.Globalization;
using System.Text;

namespace RcptVerify.Telemetry;

/// <summary>
/// Makes what came from outside harmless in a log line: control characters, quotes, backslashes, angle brackets and
/// invisible Unicode become <c>\xHH</c> (bytes of the UTF-8 form), so that nobody can forge a field, a line, or the
/// direction of a terminal's text. Letters of any script stay readable.
/// </summary>
public static class LogEscape
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~ "u8);

    /// <summary>Most bytes that one byte of input becomes.</summary>
    public const int MaxExpansion = 4;

    /// <summary>Writes <paramref name="text"/> escaped, as much as fits whole.</summary>
    /// <param name="text">Bytes from outside.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="token">Also escape spaces: for values that stand without delimiters.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> destination, bool token = false)
    {
        int written = 0;
        while (!text.IsEmpty)
        {
            int plain = token ? PlainToken(text) : PlainText(text);
            plain = Math.Min(plain, destination.Length - written);
            text[..plain].CopyTo(destination[written..]);
            written += plain;
            text = text[plain..];
            if (text.IsEmpty || !TryWriteNext(ref text, destination, ref written))
                break;
        }

        return written;
    }

    /// <summary>The escaped form of <paramref name="text"/>.</summary>
    /// <param name="text">Text from outside.</param>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (!bytes.AsSpan().ContainsAnyExcept(Plain))
            return text;
        byte[] escaped = new byte[bytes.Length * MaxExpansion];
        return Encoding.UTF8.GetString(escaped, 0, Write(bytes, escaped));
    }

    /// <summary>
    /// As <see cref="Text"/>, but quotation marks stay: for sentences that end their line, where no field follows that they could forge.
    /// </summary>
    /// <param name="text">Text that may quote something from outside.</param>
    public static string Sentence(string text) => Text(text).Replace("\\x22", "\"", StringComparison.Ordinal); // a backslash of the text's own is \x5c by now

    private static int PlainText(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExcept(Plain);
        return end < 0 ? text.Length : end;
    }

    private static int PlainToken(ReadOnlySpan<byte> text)
    {
        text = text[..PlainText(text)];
        int space = text.IndexOf((byte)' ');
        return space < 0 ? text.Length : space;
    }

    private static bool TryWriteNext(ref ReadOnlySpan<byte> text, Span<byte> destination, ref int written)
    {
        bool valid = Rune.DecodeFromUtf8(text, out Rune rune, out int length) == OperationStatus.Done;
        bool readable = valid && !rune.IsAscii && IsReadable(rune);
        if (destination.Length - written < (readable ? length : length * MaxExpansion))
            return false;
        foreach (byte b in text[..length])
        {
            if (readable)
                destination[written++] = b;
            else
                written += WriteHex(b, destination[written..]);
        }

        text = text[length..];
        return true;
    }

    private static bool IsReadable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static int WriteHex(byte b, Span<byte> destination)
    {
        destination[0] = (byte)'\\';
        destination[1] = (byte)'x';
        destination[2] = "0123456789abcdef"u8[b >> 4];
        destination[3] = "0123456789abcdef"u8[b & 0xf];
        return MaxExpansion;
    }
}

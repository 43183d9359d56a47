using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace RcptVerify.Wire.Socketmap;

/// <summary>Writes the replies of the socketmap protocol.</summary>
public static class SocketmapReplyWriter
{
    // Grammar (socketmap_table(5), "PROTOCOL"; dict_sockmap.c):
    //
    //   reply  = length ":" status SP text ","
    //   status = "OK" / "NOTFOUND" / "TEMP" / "TIMEOUT" / "PERM"      upper case
    //
    // Postfix refuses an empty text behind OK (an empty look-up result), and with smtputf8_enable one that is not UTF-8.

    private const int MaxDigits = 5;

    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static control => (byte)control), 0x7f]);

    /// <summary>
    /// Whether a text can be sent: UTF-8, without ASCII control characters, at most <see cref="SocketmapLimits.MaxTextBytes"/> long.
    /// May be empty.
    /// </summary>
    public static bool IsValidText(ReadOnlySpan<byte> text) =>
        text.Length <= SocketmapLimits.MaxTextBytes && !text.ContainsAny(Controls) && Utf8.IsValid(text);

    /// <summary>Whether <paramref name="status"/> is one of the five that Postfix knows.</summary>
    public static bool IsStatus(ReadOnlySpan<byte> status) =>
        status.SequenceEqual("OK"u8) || status.SequenceEqual("NOTFOUND"u8) || status.SequenceEqual("TEMP"u8)
        || status.SequenceEqual("TIMEOUT"u8) || status.SequenceEqual("PERM"u8);

    /// <summary>Writes one whole reply.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="status">One of <c>OK NOTFOUND TEMP TIMEOUT PERM</c>.</param>
    /// <param name="text">The value with OK, where it must not be empty; the reason otherwise.</param>
    /// <exception cref="ArgumentException">Not a status, or not a <see cref="IsValidText">valid text</see>.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> status, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!IsStatus(status))
            ThrowInvalidStatus();
        if (!IsValidText(text) || (text.IsEmpty && status.SequenceEqual("OK"u8)))
            ThrowInvalidText();

        int payload = status.Length + 1 + text.Length;
        Span<byte> destination = output.GetSpan(MaxDigits + 1 + payload + 1);
        Utf8Formatter.TryFormat(payload, destination, out int length);
        destination[length++] = (byte)':';
        status.CopyTo(destination[length..]);
        length += status.Length;
        destination[length++] = (byte)' ';
        text.CopyTo(destination[length..]);
        length += text.Length;
        destination[length++] = (byte)',';
        output.Advance(length);
    }

    private static void ThrowInvalidStatus() => throw new ArgumentException("Not a status of the socketmap protocol.", "status");

    private static void ThrowInvalidText() => throw new ArgumentException(
        "A reply's text is UTF-8 without control characters, within the limit, and with OK not empty.", "text");
}

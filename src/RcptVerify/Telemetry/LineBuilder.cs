using System.Text;
using System.Text.Unicode;

namespace RcptVerify.Telemetry;

/// <summary>Appends to a buffer and silently stops at its end: a log line is cut, never lost.</summary>
/// <param name="buffer">Where the line is built.</param>
internal ref struct LineBuilder(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>What has been appended.</summary>
    public readonly ReadOnlySpan<byte> Line => _buffer[.._length];

    /// <summary>Appends our own text.</summary>
    public void Append(scoped ReadOnlySpan<byte> text)
    {
        int fits = Math.Min(text.Length, _buffer.Length - _length);
        text[..fits].CopyTo(_buffer[_length..]);
        _length += fits;
    }

    /// <summary>Appends our own text.</summary>
    public void Append(scoped ReadOnlySpan<char> text)
    {
        Utf8.FromUtf16(text, _buffer[_length..], out _, out int written); // as many whole characters as fit
        _length += written;
    }

    /// <summary>Appends text from outside, cut at <paramref name="most"/> bytes of output.</summary>
    public void AppendEscaped(scoped ReadOnlySpan<byte> text, bool token = false, int most = int.MaxValue) =>
        _length += LogEscape.Write(text, _buffer.Slice(_length, Math.Min(_buffer.Length - _length, most)), token);

    /// <summary>Appends text from outside, cut at 1000 characters and at <paramref name="most"/> bytes of output.</summary>
    public void AppendEscaped(string text, bool token = false, int most = int.MaxValue)
    {
        Span<byte> utf8 = stackalloc byte[3000];
        int length = Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, 1000)), utf8);
        AppendEscaped(utf8[..length], token, most);
    }

    /// <summary>Appends seconds with two decimals, as Postfix's <c>delay=</c>.</summary>
    public void AppendSeconds(TimeSpan time)
    {
        time.TotalSeconds.TryFormat(_buffer[_length..], out int written, "0.00", System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }
}

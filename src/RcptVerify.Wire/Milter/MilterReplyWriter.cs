using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RcptVerify.Wire.Milter;

/// <summary>Writes a filter's replies as whole frames.</summary>
public static class MilterReplyWriter
{
    // Grammar (libmilter's mfdef.h, SMFIR_…; for the reply code Postfix milter8.c, milter8_event):
    //
    //   continue = "c"          progress = "p"
    //   reply    = "y" line *( CR LF line ) NUL
    //   line     = code ( SP / "-" ) [ enhanced SP ] text       "-" on all lines but the last; "%" doubled
    //
    // Postfix closes the connection over a line shorter than 4, a code that is not 4xx or 5xx or not the same on all lines, an
    // enhanced code of another class, and a NUL inside; it drops a single "%".

    private const int CodeBytes = 3;

    private static ReadOnlySpan<byte> ContinueFrame => [0, 0, 0, 1, (byte)'c'];

    private static ReadOnlySpan<byte> ProgressFrame => [0, 0, 0, 1, (byte)'p'];

    /// <summary>Nothing to say against it: go on.</summary>
    public static void WriteContinue(IBufferWriter<byte> output) => output.Write(ContinueFrame);

    /// <summary>Still at work: the mail server begins its time limit anew.</summary>
    public static void WriteProgress(IBufferWriter<byte> output) => output.Write(ProgressFrame);

    /// <summary>
    /// Refuses with a reply of our own: <c>550 5.1.1 &lt;user@example.com&gt;: text</c>. Control characters become <c>?</c>, as do
    /// bytes that are not UTF-8; CR LF and LF begin a new line. A line longer than <see cref="MilterLimits.MaxReplyLineBytes"/>
    /// is cut between characters; lines past <see cref="MilterLimits.MaxReplyLines"/> are left out.
    /// </summary>
    /// <param name="output">Receives the frame.</param>
    /// <param name="code">400 to 599.</param>
    /// <param name="enhanced">The enhanced status code, of the same class; empty for none.</param>
    /// <param name="address">Stands in front of the text, without its angle brackets; empty for none.</param>
    /// <param name="text">What to say.</param>
    /// <exception cref="ArgumentException">The code is no refusal, or the enhanced code is of another class.</exception>
    public static void WriteReply(
        IBufferWriter<byte> output, int code, ReadOnlySpan<byte> enhanced, ReadOnlySpan<byte> address, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (code is < 400 or > 599 || (!enhanced.IsEmpty && !IsEnhanced(enhanced, (byte)('0' + (code / 100)))))
            ThrowNoRefusal();

        Span<byte> digits = stackalloc byte[CodeBytes];
        code.TryFormat(digits, out _, provider: System.Globalization.CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> rest = text;
        int start = 0;
        int lines = 0;
        int most = 5 + (MilterLimits.MaxReplyLines * ((2 * MilterLimits.MaxReplyLineBytes) + 2)) + 1;
        bool many = text.Contains((byte)'\n');
        Span<byte> frame = output.GetSpan(many ? most : 5 + (2 * MilterLimits.MaxReplyLineBytes) + 1);
        int end = 5;
        do
        {
            ReadOnlySpan<byte> line = TakeLine(ref rest, out bool more);
            if (lines > 0)
            {
                frame[start + CodeBytes] = (byte)'-';
                frame[end++] = (byte)'\r';
                frame[end++] = (byte)'\n';
            }

            start = end;
            LineWriter writer = new(frame[end..]);
            writer.Append(digits);
            writer.Append(" "u8);
            if (!enhanced.IsEmpty)
            {
                writer.Append(enhanced);
                writer.Append(" "u8);
            }

            if (lines == 0 && !address.IsEmpty)
            {
                writer.Append("<"u8);
                writer.Append(address);
                writer.Append(">: "u8);
            }

            writer.Append(line);
            end += writer.Written;
            lines++;
            if (!more)
                break;
        }
        while (lines < MilterLimits.MaxReplyLines);

        frame[end++] = 0;
        frame[4] = (byte)'y';
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)(end - 4));
        output.Advance(end);
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest, out bool more)
    {
        int newline = rest.IndexOf((byte)'\n');
        more = newline >= 0;
        ReadOnlySpan<byte> line = more ? rest[..newline] : rest;
        rest = more ? rest[(newline + 1)..] : default;
        return more && line.EndsWith((byte)'\r') ? line[..^1] : line;
    }

    /// <summary>RFC 3463: class, subject, detail, the last two of one to three digits.</summary>
    private static bool IsEnhanced(ReadOnlySpan<byte> code, byte codeClass)
    {
        if (code.Length < 5 || code[0] != codeClass || code[1] != '.')
            return false;
        int dot = code[2..].IndexOf((byte)'.');
        return dot is >= 1 and <= 3 && code.Length - 3 - dot is >= 1 and <= 3
            && !code.Slice(2, dot).ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !code[(3 + dot)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static void ThrowNoRefusal() =>
        throw new ArgumentException("A reply is 4xx or 5xx, with an enhanced status code of the same class.", "code");

    /// <summary>One line: counts what the SMTP client will see, and writes each "%" twice.</summary>
    private ref struct LineWriter(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;
        private int _seen;
        private bool _full;

        public int Written { get; private set; }

        public void Append(scoped ReadOnlySpan<byte> text)
        {
            while (!text.IsEmpty && !_full)
            {
                OperationStatus status = Rune.DecodeFromUtf8(text, out Rune rune, out int length);
                bool printable = status == OperationStatus.Done && rune.Value is >= 0x20 and (< 0x7f or > 0x9f);
                AppendCharacter(printable ? text[..length] : "?"u8);
                text = text[length..];
            }
        }

        private void AppendCharacter(scoped ReadOnlySpan<byte> character)
        {
            _full = _seen + character.Length > MilterLimits.MaxReplyLineBytes;
            if (_full)
                return;
            _seen += character.Length;
            character.CopyTo(_destination[Written..]);
            Written += character.Length;
            if (character[0] == '%')
                _destination[Written++] = (byte)'%';
        }
    }
}

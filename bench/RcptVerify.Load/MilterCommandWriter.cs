using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace RcptVerify.Load;

/// <summary>
/// Writes what smtpd of Postfix 3.7 tells a milter (smtpd_milters): each command behind its macros, the macros also where the
/// command itself is masked, and nothing flushed before an answer is waited for (milter8.c, milter8_event).
/// </summary>
internal sealed class MilterCommandWriter(string knownPrefix, string unknownPrefix, string domain)
{
    /// <summary>An upper bound of what stands between two answers, in bytes.</summary>
    public int MaximumLength { get; } = 2048 + (4 * (Math.Max(knownPrefix.Length, unknownPrefix.Length) + domain.Length));

    private readonly byte[] _known = Encoding.ASCII.GetBytes(knownPrefix);
    private readonly byte[] _unknown = Encoding.ASCII.GetBytes(unknownPrefix);
    private readonly byte[] _toEnd = Encoding.ASCII.GetBytes($"@{domain}");

    private readonly byte[] _connectMacros = Frame('D',
        "Cj\0mx.example.com\0{daemon_name}\0mx.example.com\0{daemon_addr}\0198.51.100.9\0v\0Postfix 3.7.11\0_\0mout.client.test [192.0.2.9]\0"u8);

    private readonly byte[] _connect = Frame('C', [.. "mout.client.test\04"u8, 0x4e, 0x21, .. "192.0.2.9\0"u8]);
    private readonly byte[] _heloMacros = Frame('D', "H"u8);
    private readonly byte[] _helo = Frame('H', "mout.client.test\0"u8);
    private readonly byte[] _abort = Frame('A', default);
    private readonly byte[] _quit = Frame('Q', default);

    /// <summary>What Postfix 3.7 offers.</summary>
    public byte[] Offer { get; } = MilterFrames.Options(version: 6, actions: 0x1ff, protocol: 0x1fffff);

    public int WriteConnect(Span<byte> destination, uint protocol) =>
        Pair(destination, _connectMacros, _connect, (protocol & MilterFrames.NoConnect) != 0);

    public int WriteHelo(Span<byte> destination, uint protocol) => Pair(destination, _heloMacros, _helo, (protocol & MilterFrames.NoHelo) != 0);

    public int WriteAbort(Span<byte> destination) => Copy(_abort, destination);

    public int WriteQuit(Span<byte> destination) => Copy(_quit, destination);

    public int WriteMail(Span<byte> destination, int serial, uint protocol)
    {
        FrameWriter frame = new(destination, 'D');
        frame.Text("M{mail_addr}\0somebody"u8);
        frame.Number(serial % 1000);
        frame.Text("@client.test\0{mail_host}\0client.test\0{mail_mailer}\0smtp\0"u8);
        int length = frame.End();
        if ((protocol & MilterFrames.NoMail) != 0)
        {
            return length;
        }

        frame = new(destination[length..], 'M');
        frame.Text("<somebody"u8);
        frame.Number(serial % 1000);
        frame.Text("@client.test>\0"u8);
        return length + frame.End();
    }

    /// <summary>RCPT for a recipient. From the first accepted one on, a message has a queue id.</summary>
    public int WriteRcpt(Span<byte> destination, int message, bool hasQueueId, int recipient, bool known)
    {
        byte[] prefix = known ? _known : _unknown;
        FrameWriter frame = new(destination, 'D');
        frame.Text("R"u8);
        if (hasQueueId)
        {
            frame.Text("i\04F"u8);
            frame.Number(100_000_000 + message);
            frame.Text("\0"u8);
        }

        frame.Text("{rcpt_addr}\0"u8);
        frame.Text(prefix);
        frame.Number(recipient);
        frame.Text(_toEnd);
        frame.Text("\0{rcpt_host}\0[127.0.0.1]:2525\0{rcpt_mailer}\0relay\0"u8);
        int length = frame.End();

        frame = new(destination[length..], 'R');
        frame.Text("<"u8);
        frame.Text(prefix);
        frame.Number(recipient);
        frame.Text(_toEnd);
        frame.Text(">\0"u8);
        return length + frame.End();
    }

    private static int Pair(Span<byte> destination, byte[] macros, byte[] command, bool masked)
    {
        int length = Copy(macros, destination);
        return masked ? length : length + Copy(command, destination[length..]);
    }

    private static int Copy(byte[] text, Span<byte> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }

    private static byte[] Frame(char command, ReadOnlySpan<byte> data)
    {
        byte[] whole = new byte[MilterFrames.HeadBytes + data.Length];
        FrameWriter frame = new(whole, command);
        frame.Text(data);
        frame.End();
        return whole;
    }

    private ref struct FrameWriter
    {
        private readonly Span<byte> _frame;
        private int _length;

        public FrameWriter(Span<byte> frame, char command)
        {
            _frame = frame;
            _frame[MilterFrames.LengthBytes] = (byte)command;
            _length = MilterFrames.HeadBytes;
        }

        public void Text(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_frame[_length..]);
            _length += text.Length;
        }

        public void Number(int value)
        {
            Utf8Formatter.TryFormat(value, _frame[_length..], out int length);
            _length += length;
        }

        /// <summary>The frame's length with everything.</summary>
        public readonly int End()
        {
            BinaryPrimitives.WriteInt32BigEndian(_frame, _length - MilterFrames.LengthBytes);
            return _length;
        }
    }
}

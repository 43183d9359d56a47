using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using RcptVerify.Load.Native;

namespace RcptVerify.Load;

/// <summary>
/// Closed-loop load on a milter, as Postfix's smtpd makes it: each connection is one SMTP session of many messages, each message
/// MAIL, some RCPT and RSET, and the next command follows the answer. What the milter masks is not sent, what it does not answer is
/// not waited for. Answers to RCPT are counted and timed; the sessions are opened before the time begins.
/// </summary>
internal sealed class MilterLoad
{
    private readonly Session[] _sessions;
    private readonly int _rcpts;
    private readonly int _perMessage;
    private readonly MilterCommandWriter _writer;
    private readonly RecipientSequence _recipients;
    private readonly byte[] _output;
    private readonly RequestReport _report;
    private readonly Epoll _epoll = new();
    private int _messages;
    private int _sent;

    private MilterLoad(Options options)
    {
        EndPoint address = Endpoint.Parse(options.Text("address"));
        _sessions = new Session[options.Number("c", 64, 1, 15_000)];
        _rcpts = options.Number("n", 200_000, 1, 100_000_000);
        _perMessage = options.Number("r", 10, 1, 1_000_000);
        _recipients = RecipientSequence.Of(options);
        _writer = new MilterCommandWriter(options.Text("prefix", "user"), "nobody", options.Text("domain", "example.com"));
        _report = new RequestReport(options, _rcpts);
        options.NothingElse();
        _output = new byte[_writer.MaximumLength];
        for (int i = 0; i < _sessions.Length; i++)
        {
            _sessions[i] = Open(address);
            _epoll.Add(_sessions[i].Channel.Descriptor, i);
        }
    }

    public static int Run(Options options) => new MilterLoad(options).Run();

    private int Run()
    {
        _report.Begin();
        foreach (Session session in _sessions)
        {
            Ask(session);
        }

        while (!_report.IsComplete)
        {
            int ready = _epoll.Wait(Epoll.AnswerWithin);
            if (ready == 0)
            {
                throw _report.NoAnswer();
            }

            for (int i = 0; i < ready; i++)
            {
                Session session = _sessions[_epoll.Token(i)];
                if (Receive(session))
                {
                    Ask(session);
                }
            }
        }

        string line = _report.Summarize();
        Array.ForEach(_sessions, session => Send(session, _writer.WriteQuit(_output)));
        Console.WriteLine(line);
        return _report.Exit;
    }

    /// <summary>Connects, settles the options and introduces the SMTP client.</summary>
    private Session Open(EndPoint address)
    {
        var socket = Endpoint.Connect(address);
        socket.ReceiveTimeout = Epoll.AnswerWithin;
        var session = new Session(new Channel(socket));
        if (!session.Channel.Send(_writer.Offer))
        {
            throw Closed();
        }

        ReadOnlySpan<byte> options = Await(session, 'O');
        session.Protocol = BinaryPrimitives.ReadUInt32BigEndian(options[8..]);
        Send(session, _writer.WriteConnect(_output, session.Protocol));
        if ((session.Protocol & (MilterFrames.NoConnect | MilterFrames.NoReplyConnect)) == 0)
        {
            Await(session, 'c');
        }

        Send(session, _writer.WriteHelo(_output, session.Protocol));
        if ((session.Protocol & (MilterFrames.NoHelo | MilterFrames.NoReplyHelo)) == 0)
        {
            Await(session, 'c');
        }

        return session;
    }

    private static ReadOnlySpan<byte> Await(Session session, char command)
    {
        ReadOnlySpan<byte> frame;
        while (!TryTake(session, out frame))
        {
            if (!session.Channel.Fill())
            {
                throw Closed();
            }
        }

        return frame[0] == command && frame.Length > (command == 'O' ? 12 : 0)
            ? frame[1..]
            : throw new LoadException(ExitCode.WrongAnswer, $"expected {command}, got {(char)frame[0]} of {frame.Length} bytes");
    }

    /// <summary>Sends what comes before the next answer: the next RCPT, or MAIL where that is answered, too.</summary>
    private void Ask(Session session)
    {
        if (_sent == _rcpts)
        {
            return;
        }

        int length = 0;
        if (session.Left == 0)
        {
            if (session.Message > 0)
            {
                length = _writer.WriteAbort(_output);
            }

            session.Message = ++_messages;
            session.Left = _perMessage;
            session.HasQueueId = false;
            length += _writer.WriteMail(_output.AsSpan(length), session.Message, session.Protocol);
            if ((session.Protocol & (MilterFrames.NoMail | MilterFrames.NoReplyMail)) == 0)
            {
                session.AwaitsMail = true;
                Send(session, length);
                return;
            }
        }

        int recipient = _recipients.Next();
        session.Known = _recipients.IsKnown(recipient);
        length += _writer.WriteRcpt(_output.AsSpan(length), session.Message, session.HasQueueId, recipient, session.Known);
        _report.Ask(session.Known);
        _sent++;
        session.Left--;
        session.Asked = Stopwatch.GetTimestamp();
        Send(session, length);
    }

    /// <summary>Reads once; true where what was waited for has come.</summary>
    private bool Receive(Session session)
    {
        if (!session.Channel.Fill())
        {
            throw Closed();
        }

        bool answered = false;
        while (TryTake(session, out ReadOnlySpan<byte> frame))
        {
            if (frame[0] == 'p')
            {
                continue;
            }

            if (answered)
            {
                throw new LoadException(ExitCode.WrongAnswer, "an answer nobody asked for");
            }

            answered = true;
            if (session.AwaitsMail)
            {
                session.AwaitsMail = frame[0] == 'c' ? false : throw new LoadException(ExitCode.WrongAnswer, "MAIL was refused");
                continue;
            }

            ReadOnlySpan<byte> kind = frame[0] == 'y' && frame.Length > 4 ? frame[1..4] : frame[..1];
            _report.Add(kind, Stopwatch.GetTimestamp() - session.Asked, session.Known);
            session.HasQueueId |= frame[0] == 'c';
        }

        return answered;
    }

    private void Send(Session session, int length)
    {
        if (!session.Channel.Send(_output.AsSpan(0, length)))
        {
            throw Closed();
        }
    }

    /// <summary>The next whole frame, without its length; it is valid until the channel is filled again.</summary>
    private static bool TryTake(Session session, out ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> input = session.Channel.Input;
        frame = default;
        if (input.Length < MilterFrames.HeadBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(input);
        if (length is < 1 or > Channel.Capacity - MilterFrames.LengthBytes)
        {
            throw new LoadException(ExitCode.WrongAnswer, $"a frame of {length} bytes");
        }

        if (input.Length < MilterFrames.LengthBytes + length)
        {
            return false;
        }

        frame = input.Slice(MilterFrames.LengthBytes, length);
        session.Channel.Consume(MilterFrames.LengthBytes + length);
        return true;
    }

    private static LoadException Closed() => new(ExitCode.Closed, "the server closed the connection, or was silent while the session was opened");

    /// <summary>One connection: an SMTP session.</summary>
    private sealed class Session(Channel channel)
    {
        public Channel Channel => channel;

        /// <summary>What was settled.</summary>
        public uint Protocol { get; set; }

        /// <summary>The message's number; 0 before the first.</summary>
        public int Message { get; set; }

        /// <summary>How many of its recipients are still to come.</summary>
        public int Left { get; set; }

        public bool HasQueueId { get; set; }

        /// <summary>MAIL was sent and is answered, the first RCPT is still to come.</summary>
        public bool AwaitsMail { get; set; }

        /// <summary>When the last recipient was asked about.</summary>
        public long Asked { get; set; }

        /// <summary>Whether that one exists.</summary>
        public bool Known { get; set; }
    }
}

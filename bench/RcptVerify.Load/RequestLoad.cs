using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using RcptVerify.Load.Native;

namespace RcptVerify.Load;

/// <summary>
/// Closed-loop load on a server that answers requests in their order: each connection keeps <c>depth</c> requests in flight (1: what Postfix does)
/// and sends the next when an answer comes. One thread, so that the other core is left to the server.
/// </summary>
internal sealed class RequestLoad
{
    private readonly Lane[] _lanes;
    private readonly int _requests;
    private readonly int _depth;
    private readonly RequestProtocol _protocol;
    private readonly RecipientSequence _recipients;
    private readonly byte[] _output;
    private readonly byte[]? _knownAnswer;
    private readonly byte[]? _unknownAnswer;
    private readonly Epoll _epoll = new();
    private int _sent;
    private int _unknown;
    private int _wrong;

    private RequestLoad(Options options, Func<string, string, string, RequestProtocol> protocol)
    {
        EndPoint address = Endpoint.Parse(options.Text("address"));
        int connections = options.Number("c", 64, 1, 15_000);
        _requests = options.Number("n", 200_000, 1, 100_000_000);
        _depth = options.Number("d", 1, 1, 1024);
        _recipients = new RecipientSequence(
            options.Number("k", 10_000, 1, int.MaxValue), options.Number("b", 0, 0, int.MaxValue), options.Number("each", 0, 0, 1) == 1);
        _protocol = protocol(options.Text("prefix", "user"), "nobody", options.Text("domain", "example.com"));
        string[] expected = options.Text("expect", "").Split(',');
        if (expected.Length == 2)
        {
            _knownAnswer = Encoding.ASCII.GetBytes(expected[0]);
            _unknownAnswer = Encoding.ASCII.GetBytes(expected[1]);
        }

        options.NothingElse();
        _output = new byte[_depth * _protocol.MaximumLength];
        _lanes = new Lane[connections];
        for (int i = 0; i < connections; i++)
        {
            _lanes[i] = new Lane(new Channel(Endpoint.Connect(address)), _depth);
            _epoll.Add(_lanes[i].Channel.Descriptor, i);
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="protocol">The protocol, for a prefix of recipients who exist, one of those who don't, and their domain.</param>
    public static int Run(Options options, Func<string, string, string, RequestProtocol> protocol) => new RequestLoad(options, protocol).Run();

    private int Run()
    {
        var report = new Report(_requests);
        foreach (Lane lane in _lanes)
        {
            Send(lane, _depth);
        }

        while (report.Count < _requests)
        {
            int ready = _epoll.Wait(Epoll.AnswerWithin);
            if (ready == 0)
            {
                throw new LoadException(ExitCode.NoAnswer, $"no answer in 10 s, {report.Count} of {_requests} done");
            }

            for (int i = 0; i < ready; i++)
            {
                Lane lane = _lanes[_epoll.Token(i)];
                Send(lane, Receive(lane, report));
            }
        }

        string line = report.Summarize("requests", "rps")
            .Append(CultureInfo.InvariantCulture, $" known={_requests - _unknown} unknown={_unknown}")
            .Append(_knownAnswer is null ? "" : $" wrong={_wrong}").Append(report.Kinds()).ToString();
        Console.WriteLine(line);
        return _wrong == 0 ? 0 : ExitCode.WrongAnswer;
    }

    private void Send(Lane lane, int count)
    {
        int length = 0;
        long now = Stopwatch.GetTimestamp();
        for (; count > 0 && _sent < _requests; count--)
        {
            int recipient = _recipients.Next();
            bool known = _recipients.IsKnown(recipient);
            length += _protocol.Write(_output.AsSpan(length), _sent++, recipient, known);
            _unknown += known ? 0 : 1;
            lane.Asked(now, known);
        }

        if (!lane.Channel.Send(_output.AsSpan(0, length)))
        {
            throw new LoadException(ExitCode.Closed, "the server closed the connection");
        }
    }

    private int Receive(Lane lane, Report report)
    {
        if (!lane.Channel.Fill())
        {
            throw new LoadException(ExitCode.Closed, $"the server closed the connection after {report.Count} answers");
        }

        long now = Stopwatch.GetTimestamp();
        ReadOnlySpan<byte> input = lane.Channel.Input;
        int consumed = 0;
        int answers = 0;
        for (; _protocol.TryRead(input[consumed..], out int length, out ReadOnlySpan<byte> kind); consumed += length)
        {
            if (!lane.TryAnswered(out long asked, out bool known))
            {
                throw new LoadException(ExitCode.WrongAnswer, "an answer nobody asked for");
            }

            report.Add(kind, now - asked);
            answers++;
            if (_knownAnswer is not null && !kind.SequenceEqual(known ? _knownAnswer : _unknownAnswer))
            {
                _wrong++;
            }
        }

        lane.Channel.Consume(consumed);
        return answers;
    }

    /// <summary>One connection and the requests in flight on it, oldest first: answers come in the order asked.</summary>
    private sealed class Lane(Channel channel, int depth)
    {
        private readonly (long Asked, bool Known)[] _inFlight = new (long, bool)[depth];
        private int _oldest;
        private int _count;

        public Channel Channel => channel;

        public void Asked(long now, bool known) => _inFlight[(_oldest + _count++) % _inFlight.Length] = (now, known);

        public bool TryAnswered(out long asked, out bool known)
        {
            (asked, known) = _inFlight[_oldest];
            if (_count == 0)
            {
                return false;
            }

            _oldest = (_oldest + 1) % _inFlight.Length;
            _count--;
            return true;
        }
    }
}

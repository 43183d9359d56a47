using System.Diagnostics;
using System.Net;
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
    private readonly RequestReport _report;
    private readonly Epoll _epoll = new();
    private int _sent;

    private RequestLoad(Options options, Func<string, string, string, RequestProtocol> protocol)
    {
        EndPoint address = Endpoint.Parse(options.Text("address"));
        int connections = options.Number("c", 64, 1, 15_000);
        _requests = options.Number("n", 200_000, 1, 100_000_000);
        _depth = options.Number("d", 1, 1, 1024);
        _recipients = RecipientSequence.Of(options);
        _protocol = protocol(options.Text("prefix", "user"), "nobody", options.Text("domain", "example.com"));
        _report = new RequestReport(options, _requests);
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
        _report.Begin();
        foreach (Lane lane in _lanes)
        {
            Send(lane, _depth);
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
                Lane lane = _lanes[_epoll.Token(i)];
                Send(lane, Receive(lane));
            }
        }

        Console.WriteLine(_report.Summarize());
        return _report.Exit;
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
            _report.Ask(known);
            lane.Asked(now, known);
        }

        if (!lane.Channel.Send(_output.AsSpan(0, length)))
        {
            throw new LoadException(ExitCode.Closed, "the server closed the connection");
        }
    }

    private int Receive(Lane lane)
    {
        if (!lane.Channel.Fill())
        {
            throw new LoadException(ExitCode.Closed, $"the server closed the connection after {_report.Count} answers");
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

            _report.Add(kind, now - asked, known);
            answers++;
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

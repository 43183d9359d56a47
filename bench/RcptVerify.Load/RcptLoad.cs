using System.Diagnostics;
using System.Net;
using System.Text;
using RcptVerify.Load.Native;

namespace RcptVerify.Load;

/// <summary>
/// RCPT load on a real MTA. Each connection says EHLO, then goes from transaction to transaction:
/// MAIL, the given number of RCPTs and RSET, pipelined in one write (RFC 2920), then the next when all is answered.
/// Latency runs from that write to the reply of each RCPT.
/// </summary>
internal sealed class RcptLoad
{
    private readonly Epoll _epoll = new();
    private readonly RecipientSequence _recipients;
    private readonly Dictionary<int, string> _samples = [];
    private readonly string _prefix;
    private readonly string _domain;
    private readonly int _recipientsPerTransaction;
    private readonly SmtpSession[] _sessions;
    private readonly Report _report;
    private int _busy;

    private RcptLoad(Options options)
    {
        EndPoint address = Endpoint.Parse(options.Text("address"));
        int recipients = options.Number("n", 10_000, 1, 100_000_000);
        _sessions = new SmtpSession[options.Number("c", 8, 1, 1000)];
        _recipientsPerTransaction = options.Number("r", 1, 1, 1000);
        _recipients = new RecipientSequence(options.Number("k", 1000, 1, int.MaxValue), options.Number("b", 0, 0, int.MaxValue), inTurn: false);
        _prefix = options.Text("prefix", "user");
        _domain = options.Text("domain", "example.com");
        options.NothingElse();
        for (int i = 0; i < _sessions.Length; i++)
        {
            int share = (recipients / _sessions.Length) + (i < recipients % _sessions.Length ? 1 : 0);
            _sessions[i] = new SmtpSession(new Channel(Endpoint.Connect(address)), share);
            _epoll.Add(_sessions[i].Channel.Descriptor, i);
        }

        _busy = _sessions.Length;
        _report = new Report(recipients);
    }

    public static int Run(Options options) => new RcptLoad(options).Run();

    private int Run()
    {
        while (_busy > 0)
        {
            int ready = _epoll.Wait(Epoll.AnswerWithin);
            if (ready == 0)
            {
                throw new LoadException(ExitCode.NoAnswer, $"no answer in 10 s, {_report.Count} recipients done");
            }

            for (int i = 0; i < ready; i++)
            {
                Receive(_sessions[_epoll.Token(i)]);
            }
        }

        Console.WriteLine(_report.Summarize("rcpts", "rcptps").Append(_report.Kinds()).ToString());
        foreach (string sample in _samples.Values)
        {
            Console.WriteLine($"  {sample}");
        }

        return 0;
    }

    private void Receive(SmtpSession session)
    {
        if (!session.Channel.Fill())
        {
            throw new LoadException(ExitCode.Closed, $"the server closed the connection after {_report.Count} recipients");
        }

        long now = Stopwatch.GetTimestamp();
        for (int end; (end = session.Channel.Input.IndexOf((byte)'\n')) >= 0; session.Channel.Consume(end + 1))
        {
            ReadOnlySpan<byte> line = session.Channel.Input[..end].TrimEnd((byte)'\r');
            if (line.Length < 4 || line[3] != '-') // the last line of a reply
            {
                Reply(session, line, now);
            }
        }
    }

    private void Reply(SmtpSession session, ReadOnlySpan<byte> line, long now)
    {
        switch (session.Expected(out bool last))
        {
            case SmtpStep.Recipient:
                ReadOnlySpan<byte> code = line[..Math.Min(3, line.Length)];
                _report.Add(code, now - session.Written);
                Sample(code, line);
                break;
            case SmtpStep.Greeting:
                Demand(line, (byte)'2');
                Send(session, "EHLO load.test\r\n");
                break;
            case SmtpStep.Hello:
            case SmtpStep.Other:
                Demand(line, (byte)'2');
                break;
        }

        if (last)
        {
            NextTransaction(session);
        }
    }

    private void NextTransaction(SmtpSession session)
    {
        int count = Math.Min(_recipientsPerTransaction, session.Left);
        if (count == 0)
        {
            _epoll.Remove(session.Channel.Descriptor);
            Send(session, "QUIT\r\n");
            session.Channel.Close();
            _busy--;
            return;
        }

        var commands = new StringBuilder().Append("MAIL FROM:<sender@client.test>\r\n");
        for (int i = 0; i < count; i++)
        {
            int number = _recipients.Next();
            commands.Append("RCPT TO:<").Append(_recipients.IsKnown(number) ? _prefix : "nobody").Append(number)
                .Append('@').Append(_domain).Append(">\r\n");
        }

        session.Begin(count, Stopwatch.GetTimestamp());
        Send(session, commands.Append("RSET\r\n").ToString());
    }

    private static void Send(SmtpSession session, string commands)
    {
        if (!session.Channel.Send(Encoding.ASCII.GetBytes(commands)))
        {
            throw new LoadException(ExitCode.Closed, "the server closed the connection");
        }
    }

    private static void Demand(ReadOnlySpan<byte> line, byte firstDigit)
    {
        if (line.IsEmpty || line[0] != firstDigit)
        {
            throw new LoadException(ExitCode.WrongAnswer, $"the server said {Encoding.ASCII.GetString(line)}");
        }
    }

    private void Sample(ReadOnlySpan<byte> code, ReadOnlySpan<byte> line)
    {
        int key = (code[0] << 16) | (code.Length > 2 ? (code[1] << 8) | code[2] : 0);
        if (!_samples.ContainsKey(key))
        {
            _samples.Add(key, Encoding.ASCII.GetString(line));
        }
    }
}

using System.Net;
using RcptVerify.Load.Native;

namespace RcptVerify.Load;

/// <summary>
/// What a busy Postfix leaves behind: connections that have asked once and are now silent. Says <c>open=N</c> when
/// all stand, holds them, and at the end counts those the server closed: a policy server must not close first.
/// </summary>
internal static class IdleConnections
{
    private const int StandardInput = 0;
    private const int StandardInputToken = -1;

    public static int Run(Options options)
    {
        EndPoint address = Endpoint.Parse(options.Text("address"));
        var channels = new Channel[options.Number("n", 5000, 1, 19_000)];
        int seconds = options.Number("seconds", 0, 0, 86_400);
        options.NothingElse();

        var epoll = new Epoll();
        var writer = new PolicyRequestWriter("user", "nobody", "example.com");
        byte[] request = new byte[writer.MaximumLength];
        for (int i = 0; i < channels.Length; i++)
        {
            channels[i] = new Channel(Endpoint.Connect(address));
            epoll.Add(channels[i].Descriptor, i);
            AskOnce(channels[i], request.AsSpan(0, writer.Write(request, i, recipient: 1, known: true)), epoll);
        }

        Console.WriteLine($"open={channels.Length}");
        int closed = Hold(channels, epoll, seconds);
        Console.WriteLine($"closed={closed}");
        return closed == 0 ? 0 : ExitCode.Closed;
    }

    private static void AskOnce(Channel channel, ReadOnlySpan<byte> request, Epoll epoll)
    {
        bool alive = channel.Send(request);
        while (alive && !channel.Input.EndsWith("\n\n"u8))
        {
            if (epoll.Wait(Epoll.AnswerWithin) == 0)
            {
                throw new LoadException(ExitCode.NoAnswer, "no answer in 10 s");
            }

            alive = channel.Fill();
        }

        channel.Consume(channel.Input.Length);
        if (!alive)
        {
            throw new LoadException(ExitCode.Closed, "the server closed the connection");
        }
    }

    /// <summary>Waits for the end of standard input, or the given seconds; returns how many connections became readable meanwhile.</summary>
    private static int Hold(Channel[] channels, Epoll epoll, int seconds)
    {
        if (seconds == 0)
        {
            epoll.Add(StandardInput, StandardInputToken);
        }

        long end = Environment.TickCount64 + (seconds * 1000L);
        int closed = 0;
        while (true)
        {
            int timeout = seconds == 0 ? -1 : (int)Math.Max(0, end - Environment.TickCount64);
            int ready = epoll.Wait(timeout);
            bool over = ready == 0;
            for (int i = 0; i < ready; i++)
            {
                int token = epoll.Token(i);
                if (token == StandardInputToken)
                {
                    over = true;
                    continue;
                }

                closed++; // closed, or unsolicited bytes: either is a fault
                epoll.Remove(channels[token].Descriptor);
            }

            if (over)
            {
                return closed;
            }
        }
    }
}

using System.Net.Sockets;
using RcptVerify.Load.Native;

namespace RcptVerify.Load;

/// <summary>
/// The floor: a server that answers every request with a constant and looks at nothing but its end (of a milter's also at its command).
/// One thread, epoll, one read and one write a burst: what is left is the price of the sockets,
/// and no server of that protocol on this machine can be faster than that by much.
/// </summary>
internal static class Floor
{
    public static int Run(Options options)
    {
        Socket[] listeners = [.. options.Text("listen").Split(',').Select(text => Endpoint.Listen(Endpoint.Parse(text)))];
        FloorProtocol protocol = FloorProtocol.Parse(options.Text("protocol", "policy"), options.Text("answer", "DUNNO"));
        options.NothingElse();

        var epoll = new Epoll();
        var channels = new List<Channel?>(); // token: listeners first (negative), then an index into this list
        var free = new Stack<int>();
        for (int i = 0; i < listeners.Length; i++)
        {
            epoll.Add((int)listeners[i].Handle, -1 - i);
        }

        byte[] output = new byte[protocol.MaximumAnswers];
        Console.WriteLine("floor: listening");
        while (true)
        {
            int ready = epoll.Wait(-1);
            for (int i = 0; i < ready; i++)
            {
                int token = epoll.Token(i);
                if (token < 0)
                {
                    Accept(listeners[-1 - token]);
                }
                else if (!Answer(channels[token]!, protocol, output))
                {
                    epoll.Remove(channels[token]!.Descriptor);
                    channels[token]!.Close();
                    channels[token] = null;
                    free.Push(token);
                }
            }
        }

        void Accept(Socket listener)
        {
            Socket socket = listener.Accept();
            if (socket.AddressFamily != AddressFamily.Unix)
            {
                socket.NoDelay = true;
            }

            var channel = new Channel(socket);
            if (!free.TryPop(out int token))
            {
                token = channels.Count;
                channels.Add(null);
            }

            channels[token] = channel;
            epoll.Add(channel.Descriptor, token);
        }
    }

    private static bool Answer(Channel channel, FloorProtocol protocol, byte[] output)
    {
        if (!channel.Fill())
        {
            return false;
        }

        ReadOnlySpan<byte> input = channel.Input;
        int consumed = 0;
        int length = 0;
        for (int taken; (taken = protocol.Take(input[consumed..], out ReadOnlySpan<byte> answer)) > 0; consumed += taken)
        {
            answer.CopyTo(output.AsSpan(length));
            length += answer.Length;
        }

        channel.Consume(consumed);
        return channel.Send(output.AsSpan(0, length));
    }
}

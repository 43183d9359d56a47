using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Load;

/// <summary>
/// Stands between the daemon and the backend and counts: connections, and RCPT commands on them. This is how a run
/// shows that every answer came from the cache, whichever backend is used and whether or not it pools connections.
/// Plain SMTP only: inside TLS the commands cannot be seen.
/// </summary>
internal sealed class ConnectionTap(EndPoint backend)
{
    private int _connections;
    private int _recipients;

    public static async Task<int> RunAsync(Options options)
    {
        using Socket listener = Endpoint.Listen(Endpoint.Parse(options.Text("listen")));
        var tap = new ConnectionTap(Endpoint.Parse(options.Text("to")));
        options.NothingElse();
        Task accepting = tap.AcceptAsync(listener);
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine($"connections={Volatile.Read(ref tap._connections)} recipients={Volatile.Read(ref tap._recipients)}");
        }

        return accepting.IsFaulted ? ExitCode.SystemError : 0;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client = await listener.AcceptAsync();
            Interlocked.Increment(ref _connections);
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using Socket ours = client;
        using var server = new Socket(backend.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await server.ConnectAsync(backend);
            (client.NoDelay, server.NoDelay) = (true, true);
            await Task.WhenAll(PumpAsync(client, server, new CommandCounter(this)), PumpAsync(server, client, null));
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"tap: {e.SocketErrorCode}");
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, CommandCounter? counter)
    {
        byte[] buffer = new byte[16384];
        for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
        {
            counter?.Look(buffer.AsSpan(0, count));
            await to.SendAsync(buffer.AsMemory(0, count));
        }

        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Counts the lines that begin with RCPT, wherever the stream is cut.</summary>
    private sealed class CommandCounter(ConnectionTap tap)
    {
        private int _matched; // bytes of RCPT seen at the start of this line; -1: this line is another

        public void Look(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                if (b == '\n')
                {
                    _matched = 0;
                }
                else if (_matched is >= 0 and < 4)
                {
                    _matched = (b & ~0x20) == "RCPT"u8[_matched] ? _matched + 1 : -1;
                    if (_matched == 4)
                    {
                        Interlocked.Increment(ref tap._recipients);
                    }
                }
            }
        }
    }
}

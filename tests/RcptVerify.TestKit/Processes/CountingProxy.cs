using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RcptVerify.TestKit.Processes;

/// <summary>Stands before an SMTP server and counts: the connections made to it and the command lines sent to it.</summary>
/// <remarks>It does not understand SMTP: every line a client sends is kept, those of a message's body as well.</remarks>
public sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _lines = [];
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private int _connections;

    /// <summary>Listens on a port of its own and passes everything to the server's port on 127.0.0.1.</summary>
    public CountingProxy(int serverPort)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _listener.Start(512);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>RCPT commands seen so far.</summary>
    public int Recipients => CountOf("RCPT TO:");

    /// <summary>All lines sent to the server so far, without line ends, in the order they came over all connections.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>How many lines so far begin like this, whatever the case.</summary>
    public int CountOf(string start)
    {
        lock (_lines)
        {
            return _lines.Count(line => line.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> relays = [];
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                relays.RemoveAll(relay => relay.IsCompleted);
                relays.Add(RelayAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(_server, _stopping.Token);
                await Task.WhenAll(PumpAsync(client, server, new LineCollector(_lines)), PumpAsync(server, client, null));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One side is gone, or the test is over: closing both tells the other.
                client.Close();
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, LineCollector? collector)
    {
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            int read = await from.ReceiveAsync(buffer, _stopping.Token);
            if (read == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            // Counted before it is passed on: a client that has its reply finds its command counted.
            collector?.Add(buffer.AsSpan(0, read));
            for (int sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stopping.Token);
            }
        }
    }

    /// <summary>Puts one connection's bytes together to lines.</summary>
    private sealed class LineCollector(List<string> lines)
    {
        private readonly StringBuilder _partial = new();

        public void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                if (b != '\n')
                {
                    _partial.Append((char)b);
                    continue;
                }

                lock (lines)
                {
                    lines.Add(_partial.ToString().TrimEnd('\r'));
                }

                _partial.Clear();
            }
        }
    }
}

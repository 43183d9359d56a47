using System.Net;
using System.Net.Sockets;

namespace RcptVerify.TestKit.Processes;

/// <summary>
/// A way to a server on 127.0.0.1 that can be watched and cut: bytes and ends of streams pass as they come; cut, its connections break,
/// and new ones end at once until it is mended.
/// </summary>
public sealed class TcpLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly IPEndPoint _server;
    private readonly Func<Action<ReadOnlySpan<byte>>>? _watch;
    private readonly Task _accepting;
    private int _connections;
    private bool _isCut;

    /// <summary>Listens on a port of its own and passes everything to the server's port.</summary>
    /// <param name="serverPort">Of a server on 127.0.0.1.</param>
    /// <param name="isCut">Whether it begins cut.</param>
    /// <param name="watch">Called for each connection: makes what is shown all that its client sends, before it is passed on.</param>
    public TcpLink(int serverPort, bool isCut = false, Func<Action<ReadOnlySpan<byte>>>? watch = null)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _isCut = isCut;
        _watch = watch;
        _listener.Start(512);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Breaks all connections, and refuses new ones.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            _isCut = true;
            foreach (Socket socket in _sockets)
                socket.Dispose();
            _sockets.Clear();
        }
    }

    /// <summary>Lets new connections through.</summary>
    public void Mend()
    {
        lock (_sockets)
            _isCut = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Cut();
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
        Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        using (server)
        {
            if (!Enter(client, server))
                return;
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(_server, _stopping.Token);
                await Task.WhenAll(PumpAsync(client, server, _watch?.Invoke()), PumpAsync(server, client, null));
            }
            catch (Exception e) when (IsEnd(e))
            {
                // Cut, or the server is gone: disposing of both tells the client.
            }
            finally
            {
                Leave(client, server);
            }
        }
    }

    private bool Enter(params Socket[] sockets)
    {
        lock (_sockets)
        {
            if (!_isCut)
                _sockets.UnionWith(sockets);
            return !_isCut;
        }
    }

    private void Leave(params Socket[] sockets)
    {
        lock (_sockets)
            _sockets.ExceptWith(sockets);
    }

    private async Task PumpAsync(Socket from, Socket to, Action<ReadOnlySpan<byte>>? watcher)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stopping.Token) is > 0 and int read)
            {
                watcher?.Invoke(buffer.AsSpan(0, read));
                for (int sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stopping.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Cut, or one side is broken: the other one hears of it, and so does the pump the other way.
            from.Dispose();
            to.Dispose();
        }
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;
}

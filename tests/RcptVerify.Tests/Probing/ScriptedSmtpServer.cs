using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using RcptVerify.Verification;

namespace RcptVerify.Tests.Probing;

/// <summary>
/// A mail server that follows a script: one for each connection, in their order, or one for all of them. It speaks raw
/// bytes and knows nothing of our codec, so that a fault in that cannot hide itself. What a script did not expect ends
/// the test when the server is disposed of.
/// </summary>
internal sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<int, Func<SmtpConversation, Task>?> _scriptOf;
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private int _accepted;
    private int _open;
    private int _mostOpen;
    private volatile bool _clientsLeave;

    /// <summary>One script a connection; a connection more than there are scripts is a failure.</summary>
    public ScriptedSmtpServer(params Func<SmtpConversation, Task>[] scripts)
        : this(n => n < scripts.Length ? scripts[n] : null)
    {
    }

    private ScriptedSmtpServer(Func<int, Func<SmtpConversation, Task>?> scriptOf, IPEndPoint? endpoint = null)
    {
        _listener = new TcpListener(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0));
        _scriptOf = scriptOf;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public ServerEndpoint Endpoint => new(((IPEndPoint)_listener.LocalEndpoint).Address.ToString(), ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Most connections that were open at one time.</summary>
    public int MostOpen => Volatile.Read(ref _mostOpen);

    /// <summary>Every command line received, as "connection number: line", counted from 1.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Follows one script on every connection.</summary>
    public static ScriptedSmtpServer ForEach(Func<SmtpConversation, Task> script, IPEndPoint? endpoint = null) => new(_ => script, endpoint);

    /// <summary>From now on a client may take its leave where the script still expects its RSET: the test has what it wanted.</summary>
    public void ClientsLeave() => _clientsLeave = true;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        // The clients are gone: scripts see their connections end, and complain where they had expected more.
        await _accepting.WaitAsync(Patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        await _accepting;
        _stopping.Dispose();
        if (_failures.TryDequeue(out Exception? first))
            throw new InvalidOperationException($"the server's script failed: {first.Message}\ncommands:\n{string.Join('\n', _commands)}", first);
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                break;
            }

            conversations.Add(TalkAsync(socket, ++_accepted));
        }

        await Task.WhenAll(conversations);
    }

    private async Task TalkAsync(Socket socket, int number)
    {
        Count(1);
        socket.NoDelay = true; // Nagle's algorithm would hold back a second reply until the first is acknowledged
        using SmtpConversation conversation = new(socket, line => _commands.Enqueue($"{number}: {line}"), () => Count(-1), () => _clientsLeave, _stopping.Token);
        try
        {
            Func<SmtpConversation, Task> script = _scriptOf(number - 1)
                ?? throw new InvalidOperationException($"connection {number} was not expected");
            await script(conversation);
            await conversation.ExpectQuitOrEndAsync();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        catch (Exception e)
        {
            _failures.Enqueue(e);
        }
    }

    private void Count(int change)
    {
        lock (_lock)
        {
            _open += change;
            _mostOpen = Math.Max(_mostOpen, _open);
        }
    }
}

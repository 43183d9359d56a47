using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RcptVerify.TestKit.Postfix;

/// <summary>A policy server in a few lines of raw text: it shows what Postfix makes of an action, with nothing of ours between.</summary>
/// <remarks>No caps, no timeouts: it is for Postfix and the tests alone.</remarks>
public sealed class ScriptedPolicyServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, string> _actionFor;
    private readonly Task _accepting;
    private int _requests;

    /// <summary>Listens on a port of 127.0.0.1.</summary>
    /// <param name="port">The port.</param>
    /// <param name="actionFor">Gives the action for a recipient, "DUNNO" or "550 5.1.1 User unknown".</param>
    public ScriptedPolicyServer(int port, Func<string, string> actionFor)
    {
        _actionFor = actionFor;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start(128);
        _accepting = AcceptAsync();
    }

    /// <summary>Requests answered so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (StreamReader reader = new(client.GetStream(), Encoding.UTF8))
        {
            string recipient = "";
            try
            {
                while (await reader.ReadLineAsync(_stopping.Token) is string line)
                {
                    if (line.StartsWith("recipient=", StringComparison.Ordinal))
                    {
                        recipient = line["recipient=".Length..];
                    }
                    else if (line.Length == 0)
                    {
                        Interlocked.Increment(ref _requests);
                        byte[] answer = Encoding.UTF8.GetBytes($"action={_actionFor(recipient)}\n\n");
                        await client.GetStream().WriteAsync(answer, _stopping.Token);
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The test is over, or Postfix has gone away; either way this connection is done.
                client.Close();
            }
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RcptVerify.TestKit.Postfix;

/// <summary>
/// An authentication server as Dovecot has one, for <c>smtpd_sasl_type = dovecot</c>: one user, mechanism PLAIN, on a free port of
/// 127.0.0.1. Everybody else is refused.
/// </summary>
/// <remarks>
/// Protocol: Dovecot's "Authentication Protocol v1.1", as Postfix speaks it (xsasl_dovecot_server.c). Lines of fields between tabs; the
/// server opens with VERSION, MECH and DONE, then answers each <c>AUTH id mechanism … resp=base64</c> with OK or FAIL.
/// </remarks>
public sealed class FakeDovecotAuth : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _serving = [];
    private readonly string _accepted;
    private readonly string _user;
    private readonly Task _accepting;

    /// <summary>Starts one.</summary>
    /// <param name="user">The user's name.</param>
    /// <param name="password">His password.</param>
    public FakeDovecotAuth(string user, string password)
    {
        _user = user;
        _accepted = InitialResponse(user, password);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What <c>smtpd_sasl_path</c> has to be.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"inet:{_listener.LocalEndpoint}");

    /// <summary>What a client sends behind <c>AUTH PLAIN</c> (RFC 4616).</summary>
    public static string InitialResponse(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                using StreamReader reader = new(client.GetStream(), Encoding.UTF8);
                await SayAsync(client, "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n");
                while (await reader.ReadLineAsync(_stopping.Token) is { } line)
                {
                    string[] fields = line.Split('\t');
                    if (fields is ["AUTH", var id, ..])
                        await SayAsync(client, fields.Contains($"resp={_accepted}") ? $"OK\t{id}\tuser={_user}\n" : $"FAIL\t{id}\n");
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // smtpd went away, or the test has ended.
        }
    }

    private async Task SayAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), _stopping.Token);
}

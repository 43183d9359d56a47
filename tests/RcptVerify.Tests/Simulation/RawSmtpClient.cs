using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace RcptVerify.Tests.Simulation;

/// <summary>
/// A client that knows no SMTP but "a reply ends with the line that has no hyphen after its code": octets go out as the test writes them.
/// Every read ends after 20 s at the latest.
/// </summary>
internal sealed class RawSmtpClient : IAsyncDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(20), TimeProvider.System);
    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream = Stream.Null;
    private int _start;
    private int _end;

    /// <summary>Connects; the greeting is left to be read.</summary>
    public static async Task<RawSmtpClient> ConnectAsync(IPEndPoint server)
    {
        RawSmtpClient client = new();
        await client._tcp.ConnectAsync(server, client._deadline.Token);
        client._stream = client._tcp.GetStream();
        return client;
    }

    /// <summary>Connects and gets past greeting and EHLO.</summary>
    public static async Task<RawSmtpClient> ConnectAndGreetAsync(IPEndPoint server)
    {
        RawSmtpClient client = await ConnectAsync(server);
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250-", await client.AskAsync("EHLO mx.example.net"), StringComparison.Ordinal);
        return client;
    }

    public async Task SendAsync(string octets) => await SendAsync(Encoding.Latin1.GetBytes(octets));

    public async Task SendAsync(byte[] octets) => await _stream.WriteAsync(octets, _deadline.Token);

    /// <summary>Sends a command line and reads its reply.</summary>
    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>A whole reply, its lines separated by LF; Latin-1, so every octet can be seen.</summary>
    public async Task<string> ReplyAsync()
    {
        StringBuilder reply = new();
        while (true)
        {
            string line = await LineAsync();
            reply.Append(line);
            if (line.Length < 4 || line[3] != '-')
                return reply.ToString();
            reply.Append('\n');
        }
    }

    /// <summary>A line without its CRLF, which must be there.</summary>
    public async Task<string> LineAsync()
    {
        StringBuilder line = new();
        while (!(line.Length >= 2 && line[^2] == '\r' && line[^1] == '\n'))
        {
            int octet = await OctetAsync();
            Assert.True(octet >= 0, $"The server closed after '{line}'.");
            line.Append((char)octet);
        }

        return line.ToString(0, line.Length - 2);
    }

    /// <summary>The next octet; -1 at the end of the connection.</summary>
    public async Task<int> OctetAsync()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await _stream.ReadAsync(_buffer, _deadline.Token);
            if (_end == 0)
                return -1;
        }

        return _buffer[_start++];
    }

    /// <summary>Whether the server ended the connection, by FIN or RST, without another octet.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await OctetAsync() < 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Says that no more is coming, and goes on reading.</summary>
    public void HalfClose() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The handshake; any certificate for <paramref name="hostName"/> is taken, whoever vouches for it.</summary>
    public async Task<SslStream> StartTlsAsync(string hostName)
    {
        SslStream tls = new(_stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = hostName, RemoteCertificateValidationCallback = (_, shown, _, _) => IsFor(hostName, shown) },
            _deadline.Token);
        _stream = tls;
        return tls;
    }

    private static bool IsFor(string hostName, X509Certificate? shown) =>
        shown is X509Certificate2 certificate && certificate.MatchesHostname(hostName);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
        _deadline.Dispose();
    }
}

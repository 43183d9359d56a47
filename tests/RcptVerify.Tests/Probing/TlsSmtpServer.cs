using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Tests.Probing;

/// <summary>A mail server that says 250 to everything but 550 5.1.1 to nobody@, and starts TLS as its options say.</summary>
internal sealed class TlsSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;
    private readonly Task _accepting;

    public TlsSmtpServer(SslServerAuthenticationOptions options)
    {
        _options = options;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What STARTTLS is answered with; TLS starts only after a 220.</summary>
    public string StartTlsReply { get; init; } = "220 go ahead";

    /// <summary>Says nothing more after its yes to STARTTLS.</summary>
    public bool HangsAtHandshake { get; init; }

    /// <summary>Sent, under TLS and in a record of its own, together with the reply to this command: a reply that nobody asked for.</summary>
    public (string Command, string Text) Unasked { get; init; }

    /// <summary>Every command line, "tls: " before those under TLS.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Of every handshake that succeeded on this side: server name asked for, and subject of the client's certificate.</summary>
    public ConcurrentQueue<(string ServerName, string? Client)> Handshakes { get; } = new();

    public ServerEndpoint At(string host) => new(host, Port);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
                conversations.Add(TalkAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }

        await Task.WhenAll(conversations);
    }

    private async Task TalkAsync(TcpClient client)
    {
        using TcpClient connection = client;
        connection.NoDelay = true;
        try
        {
            NetworkStream clear = connection.GetStream();
            await WriteAsync(clear, "220 mail.example.com ESMTP");
            if (!await ServeAsync(client.Client, clear, "", "250-mail.example.com\r\n250-SMTPUTF8\r\n250 STARTTLS"))
                return;
            if (HangsAtHandshake)
            {
                await clear.CopyToAsync(Stream.Null);
                return;
            }

            await using SslStream tls = new(clear);
            await tls.AuthenticateAsServerAsync(_options);
            Handshakes.Enqueue((tls.TargetHostName, tls.RemoteCertificate?.Subject));
            await ServeAsync(client.Client, tls, "tls: ", "250 mail.example.com");
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client did not like us, or we not it.
        }
    }

    /// <summary>Answers until the end of the connection, or until TLS is to start.</summary>
    private async Task<bool> ServeAsync(Socket socket, Stream stream, string mark, string ehloReply)
    {
        // Reads octet by octet: not one belongs to the handshake that follows.
        while (await ReadLineAsync(stream) is string line)
        {
            Commands.Enqueue(mark + line);
            string reply = line.Split(' ')[0] switch
            {
                "EHLO" => ehloReply,
                "STARTTLS" => StartTlsReply,
                "RCPT" when line.Contains("nobody@", StringComparison.Ordinal) => "550 5.1.1 User unknown",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            bool two = mark.Length > 0 && line == Unasked.Command;
            if (two)
                Cork(socket, 1);
            await WriteAsync(stream, reply);
            if (two)
            {
                await WriteAsync(stream, Unasked.Text);
                Cork(socket, 0);
            }

            if (line == "QUIT")
                return false;
            if (line == "STARTTLS" && reply.StartsWith("220", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Makes one segment of what is written in between (tcp(7), TCP_CORK): two TLS records that arrive together.</summary>
    private static void Cork(Socket socket, int on)
    {
        const int ipprotoTcp = 6, tcpCork = 3;
        socket.SetRawSocketOption(ipprotoTcp, tcpCork, BitConverter.GetBytes(on));
    }

    private static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"));

    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        StringBuilder line = new();
        byte[] octet = new byte[1];
        while (await stream.ReadAsync(octet) == 1)
        {
            if (octet[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)octet[0]);
        }

        return null;
    }
}

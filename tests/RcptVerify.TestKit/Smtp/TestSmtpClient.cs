using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RcptVerify.TestKit.Smtp;

/// <summary>An SMTP client that says what the test tells it to and shows what comes back; it checks nothing and retries nothing.</summary>
public sealed class TestSmtpClient : IAsyncDisposable
{
    /// <summary>How long one reply may take unless the test says otherwise: 30 s.</summary>
    public static readonly TimeSpan ReplyPatience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _connection;
    private readonly StreamReader _reader;
    private readonly TimeSpan _patience;

    private TestSmtpClient(TcpClient connection, TimeSpan patience)
    {
        _connection = connection;
        _patience = patience;
        _reader = new StreamReader(connection.GetStream(), Encoding.Latin1);
    }

    /// <summary>The server's greeting.</summary>
    public SmtpAnswer Greeting { get; private set; } = new(0, "");

    /// <summary>Connects to a port of 127.0.0.1 and reads the greeting.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="EndOfStreamException">The server hung up instead of greeting.</exception>
    public static Task<TestSmtpClient> ConnectAsync(int port, TimeSpan? replyPatience = null) => ConnectFromAsync(IPAddress.Loopback, port, replyPatience);

    /// <summary>Connects from an address of this host to a port of 127.0.0.1 and reads the greeting.</summary>
    /// <exception cref="SocketException">Nobody listens, or the address is not this host's.</exception>
    /// <exception cref="EndOfStreamException">The server hung up instead of greeting.</exception>
    public static async Task<TestSmtpClient> ConnectFromAsync(IPAddress local, int port, TimeSpan? replyPatience = null)
    {
        TcpClient connection = new(new IPEndPoint(local, 0)) { NoDelay = true };
        try
        {
            await connection.ConnectAsync(IPAddress.Loopback, port);
            return await OverAsync(connection, replyPatience);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes a connection just made and reads the greeting.</summary>
    /// <exception cref="EndOfStreamException">The server hung up instead of greeting.</exception>
    public static async Task<TestSmtpClient> OverAsync(TcpClient connection, TimeSpan? replyPatience = null)
    {
        TestSmtpClient client = new(connection, replyPatience ?? ReplyPatience);
        client.Greeting = await client.ReadAnswerAsync();
        return client;
    }

    /// <summary>EHLO.</summary>
    public Task<SmtpAnswer> EhloAsync(string name = "client.test") => SendAsync($"EHLO {name}");

    /// <summary>MAIL FROM; give the address without angle brackets, empty for the null sender.</summary>
    public Task<SmtpAnswer> MailAsync(string sender = "sender@client.test") => SendAsync($"MAIL FROM:<{sender}>");

    /// <summary>RCPT TO; give the address without angle brackets.</summary>
    public Task<SmtpAnswer> RcptAsync(string recipient) => SendAsync($"RCPT TO:<{recipient}>");

    /// <summary>RSET.</summary>
    public Task<SmtpAnswer> RsetAsync() => SendAsync("RSET");

    /// <summary>QUIT.</summary>
    public Task<SmtpAnswer> QuitAsync() => SendAsync("QUIT");

    /// <summary>DATA, the message with dots doubled, and the final dot.</summary>
    /// <param name="message">Header and body, lines ended by CRLF.</param>
    /// <returns>The reply to the final dot, or to DATA when that was no 354.</returns>
    public async Task<SmtpAnswer> DataAsync(string message)
    {
        SmtpAnswer go = await SendAsync("DATA");
        if (go.Code != 354)
        {
            return go;
        }

        string stuffed = message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return await SendAsync(stuffed.TrimEnd('\r', '\n') + "\r\n.");
    }

    /// <summary>Sends a line as it is, adds CRLF, and reads the reply.</summary>
    /// <exception cref="TimeoutException">No reply in time.</exception>
    /// <exception cref="EndOfStreamException">The server hung up.</exception>
    public async Task<SmtpAnswer> SendAsync(string line)
    {
        await _connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
        return await ReadAnswerAsync();
    }

    /// <summary>Reads a reply without saying anything.</summary>
    /// <exception cref="TimeoutException">No reply in time.</exception>
    /// <exception cref="EndOfStreamException">The server hung up.</exception>
    public async Task<SmtpAnswer> ReadAnswerAsync()
    {
        List<string> texts = [];
        while (true)
        {
            string line = await _reader.ReadLineAsync().WaitAsync(_patience, TimeProvider.System)
                ?? throw new EndOfStreamException("The server closed the connection.");
            int code = int.Parse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            texts.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpAnswer(code, string.Join('\n', texts));
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }
}

using System.Net.Sockets;
using System.Text;

namespace RcptVerify.Tests.Probing;

/// <summary>The server's end of one connection: expects exact command lines and answers raw bytes.</summary>
internal sealed class SmtpConversation(Socket socket, Action<string> received, Action ended, Func<bool> clientsLeave, CancellationToken stopping) : IDisposable
{
    public const string Helo = "mx1.example.net";
    public const string Sender = "probe@mx1.example.net";

    private readonly List<byte> _input = [];
    private readonly byte[] _buffer = new byte[4096];
    private bool _ended;

    /// <summary>Sends text as it is, one byte a character; line ends are the caller's business.</summary>
    public async Task SendAsync(string raw)
    {
        ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(raw);
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stopping)..];
    }

    /// <summary>Sends what the client may no longer want: a connection that is gone is no failure.</summary>
    public async Task<bool> TrySendAsync(string raw)
    {
        try
        {
            await SendAsync(raw);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until all that was sent lies with the client's kernel: none of it is unacknowledged (tcp(7), TCP_INFO).</summary>
    public async Task DeliveredAsync()
    {
        const int ipprotoTcp = 6, tcpInfo = 11, tcpiUnacked = 24;
        byte[] info = new byte[tcpiUnacked + sizeof(uint)];
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stopping);
            socket.GetRawSocketOption(ipprotoTcp, tcpInfo, info);
        }
        while (BitConverter.ToUInt32(info, tcpiUnacked) > 0);
    }

    /// <summary>Sends one reply line.</summary>
    public Task ReplyAsync(string line) => SendAsync(line + "\r\n");

    /// <summary>Reads one line, CR LF demanded; null at the end of the connection.</summary>
    public async Task<string?> ReadLineAsync()
    {
        int end;
        while ((end = _input.IndexOf((byte)'\n')) < 0)
        {
            int length;
            try
            {
                length = await socket.ReceiveAsync(_buffer, SocketFlags.None, stopping);
            }
            catch (SocketException)
            {
                length = 0; // reset: the client closed while our reply was under way
            }

            if (length == 0)
            {
                End();
                return null;
            }

            _input.AddRange(_buffer.AsSpan(0, length));
        }

        string line = Encoding.UTF8.GetString([.. _input[..(end + 1)]]);
        _input.RemoveRange(0, end + 1);
        received(line.TrimEnd('\r', '\n'));
        return line.EndsWith("\r\n", StringComparison.Ordinal) ? line[..^2] : throw new InvalidOperationException($"no CR LF at the end of '{line}'");
    }

    /// <summary>Expects exactly this command, or these in one piece.</summary>
    public async Task ExpectAsync(params string[] commands)
    {
        foreach (string command in commands)
        {
            string? line = await ReadLineAsync();
            if (line == "QUIT" && command == "RSET" && clientsLeave())
                throw new OperationCanceledException("the test is over");
            if (line != command)
                throw new InvalidOperationException($"expected '{command}', got {(line is null ? "the end of the connection" : $"'{line}'")}");
        }

        if (_input.Count > 0)
            throw new InvalidOperationException($"more bytes behind '{commands[^1]}': commands must not be pipelined");
    }

    /// <summary>Expects the client to hang up without another command.</summary>
    public async Task ExpectEndAsync()
    {
        if (await ReadLineAsync() is string line)
            throw new InvalidOperationException($"expected the end of the connection, got '{line}'");
    }

    /// <summary>Expects a polite end, or any other; but no command.</summary>
    public async Task ExpectQuitOrEndAsync()
    {
        if (_ended || await ReadLineAsync() is not string line)
            return;
        if (line != "QUIT")
            throw new InvalidOperationException($"expected QUIT or the end of the connection, got '{line}'");
        End();
        await TrySendAsync("221 2.0.0 bye\r\n");
    }

    /// <summary>Waits for the test's sign to go on.</summary>
    public Task WaitForAsync(Task sign) => sign.WaitAsync(stopping);

    /// <summary>Greeting and EHLO.</summary>
    public async Task GreetAsync(string ehloReply = "250 mail.example.com")
    {
        await ReplyAsync("220 mail.example.com ESMTP");
        await ExpectAsync($"EHLO {Helo}");
        await ReplyAsync(ehloReply);
    }

    /// <summary>MAIL, accepted, and RCPT, not yet answered.</summary>
    public async Task TakeRcptAsync(string recipient)
    {
        await ExpectAsync($"MAIL FROM:<{Sender}>");
        await ReplyAsync("250 2.1.0 sender ok");
        await ExpectAsync($"RCPT TO:<{recipient}>");
    }

    /// <summary>A whole probe: MAIL, RCPT with this reply, RSET.</summary>
    public async Task AnswerAsync(string recipient, string reply)
    {
        await TakeRcptAsync(recipient);
        await ReplyAsync(reply);
        await ExpectAsync("RSET");
        await ReplyAsync("250 2.0.0 reset");
    }

    /// <summary>A whole probe, accepted after the test's sign.</summary>
    /// <param name="recipient">Its recipient.</param>
    /// <param name="taken">Is set when RCPT has come.</param>
    /// <param name="sign">Waited for before the reply.</param>
    public async Task AnswerAfterAsync(string recipient, TaskCompletionSource taken, Task sign)
    {
        await TakeRcptAsync(recipient);
        taken.SetResult();
        await WaitForAsync(sign);
        await ReplyAsync("250 ok");
        await ExpectAsync("RSET");
        await ReplyAsync("250 2.0.0 reset");
    }

    /// <summary>A whole connection with one probe.</summary>
    public async Task GreetAndAnswerAsync(string recipient, string reply)
    {
        await GreetAsync();
        await AnswerAsync(recipient, reply);
    }

    /// <summary>Serves like an ordinary server until the client leaves; <paramref name="rcptReply"/> answers each RCPT.</summary>
    public async Task ServeAsync(Func<string, Task<string>> rcptReply, TimeSpan quitDelay = default)
    {
        await GreetAsync();
        while (await ReadLineAsync() is string line)
        {
            if (line == "QUIT")
            {
                await Task.Delay(quitDelay, TimeProvider.System, stopping);
                End();
                await TrySendAsync("221 2.0.0 bye\r\n");
                return;
            }

            // A client whose clock was put forward may have left already.
            await TrySendAsync((line.StartsWith("RCPT TO:", StringComparison.Ordinal) ? await rcptReply(line[9..^1]) : "250 2.0.0 ok") + "\r\n");
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Drop()
    {
        End();
        socket.Dispose();
    }

    public void Dispose() => Drop();

    private void End()
    {
        if (_ended)
            return;
        _ended = true;
        ended();
    }
}

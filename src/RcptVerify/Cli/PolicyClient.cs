using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RcptVerify.Cli;

/// <summary>Asks a policy server as Postfix's smtpd does: one connection, one question at a time.</summary>
internal sealed class PolicyClient : IAsyncDisposable
{
    private const int MaxAnswerBytes = 4096;

    private readonly NetworkStream _stream;

    private PolicyClient(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects to <c>inet:ADDRESS:PORT</c>.</summary>
    public static async Task<PolicyClient> ConnectAsync(string door, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(door["inet:".Length..]), cancellationToken);
        return new(socket);
    }

    /// <summary>Returns the action for a recipient at RCPT.</summary>
    /// <exception cref="IOException">No answer.</exception>
    public async Task<string> AskAsync(string recipient, CancellationToken cancellationToken)
    {
        string request = $"request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.1\n"
            + $"helo_name=mail.sender.example\nsender=someone@sender.example\nrecipient={recipient}\nrecipient_count=0\ninstance=demo\n\n";
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellationToken);
        byte[] answer = new byte[MaxAnswerBytes];
        for (int length = 0; length < answer.Length;)
        {
            int read = await _stream.ReadAsync(answer.AsMemory(length), cancellationToken);
            if (read == 0)
                break;
            length += read;
            if (answer.AsSpan(0, length).EndsWith("\n\n"u8))
                return Encoding.UTF8.GetString(answer, "action=".Length, length - "action=".Length).TrimEnd();
        }

        throw new IOException("the policy server closed the connection without an answer");
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RcptVerify.TestKit.Postfix;

/// <summary>One policy connection as smtpd(8) keeps it, in the test's hand: raw text, nothing of ours (SMTPD_POLICY_README).</summary>
public sealed class PolicyClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Socket _socket;
    private readonly StreamReader _reader;

    private PolicyClient(Socket socket)
    {
        _socket = socket;
        _reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async Task<PolicyClient> ConnectAsync(EndPoint server)
    {
        bool unix = server is UnixDomainSocketEndPoint;
        Socket socket = new(
            unix ? AddressFamily.Unix : AddressFamily.InterNetwork,
            SocketType.Stream,
            unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(server);
        return new PolicyClient(socket);
    }

    /// <summary>Asks about a recipient at RCPT and reads the answer.</summary>
    /// <returns>What stands behind <c>action=</c>.</returns>
    /// <exception cref="EndOfStreamException">The server hung up.</exception>
    /// <exception cref="TimeoutException">No answer within 30 s.</exception>
    public async Task<string> AskAsync(string recipient)
    {
        await SendAsync(
            "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.1\nclient_name=client.test\n" +
            $"helo_name=client.test\nsender=sender@client.test\nrecipient={recipient}\nrecipient_count=0\ninstance=1.2.3.0\n\n");
        return await ReadActionAsync();
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent));
        }
    }

    /// <summary>Reads one answer: attribute lines up to an empty one.</summary>
    /// <inheritdoc cref="AskAsync" path="/returns"/>
    /// <inheritdoc cref="AskAsync" path="/exception"/>
    public async Task<string> ReadActionAsync()
    {
        string? action = null;
        while (true)
        {
            string line = await _reader.ReadLineAsync().WaitAsync(Patience, TimeProvider.System)
                ?? throw new EndOfStreamException("The policy server closed the connection.");
            if (line.Length == 0)
            {
                return action ?? throw new InvalidDataException("An answer without action=.");
            }

            if (line.StartsWith("action=", StringComparison.Ordinal))
            {
                action = line["action=".Length..];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
    }
}

using System.Net.Sockets;

namespace RcptVerify.Probing;

/// <summary>
/// The socket as the stream below TLS. While the handshake lasts, what was received is handed on by the thread pool:
/// socket completions run inline (Program.cs), and public key cryptography is no work for the thread that polls sockets.
/// </summary>
internal sealed class HandshakeStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
{
    /// <summary>From now on records are small and their cryptography cheap.</summary>
    public bool HandshakeIsOver { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        HandshakeIsOver ? base.ReadAsync(buffer, cancellationToken) : ReadOnPoolAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadOnPoolAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int received = await base.ReadAsync(buffer, cancellationToken);
        await Task.Yield();
        return received;
    }
}

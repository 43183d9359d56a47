using System.Buffers.Binary;
using System.Net.Sockets;

namespace RcptVerify.TestKit.Tls;

/// <summary>What a server chose (RFC 5246 section 7.4.1.3, RFC 8446 section 4.1.3).</summary>
/// <param name="Version">The version.</param>
/// <param name="CipherSuite">The suite's code point.</param>
public sealed record ServerHello(TlsVersion Version, ushort CipherSuite)
{
    private const byte Alert = 21;
    private const byte Handshake = 22;

    /// <summary>Reads the server's first record.</summary>
    /// <returns>What it chose; null where it answered with an alert or hung up.</returns>
    /// <exception cref="InvalidDataException">That is no TLS.</exception>
    public static async Task<ServerHello?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] header = new byte[5];
        try
        {
            if (await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken) < header.Length)
            {
                return null;
            }
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return null; // hung up before it had read all
        }

        byte[] body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return header[0] switch
        {
            Alert => null,
            Handshake when body[0] == 2 => Parse(body),
            _ => throw new InvalidDataException($"Content type {header[0]}, first byte {body.FirstOrDefault()}."),
        };
    }

    private static ServerHello Parse(ReadOnlySpan<byte> body)
    {
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(body[4..]);
        int suite = 4 + 2 + 32 + 1 + body[38];
        ReadOnlySpan<byte> extensions = body[(suite + 3)..];
        extensions = extensions.IsEmpty ? extensions : extensions[2..];
        while (!extensions.IsEmpty)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]);
            if (type == 43) // supported_versions: 1.3 says itself here only
            {
                version = BinaryPrimitives.ReadUInt16BigEndian(extensions[4..]);
            }

            extensions = extensions[(4 + length)..];
        }

        return new ServerHello((TlsVersion)version, BinaryPrimitives.ReadUInt16BigEndian(body[suite..]));
    }
}

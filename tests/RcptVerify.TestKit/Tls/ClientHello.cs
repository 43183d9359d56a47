using System.Buffers.Binary;

namespace RcptVerify.TestKit.Tls;

/// <summary>
/// The first message of a TLS client, in a record of its own (RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2). No TLS library is
/// asked: it would refuse to offer what a test wants to offer.
/// </summary>
/// <remarks>The handshake is never finished, so the random bytes and the key share need not be good ones.</remarks>
public static class ClientHello
{
    private const ushort SupportedGroups = 10;
    private const ushort PointFormats = 11;
    private const ushort SignatureAlgorithms = 13;
    private const ushort SupportedVersions = 43;
    private const ushort KeyShare = 51;
    private const ushort RenegotiationInfo = 0xFF01;

    // x25519, secp256r1, secp384r1, secp521r1, x448, ffdhe2048, ffdhe3072 (RFC 8422, RFC 7919).
    private static readonly ushort[] Groups = [29, 23, 24, 25, 30, 256, 257];

    // RSA-PSS, RSA, ECDSA and DSA with SHA-2 and SHA-1 (RFC 8446 section 4.2.3, RFC 5246 section 7.4.1.4.1).
    private static readonly ushort[] Signatures =
        [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0201, 0x0203, 0x0402, 0x0202];

    /// <summary>Builds the record.</summary>
    /// <param name="version">The only version offered by 1.3, the highest one offered by those before.</param>
    /// <param name="cipherSuites">The suites' code points, most wanted first.</param>
    public static byte[] Build(TlsVersion version, ReadOnlySpan<ushort> cipherSuites)
    {
        List<byte> body = [];
        Add16(body, (ushort)Math.Min((int)version, (int)TlsVersion.Tls12));
        body.AddRange(Enumerable.Range(1, 32).Select(i => (byte)i));
        body.Add(0); // no session to resume
        Add16(body, (ushort)(cipherSuites.Length * 2));
        foreach (ushort suite in cipherSuites)
        {
            Add16(body, suite);
        }

        body.AddRange([1, 0]); // no compression
        AddVector16(body, Extensions(version));
        return Record(body);
    }

    private static List<byte> Extensions(TlsVersion version)
    {
        List<byte> extensions = [];
        AddExtension(extensions, SupportedGroups, Vector16(Bytes(Groups)));
        AddExtension(extensions, SignatureAlgorithms, Vector16(Bytes(Signatures)));
        if (version == TlsVersion.Tls13)
        {
            AddExtension(extensions, SupportedVersions, [2, 0x03, 0x04]);
            List<byte> share = [];
            Add16(share, Groups[0]);
            AddVector16(share, Enumerable.Repeat((byte)9, 32)); // the base point of RFC 7748, a valid x25519 key
            AddExtension(extensions, KeyShare, Vector16(share));
        }
        else
        {
            AddExtension(extensions, PointFormats, [1, 0]);
            AddExtension(extensions, RenegotiationInfo, [0]);
        }

        return extensions;
    }

    private static byte[] Record(List<byte> body)
    {
        byte[] record = new byte[9 + body.Count];
        record[0] = 22; // handshake
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), (ushort)TlsVersion.Tls10);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)(body.Count + 4));
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(5), body.Count);
        record[5] = 1; // client_hello
        body.CopyTo(record, 9);
        return record;
    }

    private static void AddExtension(List<byte> to, ushort type, IReadOnlyCollection<byte> data)
    {
        Add16(to, type);
        AddVector16(to, data);
    }

    private static void Add16(List<byte> to, ushort value) => to.AddRange([(byte)(value >> 8), (byte)value]);

    private static void AddVector16(List<byte> to, IEnumerable<byte> data)
    {
        byte[] bytes = [.. data];
        Add16(to, (ushort)bytes.Length);
        to.AddRange(bytes);
    }

    private static List<byte> Vector16(IEnumerable<byte> data)
    {
        List<byte> vector = [];
        AddVector16(vector, data);
        return vector;
    }

    private static IEnumerable<byte> Bytes(IEnumerable<ushort> values) => values.SelectMany(v => new[] { (byte)(v >> 8), (byte)v });
}

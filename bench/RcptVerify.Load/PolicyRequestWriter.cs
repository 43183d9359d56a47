using System.Buffers.Text;
using System.Text;

namespace RcptVerify.Load;

/// <summary>
/// Writes policy requests as smtpd of Postfix 3.7 sends them at RCPT: the request type and 30 attributes
/// (SMTPD_POLICY_README, smtpd_check.c check_policy_service). The text between the changing values is laid out
/// once; a request costs seven copies and the digits in between.
/// </summary>
internal sealed class PolicyRequestWriter(string knownPrefix, string unknownPrefix, string domain)
{
    /// <summary>An upper bound of one request, in bytes.</summary>
    public int MaximumLength { get; } = 1024 + Math.Max(knownPrefix.Length, unknownPrefix.Length) + domain.Length;

    private readonly byte[] _toClientAddress =
        "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2."u8.ToArray();

    private readonly byte[] _toClientPort = "\nclient_name=mout.client.test\nclient_port="u8.ToArray();

    private readonly byte[] _toSender =
        ("\nreverse_client_name=mout.client.test\nserver_address=198.51.100.9\nserver_port=25\n"u8
        + "helo_name=mout.client.test\nsender=somebody"u8).ToArray();

    private readonly byte[] _toKnown = Encoding.ASCII.GetBytes($"@client.test\nrecipient={knownPrefix}");
    private readonly byte[] _toUnknown = Encoding.ASCII.GetBytes($"@client.test\nrecipient={unknownPrefix}");
    private readonly byte[] _toInstance = Encoding.ASCII.GetBytes($"@{domain}\nrecipient_count=0\nqueue_id=\ninstance=");
    private readonly byte[] _toSize = ".0\nsize="u8.ToArray();

    private readonly byte[] _toEnd =
        ("\netrn_domain=\nstress=\nsasl_method=\nsasl_username=\nsasl_sender=\nccert_subject=\nccert_issuer=\n"u8
        + "ccert_fingerprint=\nccert_pubkey_fingerprint=\nencryption_protocol=TLSv1.3\n"u8
        + "encryption_cipher=TLS_AES_256_GCM_SHA384\nencryption_keysize=256\npolicy_context=\n"u8
        + "compatibility_level=3.7\nmail_version=3.7.11\n\n"u8).ToArray();

    /// <summary>Writes request <paramref name="serial"/> for recipient number <paramref name="recipient"/>; returns its length.</summary>
    public int Write(Span<byte> destination, int serial, int recipient, bool known)
    {
        int length = Copy(_toClientAddress, destination, 0);
        length += Digits(destination[length..], (serial % 254) + 1);
        length = Copy(_toClientPort, destination, length);
        length += Digits(destination[length..], 20000 + (serial % 40000));
        length = Copy(_toSender, destination, length);
        length += Digits(destination[length..], serial % 1000);
        length = Copy(known ? _toKnown : _toUnknown, destination, length);
        length += Digits(destination[length..], recipient);
        length = Copy(_toInstance, destination, length);
        length += Hexadecimal(destination[length..], (uint)serial);
        length = Copy(".69240f3c."u8, destination, length);
        length += Hexadecimal(destination[length..], (uint)serial * 7);
        length = Copy(_toSize, destination, length);
        length += Digits(destination[length..], 1000 + (serial % 5000));
        return Copy(_toEnd, destination, length);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> destination, int offset)
    {
        text.CopyTo(destination[offset..]);
        return offset + text.Length;
    }

    private static int Digits(Span<byte> destination, int value)
    {
        Utf8Formatter.TryFormat(value, destination, out int length);
        return length;
    }

    private static int Hexadecimal(Span<byte> destination, uint value)
    {
        Utf8Formatter.TryFormat(value, destination, out int length, new('x'));
        return length;
    }
}

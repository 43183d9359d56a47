using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RcptVerify.Wire.Policy;

/// <summary>The wire names of <see cref="PolicyAttribute"/>.</summary>
public static class PolicyAttributes
{
    /// <summary>How many attributes are known.</summary>
    public const int Count = (int)PolicyAttribute.MailVersion + 1;

    private static readonly byte[][] Names =
    [
        .. Enum.GetNames<PolicyAttribute>().Select(static name => ToWireName(name)),
    ];

    /// <summary>The bytes that <see cref="StartsWithName"/> reads: more than any name and its "=".</summary>
    internal const int PaddedNameBytes = 32;

    // Each name and its "=", then zeros; the last byte says how many bytes that is. One more entry, for "no further
    // attribute", holds a NUL, which no line starts with.
    private static readonly byte[] PaddedNames = Pad();

    /// <summary>The name as it stands on the wire, such as <c>client_address</c>.</summary>
    public static ReadOnlySpan<byte> Name(PolicyAttribute attribute) => Names[(int)attribute];

    /// <summary>Finds an attribute by its wire name (case-sensitive, as Postfix writes it).</summary>
    /// <returns>False for a name we do not know, which a policy server must ignore.</returns>
    public static bool TryParse(ReadOnlySpan<byte> name, out PolicyAttribute attribute)
    {
        int index = Find(name);
        attribute = index < 0 ? default : (PolicyAttribute)index;
        return index >= 0;
    }

    /// <summary>
    /// The attribute's number, or -1. Length and one or two bytes single out the candidate, one comparison with a
    /// constant confirms it; there is no hash table a
    /// hostile peer could make collide.
    /// </summary>
    internal static int Find(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 4:
                return Is(name, "size"u8, PolicyAttribute.Size);
            case 6:
                return name[1] == (byte)'e'
                    ? Is(name, "sender"u8, PolicyAttribute.Sender)
                    : Is(name, "stress"u8, PolicyAttribute.Stress);
            case 7:
                return name[0] == (byte)'r'
                    ? Is(name, "request"u8, PolicyAttribute.Request)
                    : Is(name, "tls_sni"u8, PolicyAttribute.TlsSni);
            case 8:
                return name[0] == (byte)'q'
                    ? Is(name, "queue_id"u8, PolicyAttribute.QueueId)
                    : Is(name, "instance"u8, PolicyAttribute.Instance);
            case 9:
                return name[0] == (byte)'r'
                    ? Is(name, "recipient"u8, PolicyAttribute.Recipient)
                    : Is(name, "helo_name"u8, PolicyAttribute.HeloName);
            case 11:
                return name[5] switch
                {
                    (byte)'t' => name[7] == (byte)'n'
                        ? Is(name, "client_name"u8, PolicyAttribute.ClientName)
                        : Is(name, "client_port"u8, PolicyAttribute.ClientPort),
                    (byte)'r' => Is(name, "server_port"u8, PolicyAttribute.ServerPort),
                    (byte)'d' => Is(name, "etrn_domain"u8, PolicyAttribute.EtrnDomain),
                    (byte)'m' => Is(name, "sasl_method"u8, PolicyAttribute.SaslMethod),
                    _ => Is(name, "sasl_sender"u8, PolicyAttribute.SaslSender),
                };
            case 12:
                return name[0] == (byte)'c'
                    ? Is(name, "ccert_issuer"u8, PolicyAttribute.CcertIssuer)
                    : Is(name, "mail_version"u8, PolicyAttribute.MailVersion);
            case 13:
                return name[0] switch
                {
                    (byte)'p' => Is(name, "protocol_name"u8, PolicyAttribute.ProtocolName),
                    (byte)'s' => Is(name, "sasl_username"u8, PolicyAttribute.SaslUsername),
                    _ => Is(name, "ccert_subject"u8, PolicyAttribute.CcertSubject),
                };
            case 14:
                return name[1] switch
                {
                    (byte)'r' => Is(name, "protocol_state"u8, PolicyAttribute.ProtocolState),
                    (byte)'l' => Is(name, "client_address"u8, PolicyAttribute.ClientAddress),
                    (byte)'e' => Is(name, "server_address"u8, PolicyAttribute.ServerAddress),
                    _ => Is(name, "policy_context"u8, PolicyAttribute.PolicyContext),
                };
            case 15:
                return Is(name, "recipient_count"u8, PolicyAttribute.RecipientCount);
            case 17:
                return name[0] == (byte)'c'
                    ? Is(name, "ccert_fingerprint"u8, PolicyAttribute.CcertFingerprint)
                    : Is(name, "encryption_cipher"u8, PolicyAttribute.EncryptionCipher);
            case 18:
                return Is(name, "encryption_keysize"u8, PolicyAttribute.EncryptionKeysize);
            case 19:
                return name[0] switch
                {
                    (byte)'r' => Is(name, "reverse_client_name"u8, PolicyAttribute.ReverseClientName),
                    (byte)'e' => Is(name, "encryption_protocol"u8, PolicyAttribute.EncryptionProtocol),
                    _ => Is(name, "compatibility_level"u8, PolicyAttribute.CompatibilityLevel),
                };
            case 24:
                return Is(name, "ccert_pubkey_fingerprint"u8, PolicyAttribute.CcertPubkeyFingerprint);
            default:
                return -1;
        }
    }

    /// <summary>
    /// Whether a line starts with the name of the attribute of that number and "=". One comparison, without a branch
    /// on lengths: two or three times as fast as <see cref="Find"/> for a caller that can guess the name.
    /// </summary>
    /// <param name="line">Where the line starts; <see cref="PaddedNameBytes"/> bytes must be readable there.</param>
    /// <param name="attribute">0 to <see cref="Count"/>; at <see cref="Count"/> nothing ever matches.</param>
    /// <param name="length">Bytes of the name and the "=".</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool StartsWithName(ref byte line, int attribute, out int length)
    {
        ref byte entry = ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(PaddedNames), (nuint)(uint)attribute * PaddedNameBytes);
        length = Unsafe.Add(ref entry, PaddedNameBytes - 1);
        uint equal = Vector256.Equals(Vector256.LoadUnsafe(ref line), Vector256.LoadUnsafe(ref entry))
            .ExtractMostSignificantBits();
        return BitOperations.TrailingZeroCount(~equal) >= length;
    }

    private static int Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected, PolicyAttribute attribute) =>
        name.SequenceEqual(expected) ? (int)attribute : -1;

    // ClientAddress -> client_address
    private static byte[] ToWireName(string member)
    {
        List<byte> name = new(member.Length + 4);
        foreach (char letter in member)
        {
            if (char.IsAsciiLetterUpper(letter) && name.Count > 0)
                name.Add((byte)'_');
            name.Add((byte)char.ToLowerInvariant(letter));
        }

        return [.. name];
    }

    private static byte[] Pad()
    {
        byte[] padded = new byte[(Count + 1) * PaddedNameBytes];
        for (int i = 0; i < Count; i++)
        {
            Span<byte> entry = padded.AsSpan(i * PaddedNameBytes, PaddedNameBytes);
            Names[i].CopyTo(entry);
            entry[Names[i].Length] = (byte)'=';
            entry[^1] = (byte)(Names[i].Length + 1);
        }

        padded[^1] = 1;
        return padded;
    }
}

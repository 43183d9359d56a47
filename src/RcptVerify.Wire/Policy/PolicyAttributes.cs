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
}

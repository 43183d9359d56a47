using System.Diagnostics.CodeAnalysis;

namespace RcptVerify.Wire.Policy;

/// <summary>
/// The attributes of a Postfix policy request, in the order in which Postfix 3.12 sends them
/// (SMTPD_POLICY_README; smtpd_check.c, check_policy_service). Neither order nor presence may be relied on:
/// what is unavailable is missing, empty or 0.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "The protocol's own word; nobody takes an enum for a .NET attribute.")]
public enum PolicyAttribute
{
    /// <summary><c>request</c>, Postfix 2.1 and later. <c>smtpd_access_policy</c>, the only kind there is.</summary>
    Request,

    /// <summary><c>protocol_state</c>, Postfix 2.1 and later. The SMTP stage; see <see cref="PolicyProtocolState"/>.</summary>
    ProtocolState,

    /// <summary><c>protocol_name</c>, Postfix 2.1 and later. <c>SMTP</c> or <c>ESMTP</c>.</summary>
    ProtocolName,

    /// <summary><c>client_address</c>, Postfix 2.1 and later. IPv4 dotted quad or IPv6 address, without brackets.</summary>
    ClientAddress,

    /// <summary>
    /// <c>client_name</c>, Postfix 2.1 and later.
    /// Host name whose forward and reverse lookups agree, or <c>unknown</c>.
    /// </summary>
    ClientName,

    /// <summary><c>client_port</c>, Postfix 3.0 and later. Decimal, 0–65535.</summary>
    ClientPort,

    /// <summary>
    /// <c>reverse_client_name</c>, Postfix 2.1 and later.
    /// Host name from the reverse lookup alone, or <c>unknown</c>.
    /// </summary>
    ReverseClientName,

    /// <summary><c>server_address</c>, Postfix 3.2 and later. The local address the client is connected to.</summary>
    ServerAddress,

    /// <summary><c>server_port</c>, Postfix 3.2 and later. Decimal, 0–65535.</summary>
    ServerPort,

    /// <summary><c>helo_name</c>, Postfix 2.1 and later. The argument of HELO or EHLO.</summary>
    HeloName,

    /// <summary>
    /// <c>sender</c>, Postfix 2.1 and later.
    /// Envelope sender in Postfix's internal, unquoted form; empty means <c>&lt;&gt;</c>.
    /// </summary>
    Sender,

    /// <summary>
    /// <c>recipient</c>, Postfix 2.1 and later.
    /// Envelope recipient in internal, unquoted form; at DATA and END-OF-MESSAGE only if exactly one was accepted.
    /// </summary>
    Recipient,

    /// <summary>
    /// <c>recipient_count</c>, Postfix 2.3 and later.
    /// Accepted recipients; not zero only at DATA and END-OF-MESSAGE.
    /// </summary>
    RecipientCount,

    /// <summary><c>queue_id</c>, Postfix 2.1 and later. Empty until the first recipient is accepted.</summary>
    QueueId,

    /// <summary><c>instance</c>, Postfix 2.1 and later. The same for all requests about one message.</summary>
    Instance,

    /// <summary><c>size</c>, Postfix 2.2 and later. Bytes: what MAIL declared, or 0; at END-OF-MESSAGE the real size.</summary>
    Size,

    /// <summary><c>etrn_domain</c>, Postfix 2.3 and later. The argument of ETRN.</summary>
    EtrnDomain,

    /// <summary><c>stress</c>, Postfix 2.5 and later. Empty or <c>yes</c>.</summary>
    Stress,

    /// <summary><c>sasl_method</c>, Postfix 2.2 and later. Authentication mechanism; empty without authentication.</summary>
    SaslMethod,

    /// <summary><c>sasl_username</c>, Postfix 2.2 and later. Authenticated user; empty without authentication.</summary>
    SaslUsername,

    /// <summary><c>sasl_sender</c>, Postfix 2.2 and later. The AUTH parameter of MAIL.</summary>
    SaslSender,

    /// <summary><c>ccert_subject</c>, Postfix 2.2 and later. Common name of a trusted client certificate, as xtext.</summary>
    CcertSubject,

    /// <summary><c>ccert_issuer</c>, Postfix 2.2 and later. Common name of its issuer, as xtext.</summary>
    CcertIssuer,

    /// <summary><c>ccert_fingerprint</c>, Postfix 2.2 and later. Fingerprint of the client certificate.</summary>
    CcertFingerprint,

    /// <summary><c>ccert_pubkey_fingerprint</c>, Postfix 2.9 and later. Fingerprint of the client's public key.</summary>
    CcertPubkeyFingerprint,

    /// <summary><c>encryption_protocol</c>, Postfix 2.3 and later. TLS version; empty in clear text.</summary>
    EncryptionProtocol,

    /// <summary><c>encryption_cipher</c>, Postfix 2.3 and later. Cipher suite; empty in clear text.</summary>
    EncryptionCipher,

    /// <summary><c>encryption_keysize</c>, Postfix 2.3 and later. Bits; 0 in clear text.</summary>
    EncryptionKeysize,

    /// <summary><c>tls_sni</c>, Postfix 3.12 and later. Server name the TLS client asked for.</summary>
    TlsSni,

    /// <summary>
    /// <c>policy_context</c>, Postfix 3.1 and later.
    /// The administrator's tag for this <c>check_policy_service</c>.
    /// </summary>
    PolicyContext,

    /// <summary><c>compatibility_level</c>, Postfix 3.8 and later. The client's <c>compatibility_level</c>.</summary>
    CompatibilityLevel,

    /// <summary><c>mail_version</c>, Postfix 3.8 and later. The client's Postfix version.</summary>
    MailVersion,
}

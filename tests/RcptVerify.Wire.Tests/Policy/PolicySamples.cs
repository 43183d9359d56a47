using System.Text;
using RcptVerify.Wire.Policy;
using Xunit;

namespace RcptVerify.Wire.Tests.Policy;

/// <summary>Requests with the attributes and the order of several Postfix releases.</summary>
internal static class PolicySamples
{
    public const string Postfix21 = """
        request=smtpd_access_policy
        protocol_state=RCPT
        protocol_name=SMTP
        client_address=192.0.2.21
        client_name=old.sender.example
        reverse_client_name=old.sender.example
        helo_name=old.sender.example
        sender=alice@sender.example
        recipient=bob@company.example
        queue_id=
        instance=123.456.7


        """;

    public const string Postfix25 = """
        request=smtpd_access_policy
        protocol_state=END-OF-MESSAGE
        protocol_name=ESMTP
        client_address=2001:db8::25
        client_name=unknown
        reverse_client_name=unknown
        helo_name=[IPv6:2001:db8::25]
        sender=
        recipient=
        recipient_count=2
        queue_id=8045F2AB23
        instance=47b2.4f1c3a2e.9d.0
        size=12345
        etrn_domain=
        stress=yes
        sasl_method=plain
        sasl_username=you=me
        sasl_sender=you@sender.example
        ccert_subject=solaris9.sender.example
        ccert_issuer=Some+20Issuer
        ccert_fingerprint=C2:9D:F4:87
        encryption_protocol=TLSv1
        encryption_cipher=DHE-RSA-AES256-SHA
        encryption_keysize=256


        """;

    public const string Postfix30 = """
        request=smtpd_access_policy
        protocol_state=DATA
        protocol_name=ESMTP
        client_address=192.0.2.30
        client_name=mail.sender.example
        client_port=40025
        reverse_client_name=mail.sender.example
        helo_name=mail.sender.example
        sender=dörte@bücher.example
        recipient=jürgen@company.example
        recipient_count=1
        queue_id=3zQx4k1Wz9z1
        instance=1f2e.554b0a11.c0ffe.0
        size=0
        etrn_domain=
        stress=
        sasl_method=
        sasl_username=
        sasl_sender=
        ccert_subject=
        ccert_issuer=
        ccert_fingerprint=
        ccert_pubkey_fingerprint=
        encryption_protocol=
        encryption_cipher=
        encryption_keysize=0


        """;

    public const string Postfix37 = """
        request=smtpd_access_policy
        protocol_state=RCPT
        protocol_name=ESMTP
        client_address=192.0.2.37
        client_name=mail.sender.example
        client_port=40037
        reverse_client_name=mail.sender.example
        server_address=198.51.100.25
        server_port=25
        helo_name=mail.sender.example
        sender=bounce+bob=company.example@sender.example
        recipient=john smith@company.example
        recipient_count=0
        queue_id=
        instance=4f21.66d1f0aa.8c2e1.0
        size=48211
        etrn_domain=
        stress=
        sasl_method=
        sasl_username=
        sasl_sender=
        ccert_subject=
        ccert_issuer=
        ccert_fingerprint=
        ccert_pubkey_fingerprint=
        encryption_protocol=TLSv1.3
        encryption_cipher=TLS_AES_256_GCM_SHA384
        encryption_keysize=256
        policy_context=rcptverify


        """;

    public const string Postfix312 = """
        request=smtpd_access_policy
        protocol_state=RCPT
        protocol_name=ESMTP
        client_address=192.0.2.112
        client_name=mail.sender.example
        client_port=40112
        reverse_client_name=ptr.sender.example
        server_address=198.51.100.26
        server_port=26
        helo_name=helo.sender.example
        sender=alice@sender.example
        recipient=bob@company.example
        recipient_count=0
        queue_id=4bQx4k1Wz9z1
        instance=9a.68a6c0de.1.0
        size=1048576
        etrn_domain=etrn.example
        stress=yes
        sasl_method=SCRAM-SHA-256
        sasl_username=carol
        sasl_sender=carol@sender.example
        ccert_subject=client.sender.example
        ccert_issuer=Example+20CA
        ccert_fingerprint=AA:BB:CC
        ccert_pubkey_fingerprint=DD:EE:FF
        encryption_protocol=TLSv1.3
        encryption_cipher=TLS_AES_128_GCM_SHA256
        encryption_keysize=128
        tls_sni=mx.company.example
        policy_context=inbound
        compatibility_level=3.12
        mail_version=3.12.0


        """;

    public static TheoryData<string> All => [Postfix21, Postfix25, Postfix30, Postfix37, Postfix312];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(this PolicyRequest request, PolicyAttribute attribute) =>
        Encoding.UTF8.GetString(request.Span(attribute));
}

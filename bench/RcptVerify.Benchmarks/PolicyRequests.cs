using System.Text;

namespace RcptVerify.Benchmarks;

/// <summary>The request of Postfix 3.7: 31 attributes, some 700 bytes.</summary>
internal static class PolicyRequests
{
    public static byte[] For(string recipient) => Encoding.UTF8.GetBytes(
        $"""
        request=smtpd_access_policy
        protocol_state=RCPT
        protocol_name=ESMTP
        client_address=192.0.2.17
        client_name=mail.sender.test
        client_port=20017
        reverse_client_name=mail.sender.test
        server_address=198.51.100.7
        server_port=25
        helo_name=mail.sender.test
        sender=someone17@sender.test
        recipient={recipient}
        recipient_count=0
        queue_id=
        instance=11.65f0a1b2.77.0
        size=1017
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
        policy_context=
        compatibility_level=3.7
        mail_version=3.7.11


        """);
}

using System.Globalization;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Policy requests as Postfix 3.7 sends them, and the answers to them.</summary>
internal static class PolicySample
{
    public const string Dunno = "action=DUNNO\n\n";
    public const string Refusal = "action=550 5.1.1 User unknown\n\n";
    public const string Tempfail = "action=DEFER_IF_PERMIT 4.3.0 Recipient cannot be verified at the moment, please try again later\n\n";

    public static RequestWords Words { get; } = new(recipient => Request(recipient), _ => Dunno, Refusal, Tempfail, "request=smtpd_access_policy\n");

    public static string Request(string recipient, string state = "RCPT", string sender = "sender@example.net", string instance = "4d2.61f1f0a4.8f3c1.0") =>
        string.Create(CultureInfo.InvariantCulture, $"""
            request=smtpd_access_policy
            protocol_state={state}
            protocol_name=ESMTP
            client_address=192.0.2.10
            client_name=mail.example.net
            client_port=41642
            reverse_client_name=mail.example.net
            server_address=192.0.2.1
            server_port=25
            helo_name=mail.example.net
            sender={sender}
            recipient={recipient}
            recipient_count=0
            queue_id=
            instance={instance}
            size=12345
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


            """);
}

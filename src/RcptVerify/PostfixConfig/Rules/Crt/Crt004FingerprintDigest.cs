using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>Fingerprints that decide something, made with MD5 or SHA-1.</summary>
internal sealed class Crt004FingerprintDigest : PostfixRule
{
    private static readonly string[] Restrictions =
    [
        "smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions", "smtpd_recipient_restrictions",
        "smtpd_relay_restrictions", "smtpd_data_restrictions", "smtpd_end_of_data_restrictions", "smtpd_etrn_restrictions",
    ];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (!context.Postfix.IsAtLeast(2, 5))
            yield break;
        foreach (EffectiveService service in context.Services.Where(UsesFingerprints))
        {
            EffectiveValue digest = service[service.Prefix + "_tls_fingerprint_digest"];
            string name = digest.Text.ToLowerInvariant();
            if (name is not ("md5" or "sha1" or "sha"))
                continue;
            string message = $"fingerprints of certificates are made with {(name == "md5" ? "MD5" : "SHA-1")}, for which a second certificate can be made";
            yield return (digest.IsSet ? Of(Severity.Warning, message, digest, service)
                : Of(Severity.Warning, message, parameter: digest.Name) with { Services = [service.Id] }) with
            {
                Effective = digest.ToString(),
                Fix = $"{digest.Name} = sha256, and all tables of fingerprints anew",
            };
        }
    }

    private static bool UsesFingerprints(EffectiveService service) => service.Daemon switch
    {
        Daemon.Smtp or Daemon.Lmtp => service.Tls!.Asked == TlsLevel.Fingerprint,
        Daemon.Smtpd => service.Tls is { IsActive: true } tls
            && (service.Parameters.IsYes("smtpd_tls_ask_ccert") || (tls.IsEnforced && service.Parameters.IsYes("smtpd_tls_req_ccert")))
            && Restrictions.Concat(service["smtpd_restriction_classes"].Words).Any(list => DecidesBy(service, list)),
        _ => false,
    };

    private static bool DecidesBy(EffectiveService service, string list) => service[list].Words.Any(word =>
        word == "check_ccert_access" || (word == "permit_tls_clientcerts" && !service["relay_clientcerts"].IsEmpty));
}

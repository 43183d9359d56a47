using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>Servers that shall do TLS and have no certificate, or one that cannot be loaded.</summary>
internal sealed class Crt001NoCertificate : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Servers)
        {
            if (service.Tls is not { Level: > TlsLevel.None } tls || service.Role is ServiceRole.Internal or ServiceRole.None)
                continue;
            EffectiveValue level = context.Origin(tls.LevelValue);
            if (!tls.HasCertificate)
            {
                yield return Of(Severity.Error, "TLS is on and there is no certificate: no TLS session can be made", level, service) with
                {
                    Effective = tls.IsWrapped ? "each connection is dropped" : "STARTTLS fails",
                    Fix = context.Postfix.IsAtLeast(3, 4)
                        ? "smtpd_tls_chain_files = a file with key, certificate and intermediate certificates"
                        : "smtpd_tls_cert_file and smtpd_tls_key_file",
                };
            }
            else if (service.Daemon == Daemon.Smtpd && CertificateLoading.Fault(context, service) is CertificateFault fault)
            {
                yield return Of(Severity.Error, $"{fault.Message}: no TLS session can be made", fault.File.Value, service, fault.File.Word) with
                {
                    Effective = tls.IsWrapped ? "each connection is dropped" : "TLS not available (454 4.7.0)",
                    Fix = fault.Fix,
                };
            }
            else if (IsAnonymousOnly(service) && AsksForCertificates(service, tls))
            {
                yield return Of(
                    Severity.Error,
                    "client certificates are asked for, which needs a certificate of the server's: no TLS session can be made",
                    service["smtpd_tls_cert_file"],
                    service) with
                { Effective = "STARTTLS fails" };
            }
        }
    }

    private static bool IsAnonymousOnly(EffectiveService service) => service["smtpd_tls_cert_file"].Text == "none"
        && service["smtpd_tls_chain_files"].IsEmpty && service["smtpd_tls_eccert_file"].IsEmpty && service["smtpd_tls_dcert_file"].IsEmpty;

    private static bool AsksForCertificates(EffectiveService service, ServiceTls tls) => service.Parameters.IsYes("smtpd_tls_ask_ccert")
        || (tls.IsEnforced && service.Parameters.IsYes("smtpd_tls_req_ccert"));
}

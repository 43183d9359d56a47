using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>Port 587 without mandatory TLS, no port 465 beside it, users who log in on port 25.</summary>
internal sealed class Sub002SubmissionWithoutTls : PostfixRule
{
    private const string Message = "TLS is not mandatory on the port for submission: whoever sits in between can cut STARTTLS out";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        EffectiveService[] servers = [.. context.Services.Where(service => service.Daemon == Daemon.Smtpd && service.Role != ServiceRole.Internal)];
        bool hasImplicit = servers.Any(service => service.Port == 465 && service.Tls!.IsWrapped);
        foreach (EffectiveService service in servers)
        {
            if (service.Port == 587 && service.Tls!.Level is TlsLevel.None or TlsLevel.May)
            {
                EffectiveValue level = service.Tls.LevelValue;
                Finding finding = level.Override is null ? Of(Severity.Error, Message, service, level.Name) : Of(Severity.Error, Message, level, service);
                yield return finding with { Effective = TlsLevels.Text(service.Tls.Level), Fix = "smtpd_tls_security_level = encrypt" };
            }

            if (service.Port == 587 && !hasImplicit)
            {
                yield return Of(Severity.Notice, "there is no port 465 with implicit TLS beside it, which RFC 8314 prefers", service) with
                {
                    Fix = "submissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes",
                };
            }

            bool isPublic = service.Role == ServiceRole.Mx && (service.Port == 25 || service.Service.Type == "pass");
            if (isPublic && service["smtpd_sasl_auth_enable"].IsYes)
            {
                yield return Of(
                    Severity.Notice, "users log in on the port where everybody may come: passwords can be tried there", service["smtpd_sasl_auth_enable"], service) with
                {
                    Fix = "smtpd_sasl_auth_enable = no, and yes on 587 and 465",
                };
            }
        }
    }
}

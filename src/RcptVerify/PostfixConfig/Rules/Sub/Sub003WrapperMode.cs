using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>Implicit TLS on a port where clients wait for a greeting; a level beside it that nobody looks at.</summary>
internal sealed class Sub003WrapperMode : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            if (service is not { Daemon: Daemon.Smtpd, Tls.IsWrapped: true })
                continue;
            if (service.Port is 25 or 587 || service.Service.Type == "pass")
            {
                yield return Of(
                    Severity.Error,
                    "TLS begins at once on a port where clients wait for a greeting: both sides wait, and no mail comes in",
                    service["smtpd_tls_wrappermode"],
                    service) with
                {
                    Fix = "smtpd_tls_wrappermode = no",
                };
            }
            else if (service["smtpd_tls_security_level"] is { Override: not null } level)
            {
                yield return Of(Severity.Notice, "the level is not looked at in wrapper mode: TLS is mandatory whatever it says", level, service) with
                {
                    Effective = "encrypt",
                    Fix = "delete it",
                };
            }
        }
    }
}

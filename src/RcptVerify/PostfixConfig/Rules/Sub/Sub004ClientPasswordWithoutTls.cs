using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>The client has a password to send and does not insist on TLS.</summary>
internal sealed class Sub004ClientPasswordWithoutTls : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            bool concerns = service.Daemon == Daemon.Smtp
                && service["smtp_sasl_auth_enable"].IsYes
                && !service["smtp_sasl_password_maps"].IsEmpty
                && service.Tls!.Level is TlsLevel.None or TlsLevel.May or TlsLevel.Dane;
            string relay = service["relayhost"].Text;
            if (!concerns || LoopbackHost.Is(relay))
                continue;
            EffectiveValue level = service.Tls!.LevelValue;
            EffectiveValue shown = level.IsSet ? level : service["smtp_sasl_auth_enable"];
            string effective = service.Tls.Level == TlsLevel.None ? "password without TLS" : "password with or without TLS";
            if (service.Tls.HasPolicyTable)
            {
                string key = relay.Length == 0 ? "each host with a password" : Shown.Plain(relay);
                yield return Of(Severity.Notice, "only the TLS policy table can keep the password from being sent without TLS", shown, service) with
                {
                    Effective = effective,
                    Fix = $"{key} encrypt, in smtp_tls_policy_maps",
                };
                continue;
            }

            string message = service.Tls.Level == TlsLevel.None
                ? "the password for another server is sent in clear text"
                : "the password for another server is sent in clear text when that does not announce STARTTLS";
            yield return Of(Severity.Warning, message, shown, service) with
            {
                Effective = effective,
                Fix = "smtp_tls_security_level = encrypt",
            };
        }
    }
}

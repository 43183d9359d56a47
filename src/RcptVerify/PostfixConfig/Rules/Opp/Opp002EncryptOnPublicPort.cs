using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Sub;

namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>The port where anybody's server may come demands TLS.</summary>
internal sealed class Opp002EncryptOnPublicPort : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            bool isPublic = service.IsServer && service.Role == ServiceRole.Mx && (service.Port == 25 || service.Service.Type == "pass");
            if (!isPublic || service.Tls is not { IsEnforced: true, IsWrapped: false } tls)
                continue;
            // Who refuses strangers anyway takes no mail from the internet.
            if (new StrangerOutcomes(service.Parameters).Outcome("smtpd_client_restrictions") == RestrictionOutcome.Refused)
                continue;
            EffectiveValue level = ValueRoots.Of(tls.LevelValue, context, service);
            bool isMx = context.SaidRole == ServiceRole.Mx;
            yield return Of(
                isMx ? Severity.Warning : Severity.Notice,
                isMx ? "port 25 demands TLS from everybody: senders without it get their mail back"
                    : "port 25 demands TLS; if it takes mail from the internet, senders without TLS get their mail back",
                level,
                service) with
            {
                Effective = "encrypt",
                Fix = $"{(level.Name.EndsWith("_security_level", StringComparison.Ordinal) ? level.Name : "smtpd_tls_security_level")} = may",
            };
        }
    }
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Rules.Sub;

namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>The port where anybody's server may come demands TLS.</summary>
internal sealed class Opp002EncryptOnPublicPort : PostfixRule
{
    private const string Refusal = "reject_plaintext_session";
    private const string FromEverybody = "port 25 demands TLS from everybody: senders without it get their mail back";
    private const string FromTheInternet = "port 25 demands TLS; if it takes mail from the internet, senders without TLS get their mail back";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            bool isPublic = service.IsServer && service.Role == ServiceRole.Mx && (service.Port == 25 || service.Service.Type == "pass");
            if (!isPublic || service.Tls is not { IsWrapped: false } tls || (!tls.IsEnforced && PlaintextRefusal(service) is null))
                continue;
            // Who refuses strangers anyway takes no mail from the internet.
            if (new StrangerOutcomes(service.Parameters).Outcome("smtpd_client_restrictions") == RestrictionOutcome.Refused)
                continue;
            EffectiveValue level = ValueRoots.Of(tls.LevelValue, context, service);
            bool isMx = context.SaidRole == ServiceRole.Mx;
            if (!tls.IsEnforced)
            {
                Restriction refusal = PlaintextRefusal(service)!;
                yield return Of(
                    isMx ? Severity.Warning : Severity.Notice,
                    isMx ? FromEverybody : FromTheInternet,
                    refusal.Source,
                    service,
                    refusal.Word) with
                {
                    Effective = "encrypt",
                    Fix = $"take {Refusal} out",
                };
                continue;
            }

            yield return Of(
                isMx ? Severity.Warning : Severity.Notice,
                isMx ? FromEverybody : FromTheInternet,
                level,
                service) with
            {
                Effective = "encrypt",
                Fix = $"{(level.Name.EndsWith("_security_level", StringComparison.Ordinal) ? level.Name : "smtpd_tls_security_level")} = may",
            };
        }
    }

    /// <summary>What refuses every stranger without TLS; null when nothing does, or something permits before it in its list.</summary>
    private static Restriction? PlaintextRefusal(EffectiveService service) => service.Daemon != Daemon.Smtpd ? null
        : RestrictionLists.All.Select(name => RestrictionLists.Of(service.Parameters, name)
            .FirstOrDefault(restriction => !restriction.WarnsOnly && (restriction.Is(Refusal) || restriction.Is("permit") || restriction.Is("permit_auth_destination"))))
            .FirstOrDefault(restriction => restriction?.Is(Refusal) == true);
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>Domains that mail is passed on for, without any way to know their recipients: what the server behind refuses is bounced to forged senders.</summary>
internal sealed class Avr008UnknownRelayRecipients : PostfixRule
{
    private static readonly string[] Checks =
        [Verification.OfRecipient, "check_policy_service", "check_recipient_access"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in Verification.PublicServers(context).Where(service => service.Role == ServiceRole.Mx))
        {
            EffectiveValue domains = service["relay_domains"];
            if (!domains.IsSet || !domains.Words.Except(service["mydestination"].Words).Any() || !service["relay_recipient_maps"].IsEmpty)
                continue;
            // Domains that only clients who log in, or are known by address, may name at all: nobody forges senders to them.
            if (RestrictionWalk.RefusesStrangers(service))
                continue;
            // A filter before the queue may know the recipients: nobody can tell from here.
            if (!service["smtpd_milters"].IsEmpty || !service["smtpd_proxy_filter"].IsEmpty
                || RestrictionLists.OfAll(service).Any(restriction => !restriction.WarnsOnly && Checks.Any(restriction.Is)))
            {
                continue;
            }

            yield return Of(
                Severity.Warning,
                "any recipient of these domains is taken: what the server behind refuses is bounced to senders that are forged mostly",
                domains,
                service) with
            {
                Effective = "all recipients accepted",
                Fix = "set relay_recipient_maps, or add reject_unverified_recipient behind reject_unauth_destination",
            };
        }
    }
}

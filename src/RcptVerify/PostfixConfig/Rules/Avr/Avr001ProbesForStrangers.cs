using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>
/// reject_unverified_recipient where recipients of other people's domains come to it: probes go out for whoever asks. And the opposite:
/// verification that is set up and asked for nowhere.
/// </summary>
internal sealed class Avr001ProbesForStrangers : PostfixRule
{
    private const string KnownDomain = "reject_unknown_recipient_domain";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (!Verification.MayBeUsed(context) && FirstSetting(context) is WrittenValue setting)
        {
            yield return Of(Severity.Notice, "verification is set up, and no restriction asks for it", setting, (0, 0)) with
            {
                Effective = "nothing is verified",
                Fix = "reject_unverified_recipient behind reject_unauth_destination, in smtpd_recipient_restrictions",
            };
        }

        foreach (EffectiveService service in Verification.PublicServers(context).Where(service => Verification.Asks(service, Verification.OfRecipient)))
        {
            if (Met(service, ClientKind.Stranger, domainKnown: true) is Restriction open)
            {
                yield return Of(
                    Severity.Error,
                    "strangers make this server probe any address of any domain: nothing refuses foreign recipients before reject_unverified_recipient",
                    open.Source,
                    service,
                    open.Word) with
                {
                    Effective = "probes for anybody",
                    Because = Because(context, service),
                    Fix = "put reject_unauth_destination and reject_unknown_recipient_domain before reject_unverified_recipient",
                };
            }
            else if ((Met(service, ClientKind.Network, domainKnown: false) ?? OfUser(service)) is Restriction unknown)
            {
                yield return Of(
                    Severity.Notice,
                    "clients that may relay are probed for in domains that do not exist: each such probe waits in the queue",
                    unknown.Source,
                    service,
                    unknown.Word) with
                {
                    Effective = "probes for mynetworks or users that have logged in",
                    Fix = "put reject_unknown_recipient_domain before reject_unverified_recipient",
                };
            }
        }
    }

    /// <summary>From 3.6 on the relay restrictions come first, unless an old compatibility_level keeps them behind.</summary>
    private static string Because(RuleContext context, EffectiveService service)
    {
        EffectiveValue order = service["smtpd_relay_before_recipient_restrictions"];
        return context.Postfix.IsAtLeast(3, 6) && !order.IsSet && !order.IsYes
            ? $"{order.Name} = no, the default at compatibility_level {context.Main.Text("compatibility_level")}" : "";
    }

    private static WrittenValue? FirstSetting(RuleContext context) =>
        context.ParameterNames.Where(name => name.StartsWith("address_verify_", StringComparison.Ordinal)).SelectMany(context.WrittenAs).FirstOrDefault();

    private static Restriction? OfUser(EffectiveService service) =>
        service.Parameters.IsYes("smtpd_sasl_auth_enable") ? Met(service, ClientKind.User, domainKnown: false) : null;

    /// <summary>The first verification that a recipient of a foreign domain comes to; null for none.</summary>
    /// <param name="service">The server.</param>
    /// <param name="client">Who names the recipient.</param>
    /// <param name="domainKnown">Whether it counts as well behind a check that the domain exists.</param>
    private static Restriction? Met(EffectiveService service, ClientKind client, bool domainKnown)
    {
        foreach (Restriction restriction in RestrictionWalk.ForeignRecipient(service, client))
        {
            if (restriction.Is(Verification.OfRecipient))
                return restriction;
            if (!domainKnown && restriction.Is(KnownDomain))
                return null;
        }

        return null;
    }
}

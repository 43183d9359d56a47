using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>Where address verification is asked for. What an access table asks for cannot be seen here.</summary>
internal static class Verification
{
    /// <summary>The restriction that verifies recipients.</summary>
    public const string OfRecipient = "reject_unverified_recipient";

    private const string OfSender = "reject_unverified_sender";

    /// <summary>The servers that take mail from the network.</summary>
    public static IEnumerable<EffectiveService> PublicServers(RuleContext context) =>
        context.Services.Where(service => service.Daemon == Daemon.Smtpd && service.Role is ServiceRole.Mx or ServiceRole.Submission);

    /// <summary>Whether a service answers by what verification found of a recipient, and does not only log it.</summary>
    public static bool RefusesRecipients(EffectiveService service) =>
        RestrictionLists.Named(service, OfRecipient).Any(restriction => !restriction.WarnsOnly);

    /// <summary>Whether any service sends probes for recipients or senders.</summary>
    public static bool IsUsed(RuleContext context) => context.Services.Any(service => service.Daemon == Daemon.Smtpd
        && (Asks(service, OfRecipient) || Asks(service, OfSender)));

    /// <summary>Whether any service sends probes for recipients.</summary>
    public static bool IsUsedForRecipients(RuleContext context) => context.Services.Any(service => service.Daemon == Daemon.Smtpd
        && Asks(service, OfRecipient));

    /// <summary>Whether any service may send probes: an access table or a policy server may answer with the restriction, too.</summary>
    public static bool MayBeUsed(RuleContext context) => context.Services.Any(service => service.Daemon == Daemon.Smtpd
        && (Asks(service, OfRecipient) || Asks(service, OfSender) || Asks(service, "check_policy_service")
            || RestrictionLists.NamesOf(service).Any(name => name.EndsWith("_access", StringComparison.OrdinalIgnoreCase))));

    /// <summary>Whether a service has a restriction of that name in one of its lists.</summary>
    public static bool Asks(EffectiveService service, string restriction) => RestrictionLists.Named(service, restriction).Any();
}

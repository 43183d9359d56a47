using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>
/// Follows the lists of a server in the order in which smtpd(8) works through them at RCPT TO. What depends on a lookup may permit or
/// refuse and is taken to do neither.
/// </summary>
internal static class RestrictionWalk
{
    private static readonly string[] BeforeRecipient = ["smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions"];

    private static readonly HashSet<string> Refusals = new(StringComparer.OrdinalIgnoreCase)
    {
        "reject", "defer", "reject_unauth_destination", "defer_unauth_destination", "check_relay_domains",
    };

    /// <summary>
    /// The restrictions come to when a client names a recipient in a domain that this host does not serve: until one of them refuses, a
    /// permit ending the list it stands in.
    /// </summary>
    /// <param name="service">An smtpd(8) service.</param>
    /// <param name="client">Who names the recipient.</param>
    public static IEnumerable<Restriction> ForeignRecipient(EffectiveService service, ClientKind client)
    {
        // Without smtpd_delay_reject these lists are through before a recipient is named; what they refuse is refused all the same.
        bool delayed = service.Parameters.IsYes("smtpd_delay_reject");
        foreach (string name in Order(service.Parameters))
        {
            bool counts = delayed || !BeforeRecipient.Contains(name);
            foreach (Restriction restriction in RestrictionLists.Of(service.Parameters, name))
            {
                if (counts)
                    yield return restriction;
                if (Permits(restriction, client))
                    break;
                if (!restriction.WarnsOnly && Refusals.Contains(restriction.Name))
                    yield break;
            }
        }
    }

    /// <summary>
    /// Whether every stranger is refused, whatever recipient he names, but for those that a table permits: a list comes to <c>reject</c>
    /// or <c>defer</c>, and to no permit before.
    /// </summary>
    public static bool RefusesStrangers(EffectiveService service) => Order(service.Parameters).Any(name => RestrictionLists.Of(service.Parameters, name)
        .FirstOrDefault(restriction => Ends(restriction)) is Restriction last && (last.Is("reject") || last.Is("defer")));

    private static bool Ends(Restriction restriction) => restriction.Is("permit") || restriction.Is("permit_auth_destination")
        || (!restriction.WarnsOnly && (restriction.Is("reject") || restriction.Is("defer")));

    /// <summary>The lists in their order: relay restrictions come first since 3.6, where compatibility_level says so.</summary>
    private static IEnumerable<string> Order(EffectiveParameters parameters)
    {
        const string RelayFirst = "smtpd_relay_before_recipient_restrictions";
        string[] last = parameters.Exists(RelayFirst) && parameters.IsYes(RelayFirst)
            ? ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"]
            : ["smtpd_recipient_restrictions", "smtpd_relay_restrictions"];
        return [.. BeforeRecipient, .. last];
    }

    private static bool Permits(Restriction restriction, ClientKind client) => restriction.Is("permit")
        || (client == ClientKind.Network && restriction.Is("permit_mynetworks"))
        || (client == ClientKind.User && restriction.Is("permit_sasl_authenticated"));
}

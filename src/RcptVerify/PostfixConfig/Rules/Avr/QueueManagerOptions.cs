namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>
/// Limits of a transport, <c>relay_destination_concurrency_limit</c>, which qmgr(8) reads from main.cf and no delivery program does
/// (qmgr_transport.c, postconf_service.c). pipe(8)'s time limit is its own.
/// </summary>
internal static class QueueManagerOptions
{
    private static readonly string[] Agents = ["smtp", "lmtp", "pipe", "local", "virtual", "error"];

    // One that ends another comes after it.
    private static readonly string[] Suffixes =
    [
        "_destination_concurrency_limit", "_destination_recipient_limit", "_destination_rate_delay", "_transport_rate_delay",
        "_initial_destination_concurrency", "_destination_concurrency_positive_feedback", "_destination_concurrency_negative_feedback",
        "_destination_concurrency_failed_cohort_limit", "_extra_recipient_limit", "_recipient_refill_limit", "_recipient_refill_delay",
        "_delivery_slot_cost", "_delivery_slot_loan", "_delivery_slot_discount", "_minimum_delivery_slots", "_recipient_limit",
    ];

    /// <summary>The name that qmgr(8) reads for the transport an option is given to; null for an option that is no such limit.</summary>
    public static string? NameInMain(WrittenValue written) =>
        written.Service is { } service && Agents.Contains(service.Service.Command)
            && Suffixes.FirstOrDefault(suffix => written.Name.EndsWith(suffix, StringComparison.Ordinal)) is string limit
            ? service.Service.Name + limit : null;
}

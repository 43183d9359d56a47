namespace RcptVerify.Configuration;

/// <summary>The sections of the configuration file, in its order.</summary>
internal static class SectionNames
{
    public const string Policy = "policy";
    public const string Milter = "milter";
    public const string Socketmap = "socketmap";
    public const string Admin = "admin";
    public const string Reply = "reply";
    public const string Cache = "cache";
    public const string Probe = "probe";
    public const string Log = "log";
    public const string Route = "route";

    /// <summary>Each section with what it is about, in the order of the default file.</summary>
    public static IReadOnlyList<(string Name, string Doc)> All { get; } =
    [
        (Policy, "The policy door: Postfix's check_policy_service."),
        (Milter, "The milter door: Postfix's smtpd_milters."),
        (Socketmap, "The socketmap door: Postfix's relay_recipient_maps = socketmap:…"),
        (Admin, "Health, and the cache commands."),
        (Reply, "What callers are told."),
        (Cache, "What is remembered, and for how long. The expire and refresh times of positives and negatives have the names and "
            + "defaults of Postfix's address_verify_*_time; the grace, recheck and unknown times are ours."),
        (Probe, "How servers are asked."),
        (Log, "What is logged, to standard error."),
        (Route, "Which servers know the recipients of which domains; one [[route]] block each, the most specific domain wins. "
            + "Keys marked \"Routes too\" may be repeated in a route and then hold for it alone."),
    ];
}

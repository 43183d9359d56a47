namespace RcptVerify.Probing;

/// <summary>What looking up MX hosts may cost, and how long an answer counts.</summary>
internal static class MxLimits
{
    /// <summary>MX hosts looked at, best first: 20. Large providers have about ten.</summary>
    public const int MaxHosts = 20;

    /// <summary>Addresses of one host: 8.</summary>
    public const int MaxAddressesPerHost = 8;

    /// <summary>Servers that a probe may go through: 10. Postfix stops at 5 (smtp_mx_address_limit).</summary>
    public const int MaxServers = 10;

    /// <summary>Domains remembered: 10 000. Strangers choose the domains of a route for <c>*</c>.</summary>
    public const int MaxDomains = 10_000;

    /// <summary>Lookups at one time: 200; a domain more is unknown for now.</summary>
    public const int MaxLookups = 200;

    /// <summary>Servers found by DNS whose sessions and health are remembered: 2000.</summary>
    public const int MaxServersKept = 2000;

    /// <summary>One lookup, all its queries together: 5 s, the most a resolver usually tries.</summary>
    public static readonly TimeSpan LookupTime = TimeSpan.FromSeconds(5);

    /// <summary>One query to one DNS server: 2 s.</summary>
    public static readonly TimeSpan QueryTime = TimeSpan.FromSeconds(2);

    /// <summary>An answer counts at least so long, whatever its time to live: 30 s.</summary>
    public static readonly TimeSpan MinLife = TimeSpan.FromSeconds(30);

    /// <summary>An answer counts no longer: 1 h. A changed MX record must not go unnoticed for a day.</summary>
    public static readonly TimeSpan MaxLife = TimeSpan.FromHours(1);

    /// <summary>"No such domain", "no address" and null MX: 1 min. The mail waits anyway.</summary>
    public static readonly TimeSpan NegativeLife = TimeSpan.FromMinutes(1);

    /// <summary>After a failed lookup the next one waits 10 s.</summary>
    public static readonly TimeSpan TroubleLife = TimeSpan.FromSeconds(10);

    /// <summary>While DNS fails, its last answer is used for so long past its time: 1 day.</summary>
    public static readonly TimeSpan StaleTime = TimeSpan.FromDays(1);
}

using System.Net;

namespace RcptVerify.Configuration;

/// <summary>The <c>[probe]</c> section: how servers are asked.</summary>
public sealed record ProbeOptions
{
    /// <summary>Host name or address literal for EHLO and HELO. Default empty: the host's name.</summary>
    public string Helo { get; init; } = Keys.Probes.Helo.DefaultValue;

    /// <summary>The sender for MAIL FROM, or <c>&lt;&gt;</c>. Default empty: double-bounce@ the host's name.</summary>
    public string Sender { get; init; } = Keys.Probes.Sender.DefaultValue;

    /// <summary>How often the sender changes (Postfix's address_verify_sender_ttl). Default 0 s: never.</summary>
    public TimeSpan SenderTtl { get; init; } = Keys.Probes.SenderTtl.DefaultValue;

    /// <summary>All of one probe. 1 s to 300 s, default 15 s.</summary>
    public TimeSpan Timeout { get; init; } = Keys.Probes.Timeout.DefaultValue;

    /// <summary>Reaching one server; not above <see cref="Timeout"/>. 1 s to 300 s, default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = Keys.Probes.ConnectTimeout.DefaultValue;

    /// <summary>Refused recipients after which a client's new addresses are no longer probed; null: no limit. Default 100 an hour.</summary>
    public RateLimit? ClientRefusedLimit { get; init; } = Keys.Probes.ClientRefusedLimit.DefaultValue;

    /// <summary>Clients without that limit. Default: the loopback networks.</summary>
    public IReadOnlyList<IPNetwork> ClientLimitExempt { get; init; } = Keys.Probes.ClientLimitExempt.DefaultValue;

    /// <summary>Most probes within a time to all servers of a route; null: no limit. Default null. Key <c>probe_rate_limit</c>.</summary>
    public RateLimit? ProbeRateLimit { get; init; } = Keys.Probes.RateLimit.DefaultValue;

    /// <summary>Most probes at one time to all servers of a route. 0 to 10 000, default 0: no limit.</summary>
    public int MaxProbes { get; init; } = Keys.Probes.MaxProbes.DefaultValue;

    /// <summary>DNS servers for MX lookups. Default empty: the system's.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; init; } = Keys.Probes.DnsServers.DefaultValue;
}

namespace RcptVerify.Endpoints;

/// <summary>How long a connection to a door may take for what. Whole seconds; judged once a second.</summary>
public sealed record DoorLimits
{
    /// <summary>
    /// An idle connection is closed past this time. Default 1200 s: Postfix closes its side after 300 s without use
    /// (smtpd_policy_service_max_idle) or 1000 s of life (…_max_ttl), and must always be first.
    /// </summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(1200);

    /// <summary>A request that has begun must be complete within this time. Default 100 s (smtpd_policy_service_timeout).</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>A peer must read its answers within this time. Default 30 s.</summary>
    public TimeSpan WriteTime { get; init; } = TimeSpan.FromSeconds(30);
}

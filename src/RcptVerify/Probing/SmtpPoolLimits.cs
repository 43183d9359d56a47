namespace RcptVerify.Probing;

/// <summary>What one pool of sessions may hold and for how long.</summary>
public sealed record SmtpPoolLimits
{
    /// <summary>Probes waiting for a session; more are answered "unknown" at once. Default 10 000.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>Longest wait for a session. Default 1000 s, after which Postfix's verify(8) deems a probe lost (PROBE_TTL).</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(1000);

    /// <summary>A session without work is closed after this time. Default 30 s; Exchange Edge closes after 60 s.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Oldest session used. Default 4 min; Exchange Edge closes after 5 min, whatever the session does.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Quiet time after which a server that found our sessions too many is offered one more. Default 30 s.</summary>
    public TimeSpan GrowInterval { get; init; } = TimeSpan.FromSeconds(30);
}

namespace RcptVerify.Caching;

/// <summary>Caps and times of <see cref="RedisVerdictStore"/> and <see cref="RedisProbeLocks"/>.</summary>
public sealed record RedisStoreLimits
{
    /// <summary>How long a caller waits for a look-up. Default 20 ms; one takes well below 1 ms. With <see cref="LockWithin"/> and what timers add: below 50 ms.</summary>
    public TimeSpan FindWithin { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a caller waits for the word whether it is its turn to probe. Default 20 ms.</summary>
    public TimeSpan LockWithin { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Answers in a row that came too late, after which Redis is passed over. Default 3.</summary>
    public int LateLimit { get; init; } = 3;

    /// <summary>Between two attempts while Redis is passed over. Default 250 ms.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two looks whether Redis, its clock and publish/subscribe still work, and what has been purged. Default 5 s.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What one such look, and connecting, may take. Default 1 s.</summary>
    public TimeSpan SyncWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The life of a lock whose owner does not extend it: a dead owner's probe is taken over after it. Default 5 s, so that callers who wait 8 s still get their answer.</summary>
    public TimeSpan LockLife { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a removed address is remembered as removed. Default 1 day: longer than any probe, and than most outages.</summary>
    public TimeSpan TombstoneLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Most changes waiting while Redis is away. Default 100 000: some 40 MB.</summary>
    public int MaxPending { get; init; } = 100_000;

    /// <summary>Most writes under way; more wait as if Redis were away. Default 4096.</summary>
    public int MaxWrites { get; init; } = 4096;

    /// <summary>Waiting changes written at a time. Default 16: what is under way must not keep callers' look-ups waiting.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Between two such batches. Default 2 ms: some 5000 changes a second.</summary>
    public TimeSpan BatchPause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Most purges remembered; one more counts as a purge of everything. Default 1000.</summary>
    public int MaxPurges { get; init; } = 1000;

    /// <summary>Longest message taken from publish/subscribe: 4096 bytes.</summary>
    public const int MaxMessageBytes = 4096;
}

namespace RcptVerify.Caching;

/// <summary>The pace of <see cref="MemoryRecheck"/>: callers come first, and nobody waits for it.</summary>
public sealed record RecheckLimits
{
    /// <summary>Addresses looked up at a time. Default 16: some 0.2 ms of work, here and in Redis.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Between two batches. Default 2 ms: some 5000 addresses a second, a tenth of a processor.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>After a batch of which nothing was answered. Default 100 ms.</summary>
    public TimeSpan PauseAfterNone { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most entries of memory passed over between two pauses. Default 2000: well below 1 ms.</summary>
    public int StepEntries { get; init; } = 2000;

    /// <summary>Most addresses waiting to be looked up out of turn, because a caller has met them. Default 100 000; more are looked up in their turn.</summary>
    public int MaxHastened { get; init; } = 100_000;
}

namespace RcptVerify.Caching;

/// <summary>Caps and times of <see cref="SqliteVerdictStore"/>.</summary>
public sealed record SqliteStoreLimits
{
    /// <summary>Most verdicts in the file; past it refusals are deleted, oldest first. Default 1 million, as <c>max_entries</c>.</summary>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>Most verdicts waiting to be written. Default 100 000: some 40 MB, and ten seconds of the fastest learning measured.</summary>
    public int MaxPending { get; init; } = 100_000;

    /// <summary>Most look-ups waiting. Default 4096; more callers than that are not served by a slow disk anyway.</summary>
    public int MaxFinds { get; init; } = 4096;

    /// <summary>How long verdicts gather before they are written together. Default 25 ms: what a crash may lose is to stay below 200 ms, on a busy host too.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a caller waits for a look-up. Default 400 ms; one takes well below 1 ms, except behind a stalled disk.</summary>
    public TimeSpan FindWithin { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Rows read or swept in one step, between which look-ups have their turn. Default 500: 1 to 3 ms.</summary>
    public int StepRows { get; init; } = 500;

    /// <summary>Between two steps of the sweep when nothing is written. Default 1 s: once through a million rows in 33 minutes.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After trouble with the file, the next attempt. Default 5 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two counts of the rows while there are too many. Default 1 min; one takes some 50 ms at a million.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is still to be written has this long when the store is closed. Default 10 s.</summary>
    public TimeSpan CloseWithin { get; init; } = TimeSpan.FromSeconds(10);
}

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>The real clock, some time ahead; timers and timestamps are the real ones.</summary>
internal sealed class SkewedClock(TimeSpan ahead) : TimeProvider
{
    private long _ahead = ahead.Ticks;

    /// <summary>How far; may be set while it is in use, as by an administrator.</summary>
    public TimeSpan Ahead
    {
        get => new(Volatile.Read(ref _ahead));
        set => Volatile.Write(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}

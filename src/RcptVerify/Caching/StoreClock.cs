namespace RcptVerify.Caching;

/// <summary>The clock of the store's pauses: real time, whatever clock dates the verdicts.</summary>
/// <param name="time">Its timestamps count; tests turn it by hand.</param>
internal sealed class StoreClock(TimeProvider time)
{
    /// <summary>A timestamp.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Time since a timestamp.</summary>
    public TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    /// <summary>Whether a timestamp has come; <see cref="long.MinValue"/> always has.</summary>
    public bool IsDue(long timestamp) => time.GetTimestamp() >= timestamp;

    /// <summary>The timestamp after a time.</summary>
    public long After(TimeSpan later) => time.GetTimestamp() + (long)(later.TotalSeconds * time.TimestampFrequency);

    /// <summary>Time until a timestamp, negative when it has passed.</summary>
    public TimeSpan LeftUntil(long timestamp) => timestamp == long.MinValue ? TimeSpan.Zero : time.GetElapsedTime(time.GetTimestamp(), timestamp);
}

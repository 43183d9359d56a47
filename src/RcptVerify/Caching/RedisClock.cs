namespace RcptVerify.Caching;

/// <summary>
/// Redis' clock as this node sees it. It is read with each synchronisation and goes on by the monotonic clock in between, so that a
/// step of this node's own clock moves nothing in Redis. Deviations below <see cref="Tolerance"/>, or below what the network may have
/// made, are ignored: a verdict that is read and written again keeps its dates to the millisecond, and a slow answer moves nothing.
/// </summary>
internal sealed class RedisClock(TimeProvider time)
{
    /// <summary>50 ms.</summary>
    public const long Tolerance = 50;

    private Reading? _reading;
    private long _offset;

    /// <summary>Redis' clock less ours, in milliseconds; 0 before the first reading.</summary>
    public long Offset
    {
        get
        {
            if (Volatile.Read(ref _reading) is { } reading)
            {
                long offset = reading.Redis + (long)time.GetElapsedTime(reading.Timestamp).TotalMilliseconds - Now;
                if (Math.Abs(offset - Volatile.Read(ref _offset)) > Math.Max(Tolerance, reading.Uncertainty))
                    Volatile.Write(ref _offset, offset);
            }

            return Volatile.Read(ref _offset);
        }
    }

    /// <summary>Whether it was ever read.</summary>
    public bool IsKnown => Volatile.Read(ref _reading) is not null;

    /// <summary>Our clock, in Unix milliseconds.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes note of what Redis says.</summary>
    /// <param name="redis">Its time, in Unix milliseconds.</param>
    /// <param name="sent">Our timestamp when it was asked.</param>
    public void Set(long redis, long sent)
    {
        long half = (long)time.GetElapsedTime(sent).TotalMilliseconds / 2;
        Volatile.Write(ref _reading, new Reading(redis + half, half, time.GetTimestamp()));
    }

    private sealed record Reading(long Redis, long Uncertainty, long Timestamp);
}

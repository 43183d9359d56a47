using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Notices that the host's clock was set back, and has memory forget what is then dated ahead and not a known good: a refusal would
/// seem young, and be repeated without asking, once the clock has come to its date again. Until then <see cref="Freshness"/> asks
/// first, so that it is early enough to look every <see cref="Interval"/>. Known goods stay: they are asked about behind the answer.
/// </summary>
internal sealed class ClockWatch : IDisposable
{
    private readonly MemoryVerdictStore _memory;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ITimer _timer;
    private long _furthest;

    /// <summary>Begins to watch.</summary>
    /// <param name="memory">What forgets.</param>
    /// <param name="time">The clock that may be set, and the timestamps that cannot.</param>
    public ClockWatch(MemoryVerdictStore memory, TimeProvider time)
    {
        _memory = memory;
        _time = time;
        _began = time.GetTimestamp();
        _furthest = Ahead();
        _timer = time.CreateTimer(static state => ((ClockWatch)state!).Look(), this, Interval, Interval);
    }

    /// <summary>Between two looks: 30 s, half of <see cref="Freshness.MaxClockSkew"/>.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(Freshness.MaxClockSkew / 2);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>How far the clock is ahead of the time that has passed; only differences mean something. Milliseconds.</summary>
    private long Ahead() => _time.GetUtcNow().ToUnixTimeMilliseconds() - (long)_time.GetElapsedTime(_began).TotalMilliseconds;

    private void Look()
    {
        long ahead = Ahead();
        long furthest = Volatile.Read(ref _furthest);
        if (ahead < furthest - Freshness.MaxClockSkew)
            _memory.ForgetAhead(_time.GetUtcNow().ToUnixTimeMilliseconds());
        else if (ahead <= furthest)
            return;
        Volatile.Write(ref _furthest, ahead);
    }
}

using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>How a probe fared at its route's caps.</summary>
internal enum RouteEntry : byte
{
    /// <summary>It may go on, and must call <see cref="RouteLimiter.Leave"/>.</summary>
    Entered,

    /// <summary>A refresh, and the rate is spent: what is known goes on being served.</summary>
    Skipped,

    /// <summary>Too many wait already.</summary>
    QueueFull,

    /// <summary>It waited too long.</summary>
    TooLate,

    /// <summary>The process is stopping.</summary>
    Stopping,
}

/// <summary>
/// Holds a route's probes to its <see cref="ProbeCaps"/>. Past a cap probes wait, callers first and refreshes last; a
/// refresh that meets a spent rate is skipped. The queue is bounded in length and time (<see cref="SmtpPoolLimits"/>).
/// <para>
/// Never more than the rate within any period, whatever its beginning: the count is kept in sixtieths of the period, and the one
/// that is only half past counts whole.
/// </para>
/// </summary>
internal sealed class RouteLimiter : IDisposable
{
    private const int Slots = 60;

    private readonly Lock _lock = new();
    private readonly string _route;
    private readonly ProbeCaps _caps;
    private readonly SmtpPoolLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RepeatGuard _lines;
    private readonly ITimer _timer;
    private readonly Queue<Waiter> _callers = new();
    private readonly Queue<Waiter> _background = new();
    private readonly int[] _started = new int[Slots + 1];
    private readonly long _slotLength;
    private long _slot;
    private int _startedInPeriod;
    private int _running;
    private bool _disposed;

    public RouteLimiter(string route, ProbeCaps caps, SmtpPoolLimits limits, TimeProvider time, ILogger log)
    {
        _route = route;
        _caps = caps;
        _limits = limits;
        _time = time;
        _log = log;
        _lines = new RepeatGuard(time, perMinute: 1);
        _slotLength = Math.Max(1, (long)(caps.Period.TotalSeconds * time.TimestampFrequency / Slots));
        _timer = time.CreateTimer(static state => ((RouteLimiter)state!).Dispatch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for a place.</summary>
    public ValueTask<RouteEntry> EnterAsync(ProbePriority priority)
    {
        lock (_lock)
        {
            if (_disposed)
                return new(RouteEntry.Stopping);
            Advance();
            bool isFirst = _callers.Count == 0 && (priority == ProbePriority.Caller || _background.Count == 0);
            if (isFirst && TryStart())
                return new(RouteEntry.Entered);
            TellHeldBack();
            if (priority == ProbePriority.Background && RateIsSpent)
                return new(RouteEntry.Skipped);
            if (_callers.Count + _background.Count >= _limits.MaxWaiting)
                return new(RouteEntry.QueueFull);
            Waiter waiter = new(_time.GetTimestamp());
            (priority == ProbePriority.Caller ? _callers : _background).Enqueue(waiter);
            SetTimer();
            return new(waiter.Task);
        }
    }

    /// <summary>A probe that entered has ended.</summary>
    public void Leave()
    {
        lock (_lock)
            _running--;
        Dispatch();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (Waiter waiter in _callers.Concat(_background))
                waiter.SetResult(RouteEntry.Stopping);
            _callers.Clear();
            _background.Clear();
            _timer.Dispose();
        }
    }

    private bool RateIsSpent => _caps.Rate > 0 && _startedInPeriod >= _caps.Rate;

    private bool TryStart()
    {
        if (RateIsSpent || (_caps.MaxProbes > 0 && _running >= _caps.MaxProbes))
            return false;
        _running++;
        if (_caps.Rate > 0)
        {
            _started[_slot % _started.Length]++;
            _startedInPeriod++;
        }

        return true;
    }

    private void Dispatch()
    {
        lock (_lock)
        {
            if (_disposed || _callers.Count + _background.Count == 0)
                return;
            Advance();
            DropLate(_callers);
            DropLate(_background);
            while (_callers.Count > 0 && TryStart())
                _callers.Dequeue().SetResult(RouteEntry.Entered);
            while (_callers.Count == 0 && _background.Count > 0 && TryStart())
                _background.Dequeue().SetResult(RouteEntry.Entered);
            while (RateIsSpent && _background.TryDequeue(out Waiter? refresh))
                refresh.SetResult(RouteEntry.Skipped);
            SetTimer();
        }
    }

    private void DropLate(Queue<Waiter> queue)
    {
        while (queue.TryPeek(out Waiter? waiter) && _time.GetElapsedTime(waiter.Since) >= _limits.MaxWait)
            queue.Dequeue().SetResult(RouteEntry.TooLate);
    }

    /// <summary>Wakes when the rate allows another probe, or the longest waiter has waited too long. Places free themselves.</summary>
    private void SetTimer()
    {
        if (_callers.Count + _background.Count == 0)
            return;
        long now = _time.GetTimestamp();
        long since = Math.Min(
            _callers.TryPeek(out Waiter? caller) ? caller.Since : long.MaxValue, _background.TryPeek(out Waiter? refresh) ? refresh.Since : long.MaxValue);
        TimeSpan wait = _limits.MaxWait - _time.GetElapsedTime(since, now);
        if (RateIsSpent)
        {
            long slot = _slot - Slots;
            while (_started[Math.Max(slot, 0) % _started.Length] == 0 || slot < 0)
                slot++;
            TimeSpan next = _time.GetElapsedTime(now, (slot + _started.Length) * _slotLength);
            wait = next < wait ? next : wait;
        }

        // A timer of the system counts milliseconds, and must not wake before its time.
        _timer.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Forgets the slots that lie a whole period back.</summary>
    private void Advance()
    {
        long slot = _time.GetTimestamp() / _slotLength;
        for (long begun = Math.Max(_slot + 1, slot - Slots); begun <= slot; begun++)
        {
            ref int count = ref _started[begun % _started.Length];
            _startedInPeriod -= count;
            count = 0;
        }

        _slot = slot;
    }

    private void TellHeldBack()
    {
        if (!_lines.MayPass(out long held))
            return;
        string cap = RateIsSpent ? "probe_rate_limit" : "max_probes";
        Log.ProbesHeldBack(_log, _route, cap, held + 1, _callers.Count + _background.Count);
    }

    // Asynchronous: whoever makes place is a probe with answers of its own to give.
    private sealed class Waiter(long since) : TaskCompletionSource<RouteEntry>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Since { get; } = since;
    }
}

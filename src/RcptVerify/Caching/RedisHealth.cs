using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Caching;

/// <summary>
/// Whether Redis is worth asking: a circuit breaker. Late answers in a row open it, and so does a lost connection; while it is open
/// nobody waits for Redis. Callers never try it out: it closes when a synchronisation has gone all the way, through the scripts and
/// back by publish/subscribe.
/// </summary>
/// <param name="name">Redis' endpoints, without secrets.</param>
/// <param name="lateLimit">Late answers in a row that open it.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For "gone" and "back", a line each.</param>
internal sealed class RedisHealth(string name, int lateLimit, TimeProvider time, ILogger log)
{
    private readonly Lock _lock = new();
    private readonly RepeatGuard _lines = new(time);
    private volatile bool _isUp;
    private bool _wasUp;
    private bool _told;
    private string? _toldRefusal;
    private int _late;
    private long _downSince = time.GetTimestamp();

    /// <summary>Whether it may be asked. False until the first synchronisation.</summary>
    public bool IsUp => _isUp;

    /// <summary>Raised when it opens.</summary>
    public event Action? WentDown;

    /// <summary>An answer came in time.</summary>
    public void InTime()
    {
        if (Volatile.Read(ref _late) != 0)
            Volatile.Write(ref _late, 0);
    }

    /// <summary>An answer came too late.</summary>
    public void Late()
    {
        if (Interlocked.Increment(ref _late) >= lateLimit)
            Down("answers come too late");
    }

    /// <summary>It cannot be used.</summary>
    /// <param name="trouble">Why, printable.</param>
    /// <param name="refusal">Why we do not want it: told even where it was away before, since waiting does not mend it. Null: we do.</param>
    public void Down(string trouble, string? refusal = null)
    {
        lock (_lock)
        {
            if (_told && !_isUp && (refusal is null || refusal == _toldRefusal))
                return;
            if (_isUp)
                _downSince = time.GetTimestamp();
            _isUp = false;
            _told = true;
            _toldRefusal = refusal;
            if (refusal is not null)
                trouble += "; " + refusal;
            if (_lines.MayPass(out long held))
            {
                TellHeld(held);
                Log.RedisDown(log, name, LogEscape.Text(trouble));
            }
        }

        WentDown?.Invoke();
    }

    /// <summary>It works.</summary>
    public void Up()
    {
        Volatile.Write(ref _late, 0);
        lock (_lock)
        {
            if (_isUp)
                return;
            _isUp = true;
            _told = true;
            _toldRefusal = null;
            bool wasUp = _wasUp;
            _wasUp = true;
            if (_lines.MayPass(out long held))
            {
                TellHeld(held);
                if (wasUp)
                    Log.RedisBack(log, name, TimeSpan.FromSeconds(Math.Round(time.GetElapsedTime(_downSince).TotalSeconds)));
                else
                    Log.RedisUp(log, name);
            }
        }
    }

    private void TellHeld(long held)
    {
        if (held > 0)
            Log.Repeated(log, held, "Redis that went or came back");
    }
}

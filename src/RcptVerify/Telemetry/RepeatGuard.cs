namespace RcptVerify.Telemetry;

/// <summary>
/// Lets a few lines of one kind through a minute and counts the rest: a fault that repeats a thousand times a second
/// must neither fill a disk nor hide the other lines.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="perMinute">Lines let through a minute, at least 1. Default 10.</param>
public sealed class RepeatGuard(TimeProvider time, int perMinute = 10)
{
    private readonly Lock _lock = new();
    private long _minute = -1;
    private int _passed;
    private long _held;

    /// <summary>Whether a line may be written now.</summary>
    /// <param name="heldBefore">Lines left out until now that nobody has spoken of yet: log them with this one.</param>
    public bool MayPass(out long heldBefore)
    {
        lock (_lock)
        {
            heldBefore = 0;
            long minute = time.GetTimestamp() / (time.TimestampFrequency * 60);
            if (minute != _minute)
            {
                _minute = minute;
                _passed = 0;
                heldBefore = _held;
                _held = 0;
            }

            if (_passed < perMinute)
            {
                _passed++;
                return true;
            }

            _held += 1 + heldBefore;
            heldBefore = 0;
            return false;
        }
    }
}

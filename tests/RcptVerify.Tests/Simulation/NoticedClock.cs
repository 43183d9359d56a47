using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace RcptVerify.Tests.Simulation;

/// <summary>A fake clock that tells when somebody has begun to wait on it.</summary>
internal sealed class NoticedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public NoticedClock()
    {
    }

    public NoticedClock(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>The due time of the next timer nobody has asked for yet; waits until there is one.</summary>
    public async Task<TimeSpan> TimerAsync()
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20), System);
        return await _timers.Reader.ReadAsync(deadline.Token);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }
}

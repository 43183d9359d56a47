using Microsoft.Extensions.Time.Testing;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed class RepeatGuardTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_few_lines_a_minute_pass_and_the_next_minute_tells_of_the_rest()
    {
        RepeatGuard guard = new(_time, perMinute: 3);
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => guard.MayPass(out long held) || held != 0));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(guard.MayPass(out long first));
        Assert.True(guard.MayPass(out long second));
        Assert.Equal((2, 0), (first, second));
    }

    [Fact]
    public void What_was_held_is_told_even_after_hours_of_silence_and_only_once()
    {
        RepeatGuard guard = new(_time, perMinute: 1);
        guard.MayPass(out _);
        for (int i = 0; i < 1000; i++)
            Assert.False(guard.MayPass(out _));
        _time.Advance(TimeSpan.FromHours(5));
        Assert.True(guard.MayPass(out long held));
        Assert.Equal(1000, held);
        _time.Advance(TimeSpan.FromHours(5));
        Assert.True(guard.MayPass(out held));
        Assert.Equal(0, held);
    }

    [Fact]
    public void Ten_lines_pass_unless_told_otherwise()
    {
        RepeatGuard guard = new(_time);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => guard.MayPass(out long _)));
    }

    [Fact]
    public void From_many_threads_every_line_is_either_passed_or_counted()
    {
        RepeatGuard guard = new(_time, perMinute: 10);
        int passed = 0;
        Parallel.For(0, 10_000, _ =>
        {
            if (guard.MayPass(out long _))
                Interlocked.Increment(ref passed);
        });
        _time.Advance(TimeSpan.FromMinutes(1));
        guard.MayPass(out long held);
        Assert.Equal((10, 9990), (passed, held));
    }
}

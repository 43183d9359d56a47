using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>A route's caps on probes: by rate and at one time.</summary>
public sealed class RouteLimiterTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger<SmtpProber> _log = new();
    private readonly List<RouteLimiter> _limiters = [];

    public void Dispose() => _limiters.ForEach(l => l.Dispose());

    [Fact]
    public void No_more_than_the_rate_start_within_any_period()
    {
        RouteLimiter limiter = Limiter(new(0, 10, Minute));
        List<Task<RouteEntry>> waiting = [.. Enumerable.Range(0, 100).Select(_ => Enter(limiter))];
        List<int> startedBySecond = [];
        int before = 0;
        for (int second = 0; second < 300; second++)
        {
            int now = waiting.Count(w => w.IsCompleted);
            startedBySecond.Add(now - before);
            before = now;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(Enumerable.Range(0, 240), at => Assert.InRange(startedBySecond.Skip(at).Take(60).Sum(), 0, 10));
        Assert.InRange(before, 40, 50); // and not much less than it allows
        Assert.All(waiting.Where(w => w.IsCompleted), w => Assert.Equal(RouteEntry.Entered, w.Result));
    }

    [Fact]
    public void No_more_than_the_cap_are_under_way_and_each_that_ends_makes_place()
    {
        RouteLimiter limiter = Limiter(new(2, 0, TimeSpan.Zero));
        Task<RouteEntry>[] probes = [.. Enumerable.Range(0, 4).Select(_ => Enter(limiter))];
        Assert.Equal([true, true, false, false], probes.Select(p => p.IsCompleted));

        limiter.Leave();
        Assert.Equal([true, true, true, false], probes.Select(p => p.IsCompleted));
        limiter.Leave();
        Assert.All(probes, p => Assert.True(p.IsCompleted));
    }

    [Fact]
    public void Callers_come_before_refreshes()
    {
        RouteLimiter limiter = Limiter(new(1, 0, TimeSpan.Zero));
        _ = Enter(limiter);
        Task<RouteEntry> refresh = Enter(limiter, ProbePriority.Background);
        Task<RouteEntry> caller = Enter(limiter);

        limiter.Leave();
        Assert.Equal((true, false), (caller.IsCompleted, refresh.IsCompleted));
        limiter.Leave();
        Assert.True(refresh.IsCompleted);
    }

    [Fact]
    public async Task A_refresh_is_skipped_while_the_rate_is_spent()
    {
        RouteLimiter limiter = Limiter(new(0, 1, Minute));
        Assert.Equal(RouteEntry.Entered, await Enter(limiter, ProbePriority.Background));
        limiter.Leave();

        Assert.Equal(RouteEntry.Skipped, await Enter(limiter, ProbePriority.Background));
        Assert.False(Enter(limiter).IsCompleted);
    }

    [Fact]
    public async Task The_queue_is_bounded_in_length_and_time()
    {
        RouteLimiter limiter = Limiter(new(1, 0, TimeSpan.Zero), new SmtpPoolLimits { MaxWaiting = 1, MaxWait = TimeSpan.FromSeconds(30) });
        await Enter(limiter);
        Task<RouteEntry> waiting = Enter(limiter);

        Assert.Equal(RouteEntry.QueueFull, await Enter(limiter));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RouteEntry.TooLate, await waiting);
    }

    [Fact]
    public async Task Whoever_waits_is_let_go_at_the_end()
    {
        RouteLimiter limiter = Limiter(new(1, 0, TimeSpan.Zero));
        await Enter(limiter);
        Task<RouteEntry> waiting = Enter(limiter);
        limiter.Dispose();

        Assert.Equal(RouteEntry.Stopping, await waiting);
        Assert.Equal(RouteEntry.Stopping, await Enter(limiter));
    }

    [Fact]
    public void The_log_tells_once_a_minute_what_was_held_back()
    {
        RouteLimiter limiter = Limiter(new(0, 1, TimeSpan.FromHours(1)));
        for (int i = 0; i < 5; i++)
            _ = Enter(limiter);
        _time.Advance(Minute);
        _ = Enter(limiter);

        Assert.Equal(
            [
                (EventIds.ProbesHeldBack, "route example.com: probe_rate_limit held back 1 probes since the last such line, 0 wait now"),
                (EventIds.ProbesHeldBack, "route example.com: probe_rate_limit held back 4 probes since the last such line, 4 wait now"),
            ],
            _log.Lines);
    }

    private RouteLimiter Limiter(ProbeCaps caps, SmtpPoolLimits? limits = null)
    {
        RouteLimiter limiter = new("example.com", caps, limits ?? new SmtpPoolLimits(), _time, _log);
        _limiters.Add(limiter);
        return limiter;
    }

    private static Task<RouteEntry> Enter(RouteLimiter limiter, ProbePriority priority = ProbePriority.Caller) => limiter.EnterAsync(priority).AsTask();
}

using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

/// <summary>A start without trouble, and the end of one, are no warnings: who watches for them would learn to look away.</summary>
public sealed class LogLevelTests
{
    [Fact]
    public void Redis_in_use_and_back_is_told_without_a_warning_and_the_first_time_without_a_time()
    {
        FakeTimeProvider time = new();
        Assert.Equal(
            [
                "<6>redis r:6379: in use",
                "<3>error: redis r:6379 IS AWAY: connection lost. Memory and probes go on, each node for itself; what is learnt meanwhile is written when it is back",
                "<6>redis r:6379 is back, after 00:00:07",
            ],
            Lines(log =>
            {
                RedisHealth health = new("r:6379", 3, time, log);
                time.Advance(TimeSpan.FromSeconds(3));
                health.Up();
                health.Down("connection lost");
                time.Advance(TimeSpan.FromSeconds(7));
                health.Up();
            }));
    }

    [Fact]
    public void A_Redis_that_was_away_at_the_start_is_in_use_later() => Assert.Equal(
        "<6>redis r:6379: in use",
        Lines(log =>
        {
            RedisHealth health = new("r:6379", 3, new FakeTimeProvider(), log);
            health.Down("nobody listens there");
            health.Up();
        })[^1]);

    [Fact]
    public void A_server_that_is_back_is_no_warning() =>
        Assert.Equal(["<6>server=ex1:25 is back, after 00:01:00"], Lines(log => Log.BackendBack(log, "ex1:25", TimeSpan.FromMinutes(1))));

    [Fact]
    public void One_route_is_one_route() => Assert.Equal(
        ["<6>started, version 1, 1 route", "<6>configuration f read again: 2 routes"],
        Lines(log =>
        {
            Log.Started(log, "1", Counted.Routes(1));
            Log.Reloaded(log, "f", Counted.Routes(2));
        }));

    private static string[] Lines(Action<ILogger> write)
    {
        using MemoryStream output = new();
        using (LogWriter writer = new(output, new LinePrefix(new FakeTimeProvider(), "mx1", 1, journal: true)))
        using (PostfixLoggerProvider provider = new(writer))
            write(provider.CreateLogger("test"));
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
    }
}

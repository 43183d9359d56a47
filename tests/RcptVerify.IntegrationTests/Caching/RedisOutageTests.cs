using System.Collections.Concurrent;
using System.Globalization;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Redis goes and comes back while eight callers ask for what memory knows and for what it does not.</summary>
[Collection(Alone.Name)]
public sealed class RedisOutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(UnixSignal.Kill)]
    [InlineData(UnixSignal.Stop)]
    public async Task An_outage_under_load_makes_no_answer_wrong_and_nobody_wait(UnixSignal signal)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode node = await RedisNode.StartAsync(redis.ConnectionString, backend);
        for (int i = 0; i < 100; i++)
            await node.AskAsync($"user{i}@example.com");
        using CancellationTokenSource end = new();
        ConcurrentQueue<double> misses = new();
        Task[] callers = [.. Enumerable.Range(0, 8).Select(caller => Task.Run(() => AskAsync(node, caller, misses, end.Token)))];

        await MoreAsync(100);
        misses.Clear();
        await redis.SignalAsync(signal);
        await MoreAsync(2000);
        double[] waits = [.. misses.Order()];
        if (signal == UnixSignal.Kill)
            await redis.StartAgainAsync();
        else
            await redis.SignalAsync(UnixSignal.Continue);
        await node.UntilUpAsync();
        await MoreAsync(100);
        await end.CancelAsync();
        await Task.WhenAll(callers); // a wrong answer or an error ends here

        // The longest wait is the scheduler's on a busy machine; that most do not wait is the breaker's.
        Assert.InRange(waits[waits.Length / 2], 0, 20);
        Assert.InRange(waits[waits.Length * 9 / 10], 0, 50);
        await Eventually.HoldsAsync(
            async () => int.Parse(await redis.CliAsync("dbsize"), CultureInfo.InvariantCulture) >= waits.Length, "what was learnt meanwhile in Redis", Patience);

        Task MoreAsync(int count)
        {
            int from = misses.Count;
            return Eventually.HoldsAsync(
                () => misses.Count >= from + count || Array.Exists(callers, caller => caller.IsFaulted), "more answers", Patience);
        }
    }

    private static async Task AskAsync(RedisNode node, int caller, ConcurrentQueue<double> misses, CancellationToken end)
    {
        for (int i = 0; !end.IsCancellationRequested; i++)
        {
            Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync($"user{i % 100}@example.com"));
            bool isKnown = i % 3 != 0;
            long began = TimeProvider.System.GetTimestamp();
            VerificationOutcome outcome = await node.AskAsync($"{(isKnown ? "user" : "no")}{caller}-{i}@example.com");
            misses.Enqueue(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            Assert.Equal(isKnown ? VerificationOutcome.Deliverable : VerificationOutcome.Undeliverable, outcome);
        }
    }
}

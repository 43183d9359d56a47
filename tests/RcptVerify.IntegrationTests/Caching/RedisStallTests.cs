using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>
/// A real Redis that is stopped and answers nothing, and callers whose waiting is measured by a clock in the test's hand: the limits
/// hold for each of them, however busy the machine is.
/// </summary>
public sealed class RedisStallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    /// <summary>Nothing but callers' late answers may tell that it stands still.</summary>
    private static readonly RedisStoreLimits Limits = new() { SyncWithin = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_single_miss_waits_for_the_look_up_and_for_the_lock_forty_milliseconds_in_all_and_the_third_for_neither()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountedWaits waits = new();
        await using RedisNode node = await StartAsync(redis, waits);
        await redis.SignalAsync(UnixSignal.Stop);

        Task<VerificationOutcome> first = node.AskAsync("first@example.com");
        waits.Advance(Limits.FindWithin - Instant);
        Assert.False(first.IsCompleted);
        waits.Advance(Instant);
        await UntilAsync(() => waits.OfTwentyMilliseconds == 2, "the wait for the lock");
        waits.Advance(Limits.LockWithin - Instant);
        Assert.False(first.IsCompleted);
        waits.Advance(Instant);
        Assert.Equal(VerificationOutcome.Deliverable, await SoonAsync(first));
        Assert.True(node.Redis.IsUp); // two late answers

        Task<VerificationOutcome> second = node.AskAsync("no-second@example.com");
        Assert.False(second.IsCompleted);
        waits.Advance(Limits.FindWithin);
        Assert.Equal(VerificationOutcome.Undeliverable, await SoonAsync(second));
        Assert.False(node.Redis.IsUp); // three

        Assert.Equal(VerificationOutcome.Deliverable, await SoonAsync(node.AskAsync("third@example.com")));
        Assert.Equal(3, waits.OfTwentyMilliseconds);
        await redis.SignalAsync(UnixSignal.Continue);
    }

    [Fact]
    public async Task Of_two_hundred_misses_at_once_none_waits_longer_and_all_but_two_wait_for_the_look_up_alone()
    {
        const int Callers = 200;
        await using RedisServer redis = await RedisServer.StartAsync();
        CountedWaits waits = new();
        await using RedisNode node = await StartAsync(redis, waits);
        await redis.SignalAsync(UnixSignal.Stop);

        Task<VerificationOutcome>[] answers = [.. Enumerable.Range(0, Callers).Select(i => node.AskAsync($"user{i}@example.com"))];
        Assert.Equal(Callers, waits.OfTwentyMilliseconds);
        waits.Advance(Limits.FindWithin - Instant);
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        waits.Advance(Instant);
        await UntilAsync(() => Done() + waits.OfTwentyMilliseconds == 2 * Callers, "answers, and waits for a lock");
        Assert.InRange(Callers - Done(), 0, Limits.LateLimit - 1);
        waits.Advance(Limits.LockWithin);

        Assert.All(await SoonAsync(Task.WhenAll(answers)), answer => Assert.Equal(VerificationOutcome.Deliverable, answer));
        await redis.SignalAsync(UnixSignal.Continue);

        int Done() => answers.Count(answer => answer.IsCompleted);
    }

    [Fact]
    public async Task Who_waits_for_another_nodes_probe_when_Redis_stops_probes_when_the_locks_time_is_over()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        TaskCompletionSource gate = new();
        CountingBackend slow = new() { Gate = gate.Task };
        await using RedisNode owner = await RedisNode.StartAsync(redis.ConnectionString, slow);
        Task<VerificationOutcome> owners = owner.AskAsync("user@example.com");
        await UntilAsync(() => !slow.Probes.IsEmpty, "the other node's probe");
        CountedWaits waits = new();
        await using RedisNode node = await StartAsync(redis, waits);
        Task<VerificationOutcome> waiting = node.AskAsync("user@example.com");
        await UntilAsync(() => waits.ForAnotherNode == 1, "the wait for the other node");
        await redis.SignalAsync(UnixSignal.Stop);

        int before = waits.OfTwentyMilliseconds;
        waits.Advance(Limits.LockLife + Limits.LockWithin);
        await UntilAsync(() => waits.OfTwentyMilliseconds == before + 1, "the wait for the lock");
        Assert.False(waiting.IsCompleted);
        waits.Advance(Limits.LockWithin);

        Assert.Equal(VerificationOutcome.Deliverable, await SoonAsync(waiting));
        await redis.SignalAsync(UnixSignal.Continue);
        gate.SetResult();
        Assert.Equal(VerificationOutcome.Deliverable, await SoonAsync(owners));
    }

    private static Task<RedisNode> StartAsync(RedisServer redis, CountedWaits waits) =>
        RedisNode.StartAsync(new RedisServerSettings(redis.ConnectionString), new CountingBackend(), waits, limits: Limits, waits: waits);

    private static Task<T> SoonAsync<T>(Task<T> task) => task.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);

    private static Task UntilAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(condition, what, Patience);

    /// <summary>A clock in the test's hand that counts the waits: those of 20 ms, for a look-up or a lock, and those for what another node does.</summary>
    private sealed class CountedWaits() : FakeTimeProvider(System.GetUtcNow())
    {
        private int _short;
        private int _long;

        public int OfTwentyMilliseconds => Volatile.Read(ref _short);

        public int ForAnotherNode => Volatile.Read(ref _long);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Limits.FindWithin)
                Interlocked.Increment(ref _short);
            else if (dueTime > Limits.LockLife / 2 && dueTime < Patience)
                Interlocked.Increment(ref _long);
            return timer;
        }
    }
}

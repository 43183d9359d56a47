using System.Text;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Nodes with one real Redis between them and one backend behind them.</summary>
[Collection(Alone.Name)]
public sealed class RedisVerdictStoreTests
{
    private const string User = "user@example.com";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Two_nodes_asked_for_the_same_1000_recipients_by_200_callers_probe_each_once()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await using RedisNode two = await RedisNode.StartAsync(redis.ConnectionString, backend);
        string[] recipients = [.. Enumerable.Range(0, 1000).Select(i => $"{(i % 3 == 0 ? "no" : "user")}{i}@example.com")];
        await Task.WhenAll(Enumerable.Range(0, 200).Select(caller => Task.Run(async () =>
        {
            RedisNode node = caller % 2 == 0 ? one : two;
            foreach (string recipient in recipients)
            {
                Assert.Equal(
                    recipient.StartsWith("no", StringComparison.Ordinal) ? VerificationOutcome.Undeliverable : VerificationOutcome.Deliverable,
                    await node.AskAsync(recipient));
            }
        })));
        Assert.Equal(1000, backend.Probes.Count);
        Assert.Equal(1000, backend.Probes.Distinct().Count());
    }

    [Fact]
    public async Task A_look_up_that_memory_cannot_answer_is_one_command()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using (RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend))
        {
            for (int i = 0; i < 50; i++)
                await one.AskAsync($"user{i}@example.com");
        }

        await using RedisNode fresh = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await redis.CliAsync("config", "resetstat");
        for (int i = 0; i < 50; i++)
            Assert.Equal(VerificationOutcome.Deliverable, await fresh.AskAsync($"user{i}@example.com"));
        Assert.Equal(50, backend.Probes.Count);
        Assert.Equal(50, await redis.CallsAsync("getrange"));
        Assert.InRange(await redis.CallsAsync("evalsha"), 0, 3); // the node's own look every second
        Assert.Equal(0, await redis.CallsAsync("get"));
    }

    [Fact]
    public async Task What_one_node_learns_comes_to_the_other_nodes_memory()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await using RedisNode two = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await one.AskAsync(User);
        await two.UntilAsync(User, verdict => verdict is { Status: VerdictStatus.Deliverable });
    }

    [Fact]
    public async Task A_removal_and_a_purge_reach_the_other_nodes_memory_and_nothing_late_comes_back()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await using RedisNode two = await RedisNode.StartAsync(redis.ConnectionString, backend);
        foreach (string recipient in new[] { User, "no@example.com", "other@example.com" })
        {
            await one.AskAsync(recipient);
            await two.UntilAsync(recipient, verdict => verdict is not null);
        }

        Verdict old = one.Remembered(User)!;
        await one.Redis.RemoveAsync(Encoding.UTF8.GetBytes(User));
        await two.UntilAsync(User, verdict => verdict is null);
        two.Redis.Put(old); // as if it had been on its way
        await two.Redis.RemoveAsync("barrier@example.com"u8.ToArray());
        Assert.Null((await one.Redis.FindAsync(old.Address)).Verdict);

        Verdict refusal = one.Remembered("no@example.com")!;
        await one.Redis.PurgeAsync(PurgeScope.Negatives);
        await two.UntilAsync("no@example.com", verdict => verdict is null);
        Assert.NotNull(two.Remembered("other@example.com"));
        two.Redis.Put(refusal);
        await two.Redis.RemoveAsync("barrier@example.com"u8.ToArray());
        Assert.Null((await two.Redis.FindAsync(refusal.Address)).Verdict);
        await one.Redis.PurgeAsync(PurgeScope.OfDomain("example.com")!);
        await two.UntilAsync("other@example.com", verdict => verdict is null);
        Assert.Null((await two.Redis.FindAsync(Encoding.UTF8.GetBytes("other@example.com"))).Verdict);
    }

    [Fact]
    public async Task Redis_killed_and_restarted_costs_no_answer_and_what_was_learnt_meanwhile_is_written()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await one.AskAsync(User);
        await redis.SignalAsync(UnixSignal.Kill);
        Assert.Equal(VerificationOutcome.Deliverable, await one.AskAsync(User));
        Assert.Equal(VerificationOutcome.Deliverable, await one.AskAsync("during@example.com"));
        Assert.Equal(2, backend.Probes.Count);
        int generation = one.Redis.Generation;
        await redis.StartAgainAsync();
        await one.UntilUpAsync();
        Assert.NotEqual(generation, one.Redis.Generation);
        Assert.Equal(VerificationOutcome.Deliverable, await one.AskAsync(User)); // checked anew, and told to a Redis that had lost it
        await Eventually.HoldsAsync(
            async () => (await redis.CliAsync("keys", "rcptverify:v1:verdict:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 2,
            "both verdicts in Redis", Patience);
        Assert.Equal(2, backend.Probes.Count);
    }

    [Fact]
    public async Task A_node_that_missed_a_removal_does_not_say_it_after_it_is_connected_again()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await using RedisNode two = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await one.AskAsync("no@example.com");
        await two.UntilAsync("no@example.com", verdict => verdict is not null);
        // The removal happens where nobody is told.
        await redis.CliAsync("eval", "redis.call('SET', KEYS[1], string.char(2) .. struct.pack('>I8', redis.call('TIME')[1] * 1000 + 999), 'PX', 60000)",
            "1", "rcptverify:v1:verdict:{<no@example.com>}");
        int generation = two.Redis.Generation;
        await redis.CliAsync("client", "kill", "type", "normal");
        await redis.CliAsync("client", "kill", "type", "pubsub");
        await Eventually.HoldsAsync(() => two.Redis.IsUp && two.Redis.Generation != generation, "a new generation", Patience);
        backend.Answer = VerdictStatus.Deliverable;
        Assert.Equal(VerificationOutcome.Deliverable, await two.AskAsync("no@example.com"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_Redis_that_stands_still()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await one.AskAsync("warm@example.com");
        await redis.SignalAsync(UnixSignal.Stop);
        List<double> waits = [];
        for (int i = 0; i < 100; i++)
        {
            long began = TimeProvider.System.GetTimestamp();
            Assert.Equal(VerificationOutcome.Deliverable, await one.AskAsync($"user{i}@example.com"));
            waits.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        waits.Sort();
        Assert.InRange(waits[^1], 0, 150); // 40 ms, and what a busy machine adds
        Assert.InRange(waits[90], 0, 10); // most find it passed over
        await redis.SignalAsync(UnixSignal.Continue);
        await one.UntilUpAsync();
        await Eventually.HoldsAsync(
            async () => (await redis.CliAsync("dbsize")).Trim() == "101", "all verdicts in Redis", Patience, () => string.Join('\n', one.Log.Lines));
    }

    [Fact]
    public async Task The_lock_of_an_owner_that_died_is_taken_over()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await redis.CliAsync("set", "rcptverify:v1:probe:{<user@example.com>}", "dead", "px", "600");
        long began = TimeProvider.System.GetTimestamp();
        Assert.Equal(VerificationOutcome.Deliverable, await one.AskAsync(User));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, 300, 5000);
        Assert.Single(backend.Probes);
    }

    [Fact]
    public async Task A_temporary_failure_is_told_to_the_other_node_too()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        TaskCompletionSource gate = new();
        CountingBackend backend = new() { Answer = VerdictStatus.Unknown, Gate = gate.Task };
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await using RedisNode two = await RedisNode.StartAsync(redis.ConnectionString, backend);
        Task<VerificationOutcome> asked = one.AskAsync(User);
        await Eventually.HoldsAsync(() => backend.Probes.Count == 1, "a probe", Patience);
        Task<VerificationOutcome> waiting = two.AskAsync(User);
        await Eventually.HoldsAsync(async () => await redis.CallsAsync("pttl") > 0, "the other node at the lock", Patience);
        gate.SetResult();
        Assert.Equal(VerificationOutcome.Unknown, await asked);
        Assert.Equal(VerificationOutcome.Unknown, await waiting);
        Assert.Single(backend.Probes);
    }

    [Fact]
    public async Task One_refusal_at_each_of_two_nodes_within_a_minute_does_not_demote_and_one_a_minute_later_does()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        one.Redis.Put(Known(VerdictStatus.Deliverable, now - 300_000));
        one.Redis.Put(Known(VerdictStatus.Undeliverable, now - 200_000));
        Verdict first = await StoredAsync(one, 1);
        Assert.Equal((VerdictStatus.Deliverable, now - 200_000), (first.Status, first.RefusedSince));
        one.Redis.Put(Known(VerdictStatus.Undeliverable, now - 200_000 + 59_000));
        Assert.Equal(VerdictStatus.Deliverable, (await StoredAsync(one, 1)).Status);
        one.Redis.Put(Known(VerdictStatus.Undeliverable, now - 200_000 + 60_000));
        Assert.Equal(VerdictStatus.Undeliverable, (await StoredAsync(one, 0)).Status);
        one.Redis.Put(Known(VerdictStatus.Deliverable, now - 290_000)); // older
        one.Redis.Put(Known(VerdictStatus.Unknown, now)); // no knowledge
        Assert.Equal(VerdictStatus.Undeliverable, (await StoredAsync(one, 0)).Status);
    }

    [Theory]
    [InlineData("set", "garbage")]
    [InlineData("set", "")]
    [InlineData("lpush", "another type")]
    public async Task Garbage_in_Redis_is_nothing_and_gives_way(string command, string value)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await redis.CliAsync(command, "rcptverify:v1:verdict:{<user@example.com>}", value);
        await redis.CliAsync("publish", "rcptverify:v1:changes", "garbage that is long enough to be looked at");
        Assert.Equal(VerificationOutcome.Deliverable, await one.AskAsync(User));
        await Eventually.HoldsAsync(
            async () => (await one.Redis.FindAsync(Encoding.UTF8.GetBytes(User))).Verdict is not null, "the verdict in its place", Patience);
        Assert.True(one.Redis.IsUp);
    }

    private static Verdict Known(VerdictStatus status, long updated) => new(
        Encoding.UTF8.GetBytes(User), status, updated, updated + 86_400_000,
        new ProbeReply(status == VerdictStatus.Deliverable ? 250 : status == VerdictStatus.Unknown ? 450 : 550, "", "", "127.0.0.1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com"));

    /// <summary>What is in Redis once all that was put is there.</summary>
    private static async Task<Verdict> StoredAsync(RedisNode node, int refusals)
    {
        await node.Redis.RemoveAsync("barrier@example.com"u8.ToArray());
        Verdict verdict = (await node.Redis.FindAsync(Encoding.UTF8.GetBytes(User))).Verdict!;
        Assert.Equal(refusals, verdict.Refusals);
        return verdict;
    }
}

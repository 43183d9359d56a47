using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>A primary, a replica and three Sentinels, all real.</summary>
[Collection(Alone.Name)]
public sealed class RedisSentinelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>This is about what is kept, not about who waits how long: an answer that is late is a probe more.</summary>
    private static readonly RedisStoreLimits Patient = new() { FindWithin = TimeSpan.FromSeconds(5), LockWithin = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task A_failover_loses_no_verdict_and_no_caller_sees_it()
    {
        await using RedisSentinels redis = await RedisSentinels.StartAsync();
        RedisServerSettings settings = await SettingsForAsync(redis);
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(settings, backend, limits: Patient);
        await using RedisNode two = await RedisNode.StartAsync(settings, backend, limits: Patient);
        List<string> asked = [];
        await AskSomeAsync("before", one);
        await Eventually.HoldsAsync(async () => await CountAsync(redis.Replica) == asked.Count, "all on the replica", Patience);

        await redis.Primary.SignalAsync(UnixSignal.Kill);
        int round = 0;
        Task failover = redis.UntilFailedOverAsync();
        while (!failover.IsCompleted)
            await AskSomeAsync($"during{round++}", round % 2 == 0 ? one : two);
        await failover;
        await Task.WhenAll(one.UntilUpAsync(), two.UntilUpAsync());
        await AskSomeAsync("after", one);
        await Eventually.HoldsAsync(
            async () => await CountAsync(redis.Replica) == asked.Count, "all on the new primary", Patience, () => string.Join('\n', one.Log.Lines.Concat(two.Log.Lines)));
        Assert.Equal(asked.Count, backend.Probes.Count);
        await NobodyAsksAgainAsync();

        // The old primary comes back, empty, as a replica of the new one.
        await redis.Primary.StartAgainAsync();
        await Eventually.HoldsAsync(
            async () => (await redis.Primary.CliAsync("info", "replication")).Contains("role:slave", StringComparison.Ordinal), "a replica", Patience);
        await Eventually.HoldsAsync(async () => await CountAsync(redis.Primary) == asked.Count, "all on the replica", Patience);
        await AskSomeAsync("last", two);
        await NobodyAsksAgainAsync();
        Assert.All([one, two], node => Assert.True(node.Redis.IsUp));

        async Task AskSomeAsync(string name, RedisNode node)
        {
            for (int i = 0; i < 10; i++)
            {
                bool known = i % 3 != 0;
                string recipient = $"{(known ? "user" : "no")}-{name}-{i}@example.com";
                asked.Add(recipient);
                Assert.Equal(known ? VerificationOutcome.Deliverable : VerificationOutcome.Undeliverable, await node.AskAsync(recipient));
            }
        }

        async Task NobodyAsksAgainAsync()
        {
            await using RedisNode fresh = await RedisNode.StartAsync(settings, backend, limits: Patient);
            foreach (RedisNode node in new[] { one, two, fresh })
            {
                foreach (string recipient in asked)
                {
                    Assert.Equal(
                        recipient.StartsWith("user", StringComparison.Ordinal) ? VerificationOutcome.Deliverable : VerificationOutcome.Undeliverable,
                        await node.AskAsync(recipient));
                }
            }

            Assert.Equal(asked.Count, backend.Probes.Count);
        }
    }

    [Fact]
    public async Task All_that_nodes_do_works_through_Sentinels()
    {
        await using RedisSentinels redis = await RedisSentinels.StartAsync();
        await AllThatNodesDo.WorksAsync(await SettingsForAsync(redis));
    }

    [Fact]
    public async Task Sentinels_that_come_late_are_found()
    {
        await using RedisSentinels redis = await RedisSentinels.StartAsync(withSentinels: false);
        RedisServerSettings settings = await SettingsForAsync(redis);
        await using RedisNode node = await RedisNode.StartAsync(settings, new CountingBackend(), wait: false);
        await Eventually.HoldsAsync(
            () => node.Log.Lines.Any(line => line.Text.Contains("IS AWAY", StringComparison.Ordinal)), "the line", Patience, () => string.Join('\n', node.Log.Lines));
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync("user@example.com"));
        await redis.StartSentinelsAsync();
        await node.UntilUpAsync();
        await Eventually.HoldsAsync(async () => await CountAsync(redis.Primary) == 1, "what was learnt before in Redis", Patience);
        Assert.InRange(await redis.ClientsAsync(), 1, 6); // two to each Sentinel
    }

    [Fact]
    public async Task Sentinels_that_do_not_know_the_name_are_told_of_and_asked_again_over_the_same_connections()
    {
        await using RedisSentinels redis = await RedisSentinels.StartAsync();
        RedisServerSettings settings = new(RedisDocument.ConnectionString($"serviceName={RedisSentinels.ServiceName}", redis.Endpoints)
            .Replace($"serviceName={RedisSentinels.ServiceName}", "serviceName=other", StringComparison.Ordinal));
        int before = await redis.CommandsAsync();
        await using RedisNode node = await RedisNode.StartAsync(
            settings, new CountingBackend(), wait: false, limits: Patient with { RetryAfter = TimeSpan.FromMilliseconds(10) });
        await Eventually.HoldsAsync(async () => await redis.CommandsAsync() - before > 300, "many attempts", Patience);
        Assert.InRange(await redis.ClientsAsync(), 1, 6);
        Assert.Contains(node.Log.Lines, line => line.Text.Contains("no Sentinel can be asked, or none names a primary of other", StringComparison.Ordinal));
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync("user@example.com"));
    }

    /// <summary>With the documented string, and the documented user on both servers. The Sentinels are open to all.</summary>
    private static async Task<RedisServerSettings> SettingsForAsync(RedisSentinels redis)
    {
        foreach (RedisServer server in new[] { redis.Primary, redis.Replica })
            await server.CliAsync(["acl", "setuser", "rcptverify", .. RedisDocument.UserRules]);
        return new(RedisDocument.ConnectionString($"serviceName={RedisSentinels.ServiceName}", redis.Endpoints));
    }

    private static async Task<int> CountAsync(RedisServer server) =>
        (await server.CliAsync("keys", "rcptverify:v1:verdict:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}

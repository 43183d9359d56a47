using System.Text;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Redis as a cluster, and with a user that may do no more than it must.</summary>
[Collection(Alone.Name)]
public sealed class RedisDeploymentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_cluster_of_three_serves_look_ups_comparisons_locks_and_purges()
    {
        await using RedisCluster cluster = await RedisCluster.StartAsync();
        await AllThatNodesDo.WorksAsync(new RedisServerSettings(cluster.ConnectionString));
        foreach (RedisServer server in cluster.Servers)
            Assert.Contains("rcptverify:v1:verdict:", await server.CliAsync("keys", "*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_user_may_do_all_that_is_needed_and_nothing_else()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.CliAsync(["acl", "setuser", "rcptverify", .. RedisDocument.UserRules]);
        await AllThatNodesDo.WorksAsync(new RedisServerSettings($"{redis.ConnectionString},user=rcptverify,password={RedisDocument.Password}"));
        string[] user = ["--user", "rcptverify", "--pass", RedisDocument.Password, "--no-auth-warning"];
        Assert.Contains("NOPERM", await redis.CliAsync([.. user, "get", "other"]), StringComparison.Ordinal);
        Assert.Contains("NOPERM", await redis.CliAsync([.. user, "publish", "other", "word"]), StringComparison.Ordinal);
        Assert.Contains("NOPERM", await redis.CliAsync([.. user, "flushall"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_Redis_makes_no_answer_wrong_and_what_waited_for_room_is_written()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await using RedisNode two = await RedisNode.StartAsync(redis.ConnectionString, backend);
        await redis.CliAsync("config", "set", "maxmemory", "1");
        foreach (RedisNode node in new[] { one, two, one })
        {
            Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync("user@example.com"));
            Assert.Equal(VerificationOutcome.Undeliverable, await node.AskAsync("no@example.com"));
        }

        await Eventually.HoldsAsync(() => one.Log.Lines.Any(line => line.Text.Contains("OOM", StringComparison.Ordinal)), "the line", Patience);
        await redis.CliAsync("config", "set", "maxmemory", "0");
        await Eventually.HoldsAsync(async () => (await redis.CliAsync("dbsize")).Trim() == "2", "both verdicts in Redis", Patience);
    }

    [Fact]
    public async Task A_change_that_is_not_permitted_is_given_up_with_one_line()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.CliAsync(["acl", "setuser", "rcptverify", .. RedisDocument.UserRules.Where(rule => rule != "+set")]);
        CountingBackend backend = new();
        await using RedisNode node = await RedisNode.StartAsync($"{redis.ConnectionString},user=rcptverify,password={RedisDocument.Password}", backend);
        foreach (string recipient in new[] { "a@example.com", "b@example.com" })
        {
            Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync(recipient));
            await node.Redis.RemoveAsync(Encoding.UTF8.GetBytes(recipient));
        }

        await Eventually.HoldsAsync(() => Told() > 0, "the line", Patience);
        // What waits is found without asking Redis: nothing waits.
        await Eventually.HoldsAsync(
            async () => await node.Redis.FindAsync("a@example.com"u8.ToArray()) is { Answered: true, Verdict: null, RemovedAt: 0 }, "nothing waiting", Patience);
        Assert.Equal(1, Told());
        Assert.True(node.Redis.IsUp);

        int Told() => node.Log.Lines.Count(line => line.Text.Contains("does not permit a change", StringComparison.Ordinal));
    }
}

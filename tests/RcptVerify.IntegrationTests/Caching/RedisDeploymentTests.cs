using System.Text;
using System.Text.RegularExpressions;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Redis as a cluster, and with a user that may do no more than it must.</summary>
[Collection(Alone.Name)]
public sealed partial class RedisDeploymentTests
{
    private const string Password = "of-the-tests";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_cluster_of_three_serves_look_ups_comparisons_locks_and_purges()
    {
        await using RedisCluster cluster = await RedisCluster.StartAsync();
        await ServesAsync(cluster.ConnectionString);
        foreach (RedisServer server in cluster.Servers)
            Assert.Contains("rcptverify:v1:verdict:", await server.CliAsync("keys", "*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_user_may_do_all_that_is_needed_and_nothing_else()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.CliAsync(["acl", "setuser", "rcptverify", .. DocumentedRules()]);
        await ServesAsync($"{redis.ConnectionString},user=rcptverify,password={Password}");
        string[] user = ["--user", "rcptverify", "--pass", Password, "--no-auth-warning"];
        Assert.Contains("NOPERM", await redis.CliAsync([.. user, "get", "other"]), StringComparison.Ordinal);
        Assert.Contains("NOPERM", await redis.CliAsync([.. user, "publish", "other", "word"]), StringComparison.Ordinal);
        Assert.Contains("NOPERM", await redis.CliAsync([.. user, "flushall"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_is_not_permitted_is_given_up_with_one_line()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.CliAsync(["acl", "setuser", "rcptverify", .. DocumentedRules().Where(rule => rule != "+set")]);
        CountingBackend backend = new();
        await using RedisNode node = await RedisNode.StartAsync($"{redis.ConnectionString},user=rcptverify,password={Password}", backend);
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

    /// <summary>Two nodes do with it all that nodes do.</summary>
    private static async Task ServesAsync(string connection)
    {
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(connection, backend);
        await using RedisNode two = await RedisNode.StartAsync(connection, backend);
        string[] recipients = [.. Enumerable.Range(0, 60).Select(i => $"{(i % 3 == 0 ? "no" : "user")}{i}@example.com")];
        await Task.WhenAll(Enumerable.Range(0, 10).Select(caller => Task.Run(async () =>
        {
            foreach (string recipient in recipients)
            {
                Assert.Equal(
                    recipient.StartsWith("no", StringComparison.Ordinal) ? VerificationOutcome.Undeliverable : VerificationOutcome.Deliverable,
                    await (caller % 2 == 0 ? one : two).AskAsync(recipient));
            }
        })));
        Assert.Equal(60, backend.Probes.Count);

        await using RedisNode fresh = await RedisNode.StartAsync(connection, backend);
        foreach (string recipient in recipients)
            await fresh.AskAsync(recipient);
        Assert.Equal(60, backend.Probes.Count);

        Verdict known = one.Remembered("user1@example.com")!;
        one.Redis.Put(new Verdict(known.Address, VerdictStatus.Undeliverable, known.Updated - 1000, known.GoneAt, known.Reply with { Code = 550 }));
        await one.Redis.RemoveAsync("user2@example.com"u8.ToArray());
        await two.UntilAsync("user2@example.com", verdict => verdict is null);
        Assert.Null((await fresh.Redis.FindAsync("user2@example.com"u8.ToArray())).Verdict);
        await Eventually.HoldsAsync(
            async () => (await fresh.Redis.FindAsync(known.Address)).Verdict is { Status: VerdictStatus.Deliverable }, "the newer one stays", Patience);
        await one.Redis.PurgeAsync(PurgeScope.All);
        await two.UntilAsync("user4@example.com", verdict => verdict is null);
        Assert.Null((await two.Redis.FindAsync("user4@example.com"u8.ToArray())).Verdict);
        Assert.DoesNotContain(one.Log.Warnings, line => line.Contains("error", StringComparison.Ordinal) || line.Contains("permit", StringComparison.Ordinal));
    }

    /// <summary>The rules of <c>config/redis.md</c>, word by word.</summary>
    private static string[] DocumentedRules()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "RcptVerify.sln")))
            folder = Path.GetDirectoryName(folder);
        string text = File.ReadAllText(Path.Combine(folder!, "config", "redis.md"));
        return UserLine().Match(text).Groups[1].Value.Replace(">PASSWORD", ">" + Password, StringComparison.Ordinal).Split(' ');
    }

    [GeneratedRegex("^ACL SETUSER rcptverify (.+)$", RegexOptions.Multiline)]
    private static partial Regex UserLine();
}

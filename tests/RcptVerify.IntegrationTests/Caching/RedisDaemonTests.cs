using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Two real daemons, one real Redis, servers that count.</summary>
[Collection(Alone.Name)]
public sealed class RedisDaemonTests
{
    private const string Good = $"good@{SharingDaemon.Known}";
    private const string Bad = $"bad@{SharingDaemon.Unknown}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly SmtpSinkMode RefuseAll = SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown");

    [Fact]
    public async Task Two_daemons_asked_for_the_same_1000_recipients_by_200_callers_probe_each_once()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using SmtpSink known = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        await using SmtpSink unknown = await SmtpSink.StartAsync(RefuseAll);
        await using SharingDaemon one = await SharingDaemon.StartAsync(redis.ConnectionString, known.Port, unknown.Port);
        await using SharingDaemon two = await SharingDaemon.StartAsync(redis.ConnectionString, known.Port, unknown.Port);
        string[] recipients = [.. Enumerable.Range(0, 1000).Select(i => $"u{i}@{(i % 2 == 0 ? SharingDaemon.Known : SharingDaemon.Unknown)}")];
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async caller =>
        {
            using PolicyClient client = await (caller % 2 == 0 ? one : two).ConnectAsync();
            foreach (string recipient in recipients)
                Assert.StartsWith(StoredDaemon.ExpectedFor(recipient), await client.AskAsync(recipient), StringComparison.Ordinal);
        }));
        Assert.Equal((500, 500), (known.Proxy.Recipients, unknown.Proxy.Recipients));
    }

    [Fact]
    public async Task The_probe_of_a_daemon_that_was_killed_is_taken_over_within_the_time_of_an_answer()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using SmtpSink slow = await SmtpSink.StartAsync(SmtpSinkMode.Delay("RCPT", TimeSpan.FromSeconds(60)));
        await using SmtpSink quick = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        await using SharingDaemon one = await SharingDaemon.StartAsync(redis.ConnectionString, slow.Port, slow.Port);
        await using SharingDaemon two = await SharingDaemon.StartAsync(redis.ConnectionString, quick.Port, quick.Port);
        using PolicyClient caller = await one.ConnectAsync();
        await caller.SendAsync($"request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.1\nrecipient={Good}\n\n");
        await Eventually.HoldsAsync(() => slow.Proxy.Recipients == 1, "a probe under way", Patience);
        await one.KillAsync();
        Assert.Equal("1", (await redis.CliAsync("exists", $"rcptverify:v1:probe:{{<{Good}>}}")).Trim());
        Assert.StartsWith("DUNNO", await two.AskAsync(Good), StringComparison.Ordinal); // past answer_within it would be a deferral
        Assert.Equal(1, quick.Proxy.Recipients);
        await Assert.ThrowsAnyAsync<IOException>(caller.ReadActionAsync);
    }

    [Fact]
    public async Task What_is_deleted_or_purged_at_one_daemon_is_forgotten_by_the_other()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using SmtpSink known = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        await using SmtpSink unknown = await SmtpSink.StartAsync(RefuseAll);
        await using SharingDaemon one = await SharingDaemon.StartAsync(redis.ConnectionString, known.Port, unknown.Port);
        await using SharingDaemon two = await SharingDaemon.StartAsync(redis.ConnectionString, known.Port, unknown.Port);
        await BothKnowAsync(Good);
        await BothKnowAsync(Bad);
        Assert.Equal((1, 1), (known.Proxy.Recipients, unknown.Proxy.Recipients));

        Assert.Equal(0, await one.CacheAsync("delete", Bad));
        await AskedAnewAsync(two, Bad, unknown, 2);
        await BothKnowAsync(Good);
        await BothKnowAsync(Bad);
        Assert.Equal((1, 2), (known.Proxy.Recipients, unknown.Proxy.Recipients));

        Assert.Equal(0, await two.CacheAsync("purge", "--all"));
        await AskedAnewAsync(one, Good, known, 2);
        await AskedAnewAsync(one, Bad, unknown, 3);
        await BothKnowAsync(Good);
        await BothKnowAsync(Bad);
        Assert.Equal((2, 3), (known.Proxy.Recipients, unknown.Proxy.Recipients));

        async Task BothKnowAsync(string recipient)
        {
            foreach (SharingDaemon daemon in new[] { one, two })
                Assert.StartsWith(StoredDaemon.ExpectedFor(recipient), await daemon.AskAsync(recipient), StringComparison.Ordinal);
        }

        // The other daemon hears of it a moment later.
        static Task AskedAnewAsync(SharingDaemon daemon, string recipient, SmtpSink server, int probes) => Eventually.HoldsAsync(
            async () =>
            {
                Assert.StartsWith(StoredDaemon.ExpectedFor(recipient), await daemon.AskAsync(recipient), StringComparison.Ordinal);
                return server.Proxy.Recipients == probes;
            },
            "the address probed anew", Patience);
    }
}

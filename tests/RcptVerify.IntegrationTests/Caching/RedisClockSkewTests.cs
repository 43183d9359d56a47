using System.Globalization;
using System.Text;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Two nodes whose clocks are a minute or two apart, and one real Redis between them.</summary>
[Collection(Alone.Name)]
public sealed class RedisClockSkewTests
{
    private const string User = "user@example.com";
    private const string Nobody = "no@example.com";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>These tests are about clocks, not about who waits how long.</summary>
    private static readonly RedisStoreLimits Patient = new() { FindWithin = TimeSpan.FromSeconds(5), LockWithin = TimeSpan.FromSeconds(5) };

    /// <summary>How far the two clocks are ahead, in seconds.</summary>
    public static TheoryData<int, int> Clocks => new() { { 60, 0 }, { 0, 60 }, { -60, 60 } };

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task The_later_answer_stays_and_an_earlier_one_that_comes_late_does_not(int first, int second)
    {
        await using Pair nodes = await Pair.StartAsync(first, second);
        nodes.One.Cache.Put(nodes.Verdict(nodes.One, User, VerdictStatus.Undeliverable));
        await nodes.Two.UntilAsync(User, verdict => verdict is { Status: VerdictStatus.Undeliverable });
        nodes.Two.Cache.Put(nodes.Verdict(nodes.Two, User, VerdictStatus.Deliverable));
        await nodes.One.UntilAsync(User, verdict => verdict is { Status: VerdictStatus.Deliverable });
        nodes.One.Redis.Put(nodes.Verdict(nodes.One, User, VerdictStatus.Undeliverable, TimeSpan.FromSeconds(5)));
        foreach (RedisNode node in nodes.Both)
        {
            Verdict stored = (await nodes.StoredAsync(node, User))!;
            Assert.Equal((VerdictStatus.Deliverable, 0), (stored.Status, stored.Refusals));
            // By its own clock it is new, and lives as long as it should.
            Assert.InRange(node.Now - stored.Updated, -100, 10_000);
            Assert.Equal(Pair.Life, stored.GoneAt - stored.Updated);
        }

        long left = long.Parse(await nodes.Server.CliAsync("pttl", $"rcptverify:v1:verdict:{{<{User}>}}"), CultureInfo.InvariantCulture);
        Assert.InRange(left, Pair.Life - 10_000, Pair.Life + 100);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task Of_many_answers_written_by_both_in_any_order_the_latest_stays_in_Redis_and_in_both_memories(int first, int second)
    {
        const int Addresses = 30, Answers = 12;
        await using Pair nodes = await Pair.StartAsync(first, second);
        Random random = new(5);
        (int Address, int Age)[] answers = [.. from address in Enumerable.Range(0, Addresses) from age in Enumerable.Range(1, Answers) select (address, age * 7)];
        random.Shuffle(answers);
        foreach ((int address, int age) in answers)
        {
            RedisNode node = nodes.Both[random.Next(2)];
            node.Cache.Put(nodes.Verdict(node, $"no{address}@example.com", VerdictStatus.Undeliverable, TimeSpan.FromSeconds(age)));
        }

        for (int address = 0; address < Addresses; address++)
        {
            string name = $"no{address}@example.com";
            foreach (RedisNode node in nodes.Both)
            {
                Assert.True(IsLatest(node, await nodes.StoredAsync(node, name)));
                await node.UntilAsync(name, verdict => IsLatest(node, verdict));
            }
        }

        static bool IsLatest(RedisNode node, Verdict? verdict) => verdict is not null && node.Now - verdict.Updated is > 6000 and < 13_000;
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task What_one_removes_or_purges_does_not_come_back_by_the_other_and_what_is_asked_afterwards_stays(int first, int second)
    {
        await using Pair nodes = await Pair.StartAsync(first, second);
        Func<string, Task>[] forgets =
        [
            address => nodes.Two.Cache.RemoveAsync(Encoding.UTF8.GetBytes(address)).AsTask(),
            _ => nodes.Two.Cache.PurgeAsync(PurgeScope.Negatives).AsTask(),
            _ => nodes.Two.Cache.PurgeAsync(PurgeScope.OfDomain("example.com")!).AsTask(),
            _ => nodes.Two.Cache.PurgeAsync(PurgeScope.All).AsTask(),
        ];
        foreach (Func<string, Task> forgetAsync in forgets)
        {
            int probes = nodes.Backend.Probes.Count;
            Assert.Equal(VerificationOutcome.Undeliverable, await nodes.One.AskAsync(Nobody));
            await nodes.Two.UntilAsync(Nobody, verdict => verdict is not null);
            Verdict old = nodes.One.Remembered(Nobody)!;
            await RedisNode.MuchLaterAsync();
            await forgetAsync(Nobody);
            await nodes.One.UntilAsync(Nobody, verdict => verdict is null);
            nodes.One.Redis.Put(old); // as if it had been on its way
            foreach (RedisNode node in nodes.Both)
                Assert.Null(await nodes.StoredAsync(node, Nobody));

            await RedisNode.MuchLaterAsync();
            Assert.Equal(VerificationOutcome.Undeliverable, await nodes.One.AskAsync(Nobody));
            await nodes.Two.UntilAsync(Nobody, verdict => verdict is not null);
            Assert.Equal(probes + 2, nodes.Backend.Probes.Count);
            await nodes.One.Cache.RemoveAsync(Encoding.UTF8.GetBytes(Nobody));
            await nodes.Two.UntilAsync(Nobody, verdict => verdict is null);
            await RedisNode.MuchLaterAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task Each_recipient_is_probed_once_and_nobody_can_say_is_told_with_its_short_life(int first, int second)
    {
        await using Pair nodes = await Pair.StartAsync(first, second);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
                Assert.Equal(VerificationOutcome.Deliverable, await nodes.Both[caller % 2].AskAsync($"user{i}@example.com"));
        })));
        Assert.Equal(200, nodes.Backend.Probes.Count);

        nodes.Backend.Answer = VerdictStatus.Unknown;
        Assert.Equal(VerificationOutcome.Unknown, await nodes.One.AskAsync(User));
        await nodes.Two.UntilAsync(User, verdict => verdict is { Status: VerdictStatus.Unknown });
        Verdict unknown = nodes.Two.Remembered(User)!;
        Assert.InRange(unknown.GoneAt - nodes.Two.Now, 10_000, 30_100);
        Assert.InRange(long.Parse(await nodes.Server.CliAsync("pttl", $"rcptverify:v1:verdict:{{<{User}>}}"), CultureInfo.InvariantCulture), 10_000, 30_100);
        Assert.Equal(VerificationOutcome.Unknown, await nodes.Two.AskAsync(User));
        Assert.Equal(201, nodes.Backend.Probes.Count);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task The_minute_between_two_refusals_that_demote_is_measured_by_one_clock(int first, int second)
    {
        await using Pair nodes = await Pair.StartAsync(first, second);
        Put(nodes.One, VerdictStatus.Deliverable, 300);
        Put(nodes.One, VerdictStatus.Undeliverable, 100);
        Assert.Equal((VerdictStatus.Deliverable, 1), await ForAsync());
        Put(nodes.Two, VerdictStatus.Undeliverable, 45);
        Assert.Equal((VerdictStatus.Deliverable, 1), await ForAsync());
        Put(nodes.Two, VerdictStatus.Undeliverable, 35);
        Assert.Equal((VerdictStatus.Undeliverable, 0), await ForAsync());

        void Put(RedisNode node, VerdictStatus status, int age) => node.Redis.Put(nodes.Verdict(node, User, status, TimeSpan.FromSeconds(age)));

        async Task<(VerdictStatus, int)> ForAsync()
        {
            await nodes.One.Redis.RemoveAsync("barrier@example.com"u8.ToArray());
            Verdict stored = (await nodes.StoredAsync(nodes.Two, User))!;
            return (stored.Status, stored.Refusals);
        }
    }

    [Fact]
    public async Task A_clock_set_back_keeps_no_refusal_from_being_removed_and_passes_on_no_date_ahead()
    {
        await using Pair nodes = await Pair.StartAsync(60, 0);
        await nodes.One.AskAsync(Nobody);
        await nodes.One.AskAsync("no2@example.com");
        await nodes.Two.UntilAsync("no2@example.com", verdict => verdict is not null);
        Verdict old = nodes.One.Remembered(Nobody)!;
        await RedisNode.MuchLaterAsync();
        nodes.OnesClock.Ahead = TimeSpan.Zero;
        await nodes.Two.Cache.RemoveAsync(old.Address);
        await nodes.One.UntilAsync(Nobody, verdict => verdict is null);
        nodes.One.Redis.Put(old);
        foreach (RedisNode node in nodes.Both)
            Assert.Null(await nodes.StoredAsync(node, Nobody));

        // A Redis that has lost all is told again what the nodes know, with dates that can be.
        await nodes.Server.SignalAsync(UnixSignal.Kill);
        await nodes.Server.StartAgainAsync();
        await Task.WhenAll(nodes.Both.Select(node => node.UntilUpAsync()));
        await Eventually.HoldsAsync(async () => await nodes.StoredAsync(nodes.Two, "no2@example.com") is not null, "what the other node knows", Patience);
        Assert.InRange((await nodes.StoredAsync(nodes.Two, "no2@example.com"))!.Updated, 0, nodes.Two.Now);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task A_purge_before_the_first_connection_counts_from_its_own_moment(int ahead)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        CountingBackend backend = new();
        await using TcpLink link = new(redis.Port, isCut: true);
        await using RedisNode other = await RedisNode.StartAsync(redis.ConnectionString, backend, limits: Patient);
        await other.AskAsync(Nobody);
        await using RedisNode node = await RedisNode.StartAsync(
            $"127.0.0.1:{link.Port}", backend, new SkewedClock(TimeSpan.FromSeconds(ahead)), wait: false, limits: Patient);
        await RedisNode.MuchLaterAsync();
        await node.Cache.PurgeAsync(PurgeScope.All);
        await RedisNode.MuchLaterAsync();
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync(User)); // after the purge
        link.Mend();
        await node.UntilUpAsync();
        backend.Answer = VerdictStatus.Deliverable;
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync(Nobody));
        await other.UntilAsync(Nobody, verdict => verdict is { Status: VerdictStatus.Deliverable });
        await other.UntilAsync(User, verdict => verdict is { Status: VerdictStatus.Deliverable });
        Assert.NotNull((await other.Redis.FindAsync(Encoding.UTF8.GetBytes(User))).Verdict);
        Assert.Equal(3, backend.Probes.Count);
    }

    /// <summary>Two nodes by different clocks.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        /// <summary>Of a verdict, in ms.</summary>
        public const long Life = 86_400_000;

        private Pair(RedisServer server, CountingBackend backend, SkewedClock clock, RedisNode one, RedisNode two)
        {
            Server = server;
            Backend = backend;
            OnesClock = clock;
            One = one;
            Two = two;
        }

        public RedisServer Server { get; }

        public CountingBackend Backend { get; }

        public SkewedClock OnesClock { get; }

        public RedisNode One { get; }

        public RedisNode Two { get; }

        public RedisNode[] Both => [One, Two];

        public static async Task<Pair> StartAsync(int first, int second)
        {
            RedisServer redis = await RedisServer.StartAsync();
            CountingBackend backend = new();
            SkewedClock clock = new(TimeSpan.FromSeconds(first));
            RedisNode one = await RedisNode.StartAsync(redis.ConnectionString, backend, clock, limits: Patient);
            return new(
                redis, backend, clock, one,
                await RedisNode.StartAsync(redis.ConnectionString, backend, new SkewedClock(TimeSpan.FromSeconds(second)), limits: Patient));
        }

        /// <summary>A verdict that is that old, by the node's clock.</summary>
        public Verdict Verdict(RedisNode node, string address, VerdictStatus status, TimeSpan age = default)
        {
            long updated = node.Now - (long)age.TotalMilliseconds;
            return new(
                Encoding.UTF8.GetBytes(address), status, updated, updated + Life,
                new ProbeReply(status == VerdictStatus.Deliverable ? 250 : 550, "", "", "127.0.0.1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com"));
        }

        /// <summary>What is in Redis once all that both nodes have put is there.</summary>
        public async Task<Verdict?> StoredAsync(RedisNode reader, string address)
        {
            foreach (RedisNode node in Both)
                await node.Redis.RemoveAsync("barrier@example.com"u8.ToArray());
            return (await reader.Redis.FindAsync(Encoding.UTF8.GetBytes(address))).Verdict;
        }

        public async ValueTask DisposeAsync()
        {
            await Two.DisposeAsync();
            await One.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}

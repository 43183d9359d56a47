using System.Text;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>One of two nodes loses its way to a real Redis; the other one changes things meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class RedisReconnectionTests : IAsyncLifetime
{
    private const string Nobody = "no@example.com";
    private const string User = "user@example.com";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly CountingBackend _backend = new();
    private RedisServer _redis = null!;
    private TcpLink _link = null!;
    private RedisNode _cut = null!;
    private RedisNode _other = null!;

    /// <summary>The ways to forget an address.</summary>
    public static TheoryData<string> Ways => [.. new[] { "remove", "all", "negatives", "example.com" }];

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _link = new TcpLink(_redis.Port);
        _cut = await RedisNode.StartAsync($"127.0.0.1:{_link.Port}", _backend);
        _other = await RedisNode.StartAsync(_redis.ConnectionString, _backend);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _cut.DisposeAsync();
        await _link.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_refusal_that_was_forgotten_meanwhile_is_never_said_again(string way)
    {
        await _other.AskAsync(Nobody);
        await _cut.UntilAsync(Nobody, verdict => verdict is not null);
        await CutAsync();
        await ForgetAsync(way, Nobody);
        _backend.Answer = VerdictStatus.Deliverable;
        Assert.Equal(VerificationOutcome.Undeliverable, await _cut.AskAsync(Nobody)); // it cannot know
        _link.Mend();
        // Asked all the time: the first word after it is back is the right one, and all that follow.
        while (!_cut.Redis.IsUp)
            await _cut.AskAsync(Nobody);
        for (int i = 0; i < 100; i++)
            Assert.Equal(VerificationOutcome.Deliverable, await _cut.AskAsync(Nobody));
        Assert.Equal(2, _backend.Probes.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_refusal_learnt_during_the_outage_and_forgotten_elsewhere_afterwards_is_not_said_and_not_written(string way)
    {
        await CutAsync();
        // So many that writing them takes a while after it is back.
        for (int i = 0; i < 2000; i++)
            await _cut.AskAsync($"no{i}@example.com");
        Assert.Equal(VerificationOutcome.Undeliverable, await _cut.AskAsync(Nobody));
        await RedisNode.MuchLaterAsync();
        await ForgetAsync(way, Nobody);
        _backend.Answer = VerdictStatus.Deliverable;
        _link.Mend();
        await _cut.UntilUpAsync();
        for (int i = 0; i < 100; i++)
            Assert.Equal(VerificationOutcome.Deliverable, await _cut.AskAsync(Nobody));
        await Eventually.HoldsAsync(
            async () => (await _other.Redis.FindAsync(Encoding.UTF8.GetBytes(Nobody))).Verdict is { Status: VerdictStatus.Deliverable }, "the new verdict in Redis", Patience);
        await _other.UntilAsync(Nobody, verdict => verdict is { Status: VerdictStatus.Deliverable });
        Assert.Equal(VerificationOutcome.Deliverable, await _other.AskAsync(Nobody));
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("all")]
    [InlineData("example.com")]
    public async Task A_known_good_that_was_forgotten_meanwhile_leaves_memory_without_being_asked_for(string way)
    {
        await _other.AskAsync(User);
        await _cut.UntilAsync(User, verdict => verdict is not null);
        Verdict known = _cut.Remembered(User)!;
        await CutAsync();
        await ForgetAsync(way, User);
        _backend.Answer = VerdictStatus.Undeliverable;
        _link.Mend();
        await _cut.UntilUpAsync();
        if (way != "remove")
            Assert.False(_cut.Cache.IsTrusted(known)); // purges are told before it counts as back
        await _cut.UntilAsync(User, verdict => verdict is null);
        Assert.Equal(VerificationOutcome.Undeliverable, await _cut.AskAsync(User));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_was_asked_during_the_outage_after_it_was_forgotten_elsewhere_stays(string way)
    {
        await _other.AskAsync(Nobody);
        await _cut.UntilAsync(Nobody, verdict => verdict is not null);
        await CutAsync();
        await _cut.Cache.RemoveAsync(Encoding.UTF8.GetBytes(Nobody));
        await ForgetAsync(way, Nobody);
        await RedisNode.MuchLaterAsync();
        _backend.Answer = VerdictStatus.Deliverable;
        Assert.Equal(VerificationOutcome.Deliverable, await _cut.AskAsync(Nobody));
        _link.Mend();
        await _cut.UntilUpAsync();
        await _other.UntilAsync(Nobody, verdict => verdict is { Status: VerdictStatus.Deliverable });
        Assert.Equal(VerificationOutcome.Deliverable, await _cut.AskAsync(Nobody));
        Assert.Equal(2, _backend.Probes.Count);
    }

    [Fact]
    public async Task A_known_good_elsewhere_is_not_refused_by_what_waits_from_the_outage()
    {
        await CutAsync();
        for (int i = 0; i < 2000; i++)
            await _cut.AskAsync($"no{i}@example.com");
        await _other.AskAsync(User);
        _backend.Answer = VerdictStatus.Undeliverable;
        Assert.Equal(VerificationOutcome.Undeliverable, await _cut.AskAsync(User)); // it knows of no known good
        _link.Mend();
        await _cut.UntilUpAsync();
        for (int i = 0; i < 100; i++)
            Assert.Equal(VerificationOutcome.Deliverable, await _cut.AskAsync(User)); // in doubt, not gone
    }

    [Fact]
    public async Task Cut_again_and_again_while_the_other_forgets_it_says_no_refusal_that_is_forgotten()
    {
        for (int round = 0; round < 10; round++)
        {
            string name = $"no-{round}@example.com";
            _backend.Answer = null;
            await _other.AskAsync(name);
            await _cut.UntilAsync(name, verdict => verdict is not null);
            int generation = _cut.Redis.Generation;
            _link.Cut();
            await ForgetAsync(round % 2 == 0 ? "remove" : "negatives", name);
            _backend.Answer = VerdictStatus.Deliverable;
            _link.Mend();
            await _cut.UntilBackAsync(generation);
            Assert.Equal(VerificationOutcome.Deliverable, await _cut.AskAsync(name));
        }
    }

    private async Task CutAsync()
    {
        _link.Cut();
        await Eventually.HoldsAsync(() => !_cut.Redis.IsUp, "the loss noticed", Patience);
    }

    private async Task ForgetAsync(string way, string address)
    {
        if (way == "remove")
            await _other.Cache.RemoveAsync(Encoding.UTF8.GetBytes(address));
        else
            await _other.Cache.PurgeAsync(way switch { "all" => PurgeScope.All, "negatives" => PurgeScope.Negatives, _ => PurgeScope.OfDomain(way)! });
    }
}

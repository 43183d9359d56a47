using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>A server's trouble is remembered for seconds, and no longer than until the server is back.</summary>
public sealed class RecipientVerifierRecoveryTests : IDisposable
{
    private static readonly ProbeOutcome AllDown = new(
        Unknown, OutcomeScope.Backend, new ProbeReply(0, "", "all servers of the route are down", TestRoute.Server, ProbeTarget.Rcpt, ProbeStage.None, "example.com"));

    private static readonly ProbeOutcome ServiceNotAvailable = new(Unknown, OutcomeScope.Backend, Said.Reply(421, "4.3.2", "Service not available"));

    private static readonly ProbeOutcome WaitedAtTheCaps = new(
        Unknown, OutcomeScope.Backend, new ProbeReply(0, "", "waited too long at the route's caps", "", ProbeTarget.Rcpt, ProbeStage.None, "example.com"));

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> Troubles { get; } = ["refused", "down", "421"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Once_the_server_has_answered_for_anybody_its_trouble_is_not_said_to_others(string trouble)
    {
        await AskAsync("anna@example.com", Of(trouble));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Cache), Kind(_bench.AskAtOnce("anna@example.com")));

        Assert.Equal(VerificationOutcome.Undeliverable, (await AskAsync("bert@example.com", Said.NoSuchUser)).Outcome);

        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Probe), Kind(await AskAsync("anna@example.com", Said.Ok)));
        Assert.Equal(3, _bench.Prober.Count);
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Cache), Kind(_bench.AskAtOnce("anna@example.com")));
    }

    [Fact]
    public async Task A_server_that_is_in_trouble_again_is_not_asked_about_the_same_address_again_and_again()
    {
        await AskAsync("anna@example.com", Said.ConnectionRefused);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync("bert@example.com", Said.Ok);
        await AskAsync("anna@example.com", Said.ConnectionRefused);

        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Cache), Kind(_bench.AskAtOnce("anna@example.com")));
        Assert.Equal(3, _bench.Prober.Count);
    }

    [Theory]
    [InlineData("later")] // the recipient's own
    [InlineData("caps")] // nobody was asked
    public async Task What_is_no_trouble_of_the_server_is_said_for_its_time(string trouble)
    {
        await AskAsync("anna@example.com", Of(trouble));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync("bert@example.com", Said.ConnectionRefused);
        await AskAsync("carl@example.com", Said.Ok);

        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Cache), Kind(_bench.AskAtOnce("anna@example.com")));
    }

    [Fact]
    public async Task Another_routes_server_says_nothing_about_this_one()
    {
        using Bench bench = new(TestRoute.Create(), TestRoute.Create(domains: ["other.example"], hosts: ["ex9.corp.example"]));
        bench.Prober.AnswerAtOnce = Said.ConnectionRefused;
        await bench.Ask("anna@example.com").Soon();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Prober.AnswerAtOnce = Said.Ok with { Reply = Said.Ok.Reply with { Server = "ex9.corp.example:25", RouteName = "other.example" } };
        await bench.Ask("bert@other.example").Soon();

        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Cache), Kind(bench.AskAtOnce("anna@example.com")));
    }

    [Fact]
    public async Task A_refusal_whose_recheck_met_the_trouble_is_rechecked_once_the_server_is_back()
    {
        _bench.Remember("new@example.com", Undeliverable, TimeSpan.FromHours(1));
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Stale), Kind(await AskAsync("new@example.com", Said.ConnectionRefused)));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Stale), Kind(_bench.AskAtOnce("new@example.com")));
        await AskAsync("bert@example.com", Said.Ok);

        Assert.Equal(VerificationOutcome.Deliverable, (await AskAsync("new@example.com", Said.Ok)).Outcome);
    }

    [Fact]
    public void No_more_backends_are_kept_than_the_limit()
    {
        Recoveries recoveries = new();
        for (int i = 0; i <= Recoveries.MaxBackends; i++)
        {
            Route route = TestRoute.Create(domains: [$"d{i}.example"]);
            recoveries.Observe(route, Said.ConnectionRefused, now: 1000);
            recoveries.Observe(route, Said.Ok, now: 3000);
            Verdict trouble = new("a@b.example"u8.ToArray(), Unknown, updated: 2000, long.MaxValue, Said.ConnectionRefused.Reply);
            Assert.Equal(i < Recoveries.MaxBackends, recoveries.Outdates(trouble, route));
        }
    }

    private static ProbeOutcome Of(string trouble) => trouble switch
    {
        "refused" => Said.ConnectionRefused,
        "down" => AllDown,
        "421" => ServiceNotAvailable,
        "later" => Said.TryLater,
        _ => WaitedAtTheCaps,
    };

    private static (VerificationOutcome, VerdictSource) Kind(VerificationResult result) => (result.Outcome, result.Source);

    private Task<VerificationResult> AskAsync(string recipient, ProbeOutcome outcome)
    {
        _bench.Prober.AnswerAtOnce = outcome;
        return _bench.Ask(recipient).Soon();
    }
}

using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>What a reload of the routes leaves of what is known.</summary>
public sealed class RecipientVerifierReloadTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_verdict_whose_server_and_target_still_stand_is_kept()
    {
        _bench.Remember("user@example.com", Undeliverable, TimeSpan.FromSeconds(1));
        Route after = TestRoute.Create(hosts: ["new.corp.example", "ex1.corp.example"]);
        _bench.Verifier.Routes = new RouteTable([after]);
        VerificationResult result = _bench.AskAtOnce("user@example.com");
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Cache), (result.Outcome, result.Source));
        Assert.Same(after, result.Route);
    }

    public static TheoryData<string> Changes => ["server", "target", "route"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_verdict_from_another_place_no_longer_counts(string change)
    {
        _bench.Remember("user@example.com", Undeliverable, TimeSpan.FromSeconds(1));
        Assert.Equal(VerificationOutcome.Undeliverable, _bench.AskAtOnce("user@example.com").Outcome);
        _bench.Verifier.Routes = new RouteTable(
        [
            change switch
            {
                "server" => TestRoute.Create(hosts: ["ex2.corp.example"]),
                "target" => TestRoute.Create(target: ProbeTarget.Data),
                _ => TestRoute.Create(domains: ["*"]),
            },
        ]);
        Task<VerificationResult> answer = _bench.Ask("user@example.com");
        Assert.False(answer.IsCompleted);
        (await _bench.Prober.NextAsync()).Answer(Said.TryLater);
        Assert.Equal(VerificationOutcome.Unknown, (await answer.Soon()).Outcome);
    }

    [Fact]
    public async Task A_known_good_from_another_server_is_demoted_by_one_refusal_of_the_new_one()
    {
        _bench.Remember("user@example.com", Deliverable, TimeSpan.FromSeconds(1));
        _bench.Verifier.Routes = new RouteTable([TestRoute.Create(hosts: ["ex2.corp.example"])]);
        Task<VerificationResult> answer = _bench.Ask("user@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser with { Reply = Said.Reply(550, "5.1.1", "User unknown", TestRoute.OtherServer) });
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Probe), Brief(await answer.Soon()));
    }

    [Fact]
    public async Task A_probe_begun_before_the_reload_refuses_nobody_after_it()
    {
        Task<VerificationResult> before = _bench.Ask("user@example.com");
        ScriptedProbe old = await _bench.Prober.NextAsync();
        _bench.Verifier.Routes = new RouteTable([TestRoute.Create(hosts: ["ex3.corp.example"])]);
        Task<VerificationResult> after = _bench.Ask("user@example.com");
        old.Answer(Said.NoSuchUser);
        Assert.Equal(VerificationOutcome.Undeliverable, (await before.Soon()).Outcome);
        VerificationResult result = await after.Soon();
        Assert.Equal((VerificationOutcome.Unknown, (ProbeReply?)null), (result.Outcome, result.Reply));
        Assert.False(_bench.Ask("user@example.com").IsCompleted);
    }

    [Fact]
    public void A_reload_changes_times_and_accept_lists_at_once()
    {
        _bench.Remember("user@example.com", Undeliverable, TimeSpan.FromMinutes(4));
        _bench.AskAtOnce("user@example.com");
        _bench.Verifier.Routes = new RouteTable([TestRoute.Create(times: new VerdictTimes { NegativeRecheck = TimeSpan.FromMinutes(1) })]);
        Assert.False(_bench.Ask("user@example.com").IsCompleted);
        _bench.Verifier.Routes = new RouteTable([TestRoute.Create(alwaysAccept: ["user"])]);
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.AlwaysAccept), Brief(_bench.AskAtOnce("user@example.com")));
    }

    private static (VerificationOutcome Outcome, VerdictSource Source) Brief(VerificationResult result) => (result.Outcome, result.Source);
}

using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>A backend that refuses its known goods at once is ill, and its word does not count.</summary>
public sealed class RecipientVerifierTrustTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task While_it_is_distrusted_nobody_is_demoted_and_nobody_is_refused()
    {
        await LoseTrust();
        VerificationResult stranger = await _bench.Ask("new@example.com").Soon();
        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Probe, 550), (stranger.Outcome, stranger.Source, stranger.Reply?.Code));
        Assert.True(_bench.Store.TryGet("new@example.com"u8, out Verdict? remembered));
        Assert.Equal(Unknown, remembered!.Status);

        int before = _bench.Prober.Count;
        _bench.Time.Advance(TimeSpan.FromSeconds(60)); // the rechecks of those in doubt
        Patience.Until(() => _bench.Prober.Count == before + 4 && Refreshed() == 9);
        for (int i = 0; i < 5; i++)
            Assert.Equal(VerificationOutcome.Deliverable, _bench.AskAtOnce($"user{i}@example.com").Outcome);
    }

    [Fact]
    public async Task An_older_refusal_is_not_repeated_on_its_word()
    {
        _bench.Remember("old@example.com", Undeliverable, TimeSpan.FromHours(1));
        await LoseTrust();
        Assert.Equal(VerificationOutcome.Unknown, (await _bench.Ask("old@example.com").Soon()).Outcome);
    }

    [Fact]
    public async Task A_refusal_remembered_from_shortly_before_is_not_said_and_one_of_long_before_is()
    {
        using Bench bench = new(TestRoute.Create(times: new VerdictTimes { NegativeRecheck = TimeSpan.FromHours(2) }));
        bench.Remember("lately@example.com", Undeliverable, RefusalGuard.Window);
        bench.Remember("long@example.com", Undeliverable, RefusalGuard.Window + TimeSpan.FromMilliseconds(1));
        Assert.Equal(VerificationOutcome.Undeliverable, bench.AskAtOnce("lately@example.com").Outcome);

        await LoseTrust(bench);
        Assert.Equal(VerificationOutcome.Unknown, bench.AskAtOnce("lately@example.com").Outcome);
        Assert.Equal(VerificationOutcome.Undeliverable, bench.AskAtOnce("long@example.com").Outcome);
        Assert.Single(bench.Prober.MeasuredAgain);

        bench.Time.Advance(RefusalGuard.DistrustTime);
        Assert.Equal(VerificationOutcome.Undeliverable, bench.AskAtOnce("lately@example.com").Outcome);
    }

    [Fact]
    public async Task A_known_good_confirmed_ends_it_and_both_are_told_once()
    {
        await LoseTrust();
        await _bench.Ask("new@example.com").Soon();
        Assert.Single(_bench.Log.Lines, line => line.Id == EventIds.RouteDistrusted);

        _bench.Remember("friend@example.com", Deliverable, TimeSpan.FromDays(8));
        _bench.Prober.AnswerAtOnce = Said.Ok;
        _bench.AskAtOnce("friend@example.com");
        Patience.Until(() => _bench.Log.Lines.Any(line => line.Id == EventIds.RouteTrusted));
        _bench.Prober.AnswerAtOnce = Said.NoSuchUser;
        Assert.Equal(VerificationOutcome.Undeliverable, (await _bench.Ask("other@example.com").Soon()).Outcome);
        Assert.Single(_bench.Log.Lines, line => line.Id == EventIds.RouteTrusted);
    }

    [Fact]
    public async Task Another_route_is_believed_all_the_while()
    {
        using Bench bench = new(TestRoute.Create(), TestRoute.Create(domains: ["example.net"]));
        await LoseTrust(bench);
        bench.Prober.AnswerAtOnce = new(Undeliverable, OutcomeScope.Address, Said.Reply(550, "5.1.1", "User unknown", route: "example.net"));
        Assert.Equal(VerificationOutcome.Undeliverable, (await bench.Ask("new@example.net").Soon()).Outcome);
    }

    private int Refreshed() => _bench.Log.Lines.Count(line => line.Id == EventIds.Refreshed);

    private Task LoseTrust() => LoseTrust(_bench);

    /// <summary>Five known goods past their refresh time are refused.</summary>
    private static async Task LoseTrust(Bench bench)
    {
        bench.Prober.AnswerAtOnce = Said.NoSuchUser;
        for (int i = 0; i < 5; i++)
        {
            bench.Remember($"user{i}@example.com", Deliverable, TimeSpan.FromDays(8));
            Assert.Equal(VerificationOutcome.Deliverable, (await bench.Ask($"user{i}@example.com").Soon()).Outcome);
        }

        Patience.Until(() => bench.Log.Lines.Count(line => line.Id == EventIds.Refreshed) == 5);
        Assert.Contains(bench.Log.Lines, line => line.Id == EventIds.RouteDistrusted);
    }
}

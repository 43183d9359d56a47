using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>How a known good that is refused becomes a refusal: two refusals, the second of them our own doing.</summary>
public sealed class RecipientVerifierDemotionTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_second_refusal_comes_a_minute_later_without_another_mail()
    {
        Verdict doubted = await Doubt();
        Assert.Equal((Deliverable, (byte)1), (doubted.Status, doubted.Refusals));
        Assert.Equal(VerificationOutcome.Deliverable, _bench.AskAtOnce("user@example.com").Outcome);
        Assert.Contains(_bench.Log.Lines, line => line.Id == EventIds.KnownGoodRefused);

        _bench.Time.Advance(Interval);
        ScriptedProbe recheck = await _bench.Prober.NextAsync();
        Assert.Equal(ProbePriority.Background, recheck.Priority);
        recheck.Answer(Said.NoSuchUser);
        Assert.Equal(Undeliverable, (await _bench.Store.NextPutAsync()).Status);
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Cache), AskAtOnce());
    }

    [Fact]
    public async Task The_recheck_does_not_come_earlier()
    {
        await Doubt();
        _bench.Time.Advance(Interval - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _bench.Prober.Count);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await _bench.Prober.NextAsync();
        Assert.Equal(2, _bench.Prober.Count);
    }

    [Fact]
    public async Task Mails_to_a_doubted_recipient_are_let_through_and_cost_no_probe_each()
    {
        await Doubt();
        int lines = _bench.Log.Lines.Count;
        for (int i = 0; i < 59; i++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Cache), AskAtOnce());
        }

        Assert.Equal(1, _bench.Prober.Count);
        Assert.Equal(lines, _bench.Log.Lines.Count);
    }

    [Fact]
    public async Task An_acceptance_at_the_recheck_ends_the_doubt()
    {
        await Doubt();
        _bench.Time.Advance(Interval);
        (await _bench.Prober.NextAsync()).Answer(Said.Ok);
        Verdict verdict = await _bench.Store.NextPutAsync();
        Assert.Equal((Deliverable, (byte)0, _bench.Now), (verdict.Status, verdict.Refusals, verdict.Updated));
    }

    [Fact]
    public async Task After_a_reload_that_took_the_route_away_there_is_no_recheck()
    {
        await Doubt();
        _bench.Verifier.Routes = new RouteTable([]);
        _bench.Time.Advance(Interval);
        Assert.Equal(VerificationOutcome.NoRoute, _bench.AskAtOnce("user@example.com").Outcome);
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task The_recheck_asks_by_the_route_in_force_then()
    {
        await Doubt();
        Route after = TestRoute.Create(hosts: ["new.corp.example"]);
        _bench.Verifier.Routes = new RouteTable([after]);
        _bench.Time.Advance(Interval);
        ScriptedProbe recheck = await _bench.Prober.NextAsync();
        Assert.Same(after, recheck.Route);
    }

    [Fact]
    public async Task A_recheck_without_an_answer_is_made_again_and_one_with_an_answer_is_the_last()
    {
        await Doubt();
        _bench.Time.Advance(Interval);
        (await _bench.Prober.NextAsync()).Answer(Said.ConnectionRefused);
        Patience.Until(() => Refreshed() == 2);
        // The end of the probe is logged before the next one is waited for.
        while (await _bench.Time.TimerAsync() != 2 * Interval)
            continue;
        _bench.Time.Advance(Interval);
        Assert.Equal(2, _bench.Prober.Count);
        _bench.Time.Advance(Interval);
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        Assert.Equal(Undeliverable, (await _bench.Store.NextPutAsync()).Status);
        Patience.Until(() => Refreshed() == 3);
        _bench.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(3, _bench.Prober.Count);
    }

    [Fact]
    public async Task After_a_stop_there_is_no_recheck()
    {
        await Doubt();
        _bench.Verifier.Stop();
        _bench.Time.Advance(Interval);
        Assert.Equal(1, _bench.Prober.Count);
    }

    private int Refreshed() => _bench.Log.Lines.Count(line => line.Id == EventIds.Refreshed);

    private (VerificationOutcome Outcome, VerdictSource Source) AskAtOnce()
    {
        VerificationResult result = _bench.AskAtOnce("user@example.com");
        return (result.Outcome, result.Source);
    }

    /// <summary>A known good past its refresh time has been refused once.</summary>
    private async Task<Verdict> Doubt()
    {
        _bench.Remember("user@example.com", Deliverable, TimeSpan.FromDays(8));
        Assert.Equal(VerificationOutcome.Deliverable, _bench.AskAtOnce("user@example.com").Outcome);
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        Verdict doubted = await _bench.Store.NextPutAsync();
        // The last thing a background probe does is to log its end; the recheck is scheduled by then.
        Patience.Until(() => _bench.Log.Lines.Any(line => line.Id == EventIds.Refreshed));
        return doubted;
    }
}

using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>What is said out of the cache, and when a probe comes first.</summary>
[Collection(Alone.Name)]
public sealed class RecipientVerifierCacheTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Deliverable, VerificationOutcome.Deliverable)]
    [InlineData(Undeliverable, VerificationOutcome.Undeliverable)]
    [InlineData(Unknown, VerificationOutcome.Unknown)]
    public void What_is_fresh_is_said_at_once(VerdictStatus known, VerificationOutcome outcome)
    {
        Verdict verdict = _bench.Remember("user@example.com", known, TimeSpan.FromSeconds(1));
        VerificationResult answer = _bench.AskAtOnce("USER@Example.com.");
        Assert.Equal(new VerificationResult(outcome, VerdictSource.Cache, _bench.Route, verdict.Reply, null), answer);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public void A_cache_hit_completes_synchronously_and_allocates_nothing()
    {
        Route route = TestRoute.Create(domains: ["example.com", ".example.com"], alwaysAccept: ["abuse", "list@example.com"]);
        MemoryVerdictStore store = new(1000, _bench.Time);
        using RecipientVerifier verifier = new(new RouteTable([route]), store, _bench.Prober, _bench.Time, _bench.Log);
        store.Put(new Verdict("user@example.com"u8.ToArray(), Deliverable, _bench.Now, long.MaxValue, Said.Ok.Reply));
        store.Put(new Verdict("nobody@example.com"u8.ToArray(), Undeliverable, _bench.Now, long.MaxValue, Said.NoSuchUser.Reply));
        RecipientQuery[] queries =
        [
            .. ((byte[][])["User@Example.com"u8.ToArray(), "nobody@example.com"u8.ToArray(), "Postmaster@example.com"u8.ToArray(), "a@elsewhere.example"u8.ToArray()])
                .Select(recipient => new RecipientQuery(recipient, default, Bench.Budget, "someone@sender.example"u8.ToArray())),
        ];
        Assert.True(AllComplete(verifier, queries));

        bool complete = true;
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                complete &= AllComplete(verifier, queries);
        }));
        Assert.True(complete);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public void Announcing_recipients_of_any_form_allocates_nothing_and_changes_no_answer()
    {
        MemoryVerdictStore memory = new(100_000, _bench.Time);
        for (int i = 0; i < 70_000; i++)
            memory.Put(new Verdict(System.Text.Encoding.UTF8.GetBytes($"user{i}@example.com"), Deliverable, _bench.Now, long.MaxValue, Said.Ok.Reply));
        using RecipientVerifier verifier = new(
            new RouteTable([_bench.Route]), new TieredVerdictCache(memory, [], _bench.Time), _bench.Prober, _bench.Time, _bench.Log);
        Assert.True(verifier.IsWorthAnnouncing);
        RecipientQuery[] queries = [new("User17@Example.com"u8.ToArray(), default, Bench.Budget)];
        byte[][] recipients = ["User17@Example.com"u8.ToArray(), [], "müller@example.com"u8.ToArray(), [.. Enumerable.Repeat((byte)'x', 60_000)], "@"u8.ToArray(), [0xff, 0x00]];
        bool complete = true;
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            foreach (byte[] recipient in recipients)
            {
                verifier.Approach(verifier.Announce(recipient));
                complete &= AllComplete(verifier, queries);
            }
        }));
        Assert.True(complete);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_known_good_past_its_refresh_time_is_said_at_once_and_probed_once_behind()
    {
        _bench.Remember("user@example.com", Deliverable, TimeSpan.FromDays(8));
        for (int i = 0; i < 3; i++)
        {
            VerificationResult answer = _bench.AskAtOnce("user@example.com");
            Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Cache), (answer.Outcome, answer.Source));
        }

        Assert.Equal(1, _bench.Prober.Count);
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.Equal(ProbePriority.Background, probe.Priority);
        probe.Answer(Said.Ok);
        Verdict refreshed = await _bench.Store.NextPutAsync();
        Assert.Equal((Deliverable, _bench.Now), (refreshed.Status, refreshed.Updated));
        _bench.AskAtOnce("user@example.com");
        Assert.Equal(1, _bench.Prober.Count);
        Patience.Until(() => !_bench.Log.Lines.IsEmpty);
        Assert.Contains(_bench.Log.Lines, line => line.Id == EventIds.Refreshed
            && line.Text.Contains("recipient=<user@example.com> verdict=deliverable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_refresh_that_failed_the_next_one_waits()
    {
        Verdict known = _bench.Remember("user@example.com", Deliverable, TimeSpan.FromDays(8));
        _ = _bench.Ask("user@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.ConnectionRefused);
        Patience.Until(() => known.RetryAfter != 0);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.Equal(VerificationOutcome.Deliverable, _bench.AskAtOnce("user@example.com").Outcome);
        Assert.Equal(1, _bench.Prober.Count);

        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Patience.Until(() => _bench.AskAtOnce("user@example.com").Outcome == VerificationOutcome.Deliverable && _bench.Prober.Count == 2);
    }

    [Fact]
    public async Task A_refusal_past_its_recheck_time_is_probed_before_it_is_said_again()
    {
        _bench.Remember("new@example.com", Undeliverable, TimeSpan.FromMinutes(5));
        Task<VerificationResult> answer = _bench.Ask("new@example.com");
        Assert.False(answer.IsCompleted);
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.Equal(ProbePriority.Caller, probe.Priority);
        probe.Answer(Said.Ok);
        VerificationResult result = await answer.Soon();
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Probe), (result.Outcome, result.Source));
    }

    [Theory]
    [InlineData(Undeliverable, 1, VerificationOutcome.Undeliverable, VerdictSource.Stale)]
    [InlineData(Undeliverable, 4, VerificationOutcome.Unknown, VerdictSource.Probe)]
    [InlineData(Undeliverable, 71, VerificationOutcome.Unknown, VerdictSource.Probe)]
    [InlineData(Deliverable, 31 * 24, VerificationOutcome.Deliverable, VerdictSource.Stale)]
    [InlineData(Deliverable, 38 * 24, VerificationOutcome.Unknown, VerdictSource.Probe)]
    public async Task What_holds_when_the_probe_brings_no_answer(VerdictStatus known, int hours, VerificationOutcome outcome, VerdictSource source)
    {
        _bench.Remember("user@example.com", known, TimeSpan.FromHours(hours));
        Task<VerificationResult> answer = _bench.Ask("user@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.ConnectionRefused);
        VerificationResult result = await answer.Soon();
        Assert.Equal((outcome, source), (result.Outcome, result.Source));
    }

    [Theory]
    [InlineData(Undeliverable, 1, VerificationOutcome.Undeliverable, VerdictSource.Stale)]
    [InlineData(Undeliverable, 4, VerificationOutcome.Unknown, VerdictSource.Cache)]
    [InlineData(Deliverable, 31 * 24, VerificationOutcome.Deliverable, VerdictSource.Stale)]
    public async Task After_a_failed_probe_the_next_callers_do_not_queue_up_behind_the_trouble(
        VerdictStatus known, int hours, VerificationOutcome outcome, VerdictSource source)
    {
        _bench.Prober.AnswerAtOnce = Said.ConnectionRefused;
        _bench.Remember("user@example.com", known, TimeSpan.FromHours(hours));
        Assert.Equal(outcome, (await _bench.Ask("user@example.com").Soon()).Outcome);

        _bench.Time.Advance(TimeSpan.FromMilliseconds(29_999));
        VerificationResult second = _bench.AskAtOnce("user@example.com");
        Assert.Equal((outcome, source), (second.Outcome, second.Source));
        Assert.Equal(1, _bench.Prober.Count);

        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        _bench.Prober.AnswerAtOnce = Said.Ok;
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Probe), Brief(await _bench.Ask("user@example.com").Soon()));
        Assert.Equal(2, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_clock_set_back_a_day_does_not_stretch_the_pause_after_a_failed_probe()
    {
        _bench.Prober.AnswerAtOnce = Said.ConnectionRefused;
        Verdict known = _bench.Remember("user@example.com", Undeliverable, TimeSpan.FromHours(1));
        await _bench.Ask("user@example.com").Soon();
        known.RetryAfter += 86_400_000; // as a clock set back a day makes it look
        _bench.Prober.AnswerAtOnce = Said.Ok;
        Assert.Equal(VerificationOutcome.Deliverable, (await _bench.Ask("user@example.com").Soon()).Outcome);
    }

    [Fact]
    public async Task A_temporary_failure_is_remembered_for_seconds()
    {
        _bench.Prober.AnswerAtOnce = Said.TryLater;
        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Probe), Brief(await _bench.Ask("user@example.com").Soon()));
        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.Cache), Brief(await _bench.Ask("user@example.com").Soon()));
        _bench.Time.Advance(TimeSpan.FromSeconds(30));
        _bench.Prober.AnswerAtOnce = Said.Ok;
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Probe), Brief(await _bench.Ask("user@example.com").Soon()));
    }

    private static bool AllComplete(RecipientVerifier verifier, RecipientQuery[] queries)
    {
        foreach (ref readonly RecipientQuery query in queries.AsSpan())
        {
            ValueTask<VerificationResult> answer = verifier.VerifyAsync(query);
            if (!answer.IsCompletedSuccessfully || answer.Result.Outcome == VerificationOutcome.Unknown)
                return false;
        }

        return true;
    }

    private static (VerificationOutcome Outcome, VerdictSource Source) Brief(VerificationResult result) => (result.Outcome, result.Source);
}

using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>Callers and the probes they start, share and give up on.</summary>
public sealed class RecipientVerifierProbeTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Deliverable, VerificationOutcome.Deliverable)]
    [InlineData(Undeliverable, VerificationOutcome.Undeliverable)]
    [InlineData(Unknown, VerificationOutcome.Unknown)]
    public async Task A_recipient_never_seen_is_probed_and_remembered(VerdictStatus status, VerificationOutcome outcome)
    {
        Task<VerificationResult> first = _bench.Ask("New.User@Example.com");
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.Equal("New.User"u8, probe.Address.LocalPart.Span);
        Assert.Equal("new.user@example.com", probe.Address.ToString());
        Assert.Same(_bench.Route, probe.Route);
        probe.Answer(Said.Of(status));
        Assert.Equal(new VerificationResult(outcome, VerdictSource.Probe, _bench.Route, Said.Of(status).Reply, null), await first.Soon());

        VerificationResult second = _bench.AskAtOnce("new.user@example.com");
        Assert.Equal((outcome, VerdictSource.Cache), (second.Outcome, second.Source));
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task An_empty_local_part_is_asked_about_like_any_other()
    {
        Task<VerificationResult> answer = _bench.Ask("@example.com");
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.True(probe.Address.LocalPart.IsEmpty);
        Assert.Equal("example.com"u8, probe.Address.Domain.Span);
        probe.Answer(Said.NoSuchUser);
        Assert.Equal(VerificationOutcome.Undeliverable, (await answer.Soon()).Outcome);
    }

    [Fact]
    public async Task A_thousand_callers_of_one_address_are_one_probe()
    {
        Task<VerificationResult>[] callers = [.. Enumerable.Range(0, 1000)
            .Select(i => Task.Run(() => _bench.Ask(i % 2 == 0 ? "user@example.com" : "USER@EXAMPLE.COM"), TestContext.Current.CancellationToken))];
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        probe.Answer(Said.NoSuchUser);
        Assert.All(await Task.WhenAll(callers).Soon(), result => Assert.Equal(VerificationOutcome.Undeliverable, result.Outcome));
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_caller_out_of_time_gets_unknown_and_the_next_one_what_the_probe_found()
    {
        Task<VerificationResult> impatient = _bench.Ask("user@example.com", TimeSpan.FromSeconds(2));
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        VerificationResult result = await impatient.Soon();
        Assert.Equal((VerificationOutcome.Unknown, (ProbeReply?)null), (result.Outcome, result.Reply));
        Assert.Equal("no answer yet, the probe goes on", result.Reason);

        probe.Answer(Said.NoSuchUser);
        await _bench.Store.NextPutAsync();
        VerificationResult next = _bench.AskAtOnce("user@example.com");
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Cache), (next.Outcome, next.Source));
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_caller_out_of_time_is_told_a_refusal_that_still_stands()
    {
        _bench.Remember("user@example.com", Undeliverable, TimeSpan.FromHours(1));
        Task<VerificationResult> answer = _bench.Ask("user@example.com");
        _bench.Time.Advance(Bench.Budget);
        VerificationResult result = await answer.Soon();
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Stale), (result.Outcome, result.Source));
    }

    [Fact]
    public async Task A_caller_without_time_still_starts_the_probe()
    {
        VerificationResult result = await _bench.Ask("user@example.com", TimeSpan.Zero).Soon();
        Assert.Equal(VerificationOutcome.Unknown, result.Outcome);
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-10_000_000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task A_budget_out_of_any_range_is_no_exception(long ticks)
    {
        _bench.Prober.AnswerAtOnce = Said.Ok;
        Assert.Equal(VerificationOutcome.Deliverable, (await _bench.Ask("user@example.com", new TimeSpan(ticks)).Soon()).Outcome);
    }

    [Fact]
    public async Task Stopping_releases_those_who_wait()
    {
        _bench.Remember("known@example.com", Undeliverable, TimeSpan.FromHours(1));
        Task<VerificationResult> first = _bench.Ask("user@example.com");
        Task<VerificationResult> second = _bench.Ask("known@example.com");
        _bench.Verifier.Stop();
        Assert.Equal(VerificationOutcome.Unknown, (await first.Soon()).Outcome);
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Stale), Brief(await second.Soon()));
        Assert.Equal(VerificationOutcome.Unknown, (await _bench.Ask("late@example.com").Soon()).Outcome);
    }

    [Fact]
    public async Task A_defect_in_a_probe_is_unknown_for_all_who_wait_and_is_logged()
    {
        Task<VerificationResult> first = _bench.Ask("user@example.com");
        Task<VerificationResult> second = _bench.Ask("user@example.com");
        (await _bench.Prober.NextAsync()).Fail(new InvalidOperationException("defect"));
        Assert.Equal((VerificationOutcome.Unknown, "internal error"), ((await first.Soon()).Outcome, (await second.Soon()).Reason));
        Assert.Contains(_bench.Log.Lines, line => line.Id == EventIds.ProbeDefect);

        Task<VerificationResult> third = _bench.Ask("user@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.Ok);
        Assert.Equal(VerificationOutcome.Deliverable, (await third.Soon()).Outcome);
    }

    [Fact]
    public async Task A_defect_in_a_probe_does_not_take_away_a_known_good()
    {
        _bench.Remember("user@example.com", Deliverable, TimeSpan.FromDays(31));
        Task<VerificationResult> answer = _bench.Ask("user@example.com");
        (await _bench.Prober.NextAsync()).Fail(new InvalidOperationException("defect"));
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.Stale), Brief(await answer.Soon()));
    }

    [Fact]
    public async Task What_is_logged_of_a_probe_is_escaped()
    {
        _bench.Remember("us\"er@example.com", Deliverable, TimeSpan.FromDays(8));
        _ = _bench.Ask("us\"er@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.Ok with { Reply = Said.Reply(250, "", "ok\" verdict=\"forged") });
        Patience.Until(() => !_bench.Log.Lines.IsEmpty);
        (int _, string text) = Assert.Single(_bench.Log.Lines);
        Assert.Contains("recipient=<us\\x22er@example.com>", text, StringComparison.Ordinal);
        Assert.Contains("reply=\"ok\\x22 verdict=\\x22forged\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user@elsewhere.example")]
    [InlineData("postmaster")]
    [InlineData("")]
    [InlineData("us\ner@elsewhere.example")]
    [InlineData("user@exam ple.com")]
    public void Without_a_route_it_is_not_our_business(string recipient)
    {
        VerificationResult answer = _bench.AskAtOnce(recipient);
        Assert.Equal(new VerificationResult(VerificationOutcome.NoRoute, VerdictSource.Address, null, null, null), answer);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Theory]
    [InlineData("us\ner@example.com", "the address has a byte that SMTP cannot carry")]
    [InlineData("us\0er@EXAMPLE.com.", "the address has a byte that SMTP cannot carry")]
    public void A_byte_that_SMTP_cannot_carry_is_unknown_and_never_probed(string recipient, string reason)
    {
        VerificationResult result = _bench.AskAtOnce(recipient);
        Assert.Equal((VerificationOutcome.Unknown, reason), (result.Outcome, result.Reason));
        Assert.Same(_bench.Route, result.Route);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public void An_address_too_long_is_unknown_and_never_probed()
    {
        VerificationResult result = _bench.AskAtOnce(new string('u', 400) + "@example.com");
        Assert.Equal((VerificationOutcome.Unknown, "the address is too long"), (result.Outcome, result.Reason));
        Assert.Equal(VerificationOutcome.NoRoute, _bench.AskAtOnce("u@" + new string('u', 70_000) + ".example.com").Outcome);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_unknown_and_never_probed()
    {
        Assert.Equal(VerificationOutcome.Unknown, _bench.AskAtOnce([0xff, .. "@example.com"u8]).Outcome);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Theory]
    [InlineData("postmaster@example.com")]
    [InlineData("PostMaster@Example.COM")]
    public void Postmaster_is_accepted_and_never_probed(string recipient)
    {
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.AlwaysAccept), Brief(_bench.AskAtOnce(recipient)));
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public async Task On_a_case_sensitive_route_the_accept_list_is_still_matched_in_lower_case_and_the_rest_is_not()
    {
        using Bench bench = new(TestRoute.Create(caseSensitive: true, alwaysAccept: ["jürgen"]));
        bench.Prober.AnswerAtOnce = Said.Ok;
        Assert.Equal(VerdictSource.AlwaysAccept, bench.AskAtOnce("POSTMASTER@example.com").Source);
        Assert.Equal(VerdictSource.AlwaysAccept, bench.AskAtOnce("JÜRGEN@example.com").Source);
        await bench.Ask("User@EXAMPLE.com").Soon();
        await bench.Ask("user@example.com").Soon();
        await bench.Ask("User@example.com").Soon();
        Assert.Equal(2, bench.Prober.Count);
        Assert.Equal("User@example.com", (await bench.Prober.NextAsync()).Address.ToString());
        Assert.Equal("user@example.com", (await bench.Prober.NextAsync()).Address.ToString());
    }

    private static (VerificationOutcome Outcome, VerdictSource Source) Brief(VerificationResult result) => (result.Outcome, result.Source);
}

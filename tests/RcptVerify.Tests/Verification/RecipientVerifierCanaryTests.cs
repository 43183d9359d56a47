using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

/// <summary>A refusal counts only beside the canary's acceptance at the same server.</summary>
public sealed class RecipientVerifierCanaryTests : IDisposable
{
    private const string Canary = "canary@example.com";
    private readonly Bench _bench = new(TestRoute.Create(canary: Canary));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_refusal_waits_for_the_canary_and_counts_once_that_is_accepted()
    {
        Task<VerificationResult> answer = _bench.Ask("nobody@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        ScriptedProbe canary = await _bench.Prober.NextAsync();
        Assert.Equal(Canary, canary.Address.ToString());
        Assert.Equal((TestRoute.Server, ProbeTarget.Rcpt), (Assert.Single(canary.Route.Servers).Name, canary.Route.Target));
        Assert.False(answer.IsCompleted);
        canary.Answer(Said.Ok);

        Assert.Equal(VerificationOutcome.Undeliverable, (await answer.Soon()).Outcome);
        Assert.Equal(VerificationOutcome.Undeliverable, _bench.AskAtOnce("nobody@example.com").Outcome);
    }

    [Fact]
    public async Task A_caller_waits_no_longer_for_it_than_he_can()
    {
        Task<VerificationResult> answer = _bench.Ask("nobody@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        ScriptedProbe canary = await _bench.Prober.NextAsync();
        _bench.Time.Advance(Bench.Budget);
        Assert.Equal(VerificationOutcome.Unknown, (await answer.Soon()).Outcome);
        canary.Answer(Said.Ok);
        await _bench.Store.NextPutAsync();
        Assert.Equal(VerificationOutcome.Undeliverable, _bench.AskAtOnce("nobody@example.com").Outcome);
    }

    [Fact]
    public async Task An_accepted_recipient_needs_no_canary()
    {
        _bench.Prober.AnswerAtOnce = Said.Ok;
        Assert.Equal(VerificationOutcome.Deliverable, (await _bench.Ask("user@example.com").Soon()).Outcome);
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task The_canary_is_asked_about_once_a_minute_at_each_server()
    {
        await Refuse("a@example.com", canary: Said.Ok);
        await Refuse("b@example.com");
        await Refuse("c@example.com", server: TestRoute.OtherServer, canary: Said.Ok);
        _bench.Time.Advance(TimeSpan.FromSeconds(59));
        await Refuse("d@example.com");
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await Refuse("e@example.com", canary: Said.Ok);
        Assert.Equal(5 + 3, _bench.Prober.Count);
    }

    [Fact]
    public async Task Refusals_that_come_together_share_one_question()
    {
        Task<VerificationResult>[] answers = [_bench.Ask("a@example.com"), _bench.Ask("b@example.com")];
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        (await _bench.Prober.NextAsync()).Answer(Said.Ok);
        Assert.All(await Task.WhenAll(answers).Soon(), answer => Assert.Equal(VerificationOutcome.Undeliverable, answer.Outcome));
        Assert.Equal(3, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_refused_canary_ends_the_trust_at_once_and_nobody_is_demoted()
    {
        _bench.Remember("user@example.com", Deliverable, TimeSpan.FromDays(8));
        VerificationResult stranger = await Refuse("new@example.com", Said.NoSuchUser);
        Assert.Equal((VerificationOutcome.Unknown, 550), (stranger.Outcome, stranger.Reply?.Code));
        Assert.Single(_bench.Log.Lines, line => line.Id == EventIds.CanaryRefused && line.Text.Contains(Canary, StringComparison.Ordinal));
        Assert.Same(_bench.Route, Assert.Single(_bench.Prober.MeasuredAgain));

        _bench.Prober.AnswerAtOnce = Said.NoSuchUser;
        Assert.Equal(VerificationOutcome.Deliverable, _bench.AskAtOnce("user@example.com").Outcome);
        Patience.Until(() => _bench.Log.Lines.Any(line => line.Id == EventIds.Refreshed));
        Assert.True(_bench.Store.TryGet("user@example.com"u8, out Verdict? user));
        Assert.Equal((Deliverable, (byte)0), (user!.Status, user.Refusals));
        Assert.Equal(VerificationOutcome.Unknown, (await _bench.Ask("other@example.com").Soon()).Outcome);
        Assert.Equal(4, _bench.Prober.Count); // two strangers, the user, and the canary once
    }

    [Fact]
    public async Task Refusals_noted_shortly_before_are_not_repeated_and_count_again_when_the_canary_does()
    {
        Verdict early = _bench.Remember("early@example.com", Undeliverable, TimeSpan.FromMinutes(4));
        Assert.Equal(VerificationOutcome.Undeliverable, _bench.AskAtOnce("early@example.com").Outcome);
        await Refuse("new@example.com", canary: Said.NoSuchUser);
        VerificationResult repeated = _bench.AskAtOnce("early@example.com");
        Assert.Equal((VerificationOutcome.Unknown, "the server refuses its known goods"), (repeated.Outcome, repeated.Reason));

        _bench.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(VerificationOutcome.Undeliverable, (await Refuse("newer@example.com", canary: Said.Ok)).Outcome);
        Assert.Contains(_bench.Log.Lines, line => line.Id == EventIds.RouteTrusted);
        _bench.Store.Remember(new Verdict(early.Address, Undeliverable, _bench.Now, early.GoneAt, early.Reply));
        Assert.Equal(VerificationOutcome.Undeliverable, _bench.AskAtOnce("early@example.com").Outcome);
    }

    [Fact]
    public async Task A_canary_without_an_answer_leaves_the_refusal_in_doubt_but_an_older_one_stands()
    {
        _bench.Remember("old@example.com", Undeliverable, TimeSpan.FromHours(1));
        VerificationResult stranger = await Refuse("new@example.com", canary: Said.TryLater);
        Assert.Equal((VerificationOutcome.Unknown, "the server was not seen to accept its canary"), (stranger.Outcome, stranger.Reason));
        VerificationResult old = await Refuse("old@example.com");
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Stale), (old.Outcome, old.Source));
        Assert.DoesNotContain(_bench.Log.Lines, line => line.Id is EventIds.CanaryRefused or EventIds.RouteDistrusted);
    }

    [Fact]
    public async Task A_known_good_refused_while_the_canary_is_silent_is_not_on_its_way_to_demotion()
    {
        _bench.Remember("user@example.com", Deliverable, TimeSpan.FromDays(8));
        _bench.AskAtOnce("user@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        (await _bench.Prober.NextAsync()).Answer(Said.ConnectionRefused);
        Patience.Until(() => _bench.Log.Lines.Any(line => line.Id == EventIds.Refreshed));
        Assert.True(_bench.Store.TryGet("user@example.com"u8, out Verdict? user));
        Assert.Equal((Deliverable, (byte)0), (user!.Status, user.Refusals));
    }

    [Fact]
    public async Task While_one_server_refuses_its_canary_another_ones_word_is_no_trust()
    {
        await Refuse("a@example.com", canary: Said.NoSuchUser);
        await Refuse("b@example.com", server: TestRoute.OtherServer, canary: Said.Ok);
        Assert.DoesNotContain(_bench.Log.Lines, line => line.Id == EventIds.RouteTrusted);
        Assert.Equal(VerificationOutcome.Unknown, (await Refuse("c@example.com", server: TestRoute.OtherServer)).Outcome);
    }

    [Fact]
    public async Task A_mail_for_the_canary_itself_brings_the_news()
    {
        Task<VerificationResult> answer = _bench.Ask("Canary@Example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        Assert.Equal(VerificationOutcome.Unknown, (await answer.Soon()).Outcome);
        Assert.Contains(_bench.Log.Lines, line => line.Id == EventIds.CanaryRefused);
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_among_the_routes_is_asked_by_its_name()
    {
        Assert.Equal(new ServerEndpoint("2001:db8::1", 26), ServerEndpoint.Parse("[2001:db8::1]:26"));
        Assert.Equal(new ServerEndpoint("192.0.2.1", 25, "mx.example.com"), ServerEndpoint.Parse("mx.example.com[192.0.2.1]:25"));
        Task<VerificationResult> answer = _bench.Ask("nobody@example.com");
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser with { Reply = Said.Reply(550, "5.1.1", "no", server: "mx9.example.net:25") });
        ScriptedProbe canary = await _bench.Prober.NextAsync();
        Assert.Equal(new ServerEndpoint("mx9.example.net", 25), Assert.Single(canary.Route.Servers));
        canary.Answer(Said.Ok);
        await answer.Soon();
    }

    /// <summary>The answer to a recipient whom a server refuses; with the canary's answer where one is to be asked for.</summary>
    private async Task<VerificationResult> Refuse(string recipient, ProbeOutcome? canary = null, string server = TestRoute.Server)
    {
        int before = _bench.Prober.Count;
        Task<VerificationResult> answer = _bench.Ask(recipient);
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser with { Reply = Said.Reply(550, "5.1.1", "User unknown", server) });
        if (canary is not null)
            (await _bench.Prober.NextAsync()).Answer(canary);
        VerificationResult result = await answer.Soon();
        Assert.Equal(before + (canary is null ? 1 : 2), _bench.Prober.Count);
        return result;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Servers that went down are passed over, tried again by one probe, and meanwhile the cache speaks.</summary>
public sealed class ServersDownTests : ProbingTest
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_server_that_is_down_is_passed_over_without_waiting()
    {
        SmtpProber prober = Prober(time: _time);
        ScriptedSmtpServer dead = ServerForEach(c => DropAsync(c));
        ScriptedSmtpServer alive = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("250 ok")));
        Route route = RouteTo(dead, alive);

        for (int i = 0; i < 10; i++)
            Assert.Equal(alive.Endpoint.Name, (await ProbeAsync(prober, route, $"user{i}@example.com")).Reply.Server);

        Assert.Equal(BackendHealth.FailureLimit, dead.Accepted);
    }

    [Fact]
    public async Task A_server_that_is_back_is_found_beside_a_probe_that_another_answers()
    {
        bool isBack = false;
        SmtpProber prober = Prober(time: _time);
        ScriptedSmtpServer first = ServerForEach(c => isBack ? c.ServeAsync(_ => Task.FromResult("250 first")) : DropAsync(c));
        ScriptedSmtpServer second = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("250 second")));
        Route route = RouteTo(first, second);
        for (int i = 0; i < 3; i++)
            await ProbeAsync(prober, route, $"user{i}@example.com");
        isBack = true;
        _time.Advance(BackendHealth.MinPause);

        Assert.Equal("second", (await ProbeAsync(prober, route, "anna@example.com")).Reply.Text);
        await UntilAsync(() => first.Commands.Any(c => c.EndsWith("RCPT TO:<anna@example.com>", StringComparison.Ordinal)));
        ProbeOutcome outcome = await ProbeAsync(prober, route, "bert@example.com");
        for (int i = 0; outcome.Reply.Text != "first" && i < 1000; i++)
            outcome = await ProbeAsync(prober, route, $"carl{i}@example.com");
        Assert.Equal("first", outcome.Reply.Text);
    }

    [Fact]
    public async Task While_all_servers_are_down_nobody_waits_and_the_reason_is_told()
    {
        SmtpProber prober = Prober(time: _time);
        ScriptedSmtpServer dead = ServerForEach(c => DropAsync(c));
        Route route = RouteTo(dead);
        for (int i = 0; i < 3; i++)
            await ProbeAsync(prober, route, $"user{i}@example.com");

        ProbeOutcome outcome = await ProbeAsync(prober, route, "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, 3), (outcome.Status, outcome.Scope, dead.Accepted));
        Assert.Equal("all servers of the route are down, next try in 5 s: the server closed the connection", outcome.Reply.Text);
        _time.Advance(BackendHealth.MinPause);
        Assert.Equal("the server closed the connection", (await ProbeAsync(prober, route, "anna@example.com")).Reply.Text);
        Assert.Equal(4, dead.Accepted);
    }

    [Fact]
    public async Task While_all_servers_are_down_the_caps_hold_nobody_up()
    {
        SmtpProber prober = Prober(time: _time);
        ScriptedSmtpServer dead = ServerForEach(c => DropAsync(c));
        Route route = new(["example.com"], [dead.Endpoint], []) { Probe = Settings, Caps = new(0, 3, TimeSpan.FromHours(1)) };
        for (int i = 0; i < 3; i++)
            await ProbeAsync(prober, route, $"user{i}@example.com");

        Assert.StartsWith("all servers of the route are down", (await ProbeAsync(prober, route, "anna@example.com")).Reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_all_servers_are_down_known_good_is_accepted_and_known_bad_refused()
    {
        bool isUp = true;
        ScriptedSmtpServer server = ServerForEach(async c =>
        {
            if (isUp)
                await c.ServeAsync(a => Task.FromResult(a.Contains("good", StringComparison.Ordinal) ? "250 ok" : "550 5.1.1 User unknown"));
            else
                await DropAsync(c);
        });
        Route route = new(["example.com"], [server.Endpoint], []) { Probe = Settings };
        MemoryVerdictStore store = new(1000, _time);
        using RecipientVerifier verifier = new(new RouteTable([route]), store, Prober(time: _time), _time, NullLogger<RecipientVerifier>.Instance);
        Assert.Equal(VerificationOutcome.Deliverable, await VerifyAsync(verifier, "good@example.com"));
        Assert.Equal(VerificationOutcome.Undeliverable, await VerifyAsync(verifier, "bad@example.com"));
        isUp = false;
        _time.Advance(TimeSpan.FromHours(1)); // past the session's age, and past negative_recheck_time

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(VerificationOutcome.Unknown, await VerifyAsync(verifier, $"new{i}@example.com"));
            Assert.Equal(VerificationOutcome.Deliverable, await VerifyAsync(verifier, "good@example.com"));
            Assert.Equal(VerificationOutcome.Undeliverable, await VerifyAsync(verifier, "bad@example.com"));
        }

        _time.Advance(TimeSpan.FromDays(8)); // past negative_expire_time and positive_refresh_time
        Assert.Equal(VerificationOutcome.Deliverable, await VerifyAsync(verifier, "good@example.com"));
        Assert.Equal(VerificationOutcome.Unknown, await VerifyAsync(verifier, "bad@example.com"));
    }

    [Fact]
    public async Task Once_a_server_is_back_nobody_is_told_any_more_of_its_trouble()
    {
        bool isUp = false;
        ScriptedSmtpServer server = ServerForEach(c => isUp ? c.ServeAsync(_ => Task.FromResult("250 ok")) : DropAsync(c));
        Route route = RouteTo(server);
        using RecipientVerifier verifier = new(
            new RouteTable([route]), new MemoryVerdictStore(1000, _time), Prober(time: _time), _time, NullLogger<RecipientVerifier>.Instance);
        for (int i = 0; i < 5; i++) // the last two are not even tried
            Assert.Equal(VerificationOutcome.Unknown, await VerifyAsync(verifier, $"user{i}@example.com"));
        isUp = true;
        _time.Advance(BackendHealth.MinPause);
        Assert.Equal(VerificationOutcome.Unknown, await VerifyAsync(verifier, "user0@example.com"));

        Assert.Equal(VerificationOutcome.Deliverable, await VerifyAsync(verifier, "trial@example.com"));

        for (int i = 0; i < 5; i++)
            Assert.Equal(VerificationOutcome.Deliverable, await VerifyAsync(verifier, $"user{i}@example.com"));
    }

    [Fact]
    public async Task A_caller_gives_up_waiting_at_the_caps_and_the_probe_goes_on()
    {
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("250 ok")));
        Route route = new(["example.com"], [server.Endpoint], []) { Probe = Settings, Caps = new(0, 1, TimeSpan.FromMinutes(1)) };
        MemoryVerdictStore store = new(1000, _time);
        using RecipientVerifier verifier = new(new RouteTable([route]), store, Prober(time: _time), _time, NullLogger<RecipientVerifier>.Instance);
        Assert.Equal(VerificationOutcome.Deliverable, await VerifyAsync(verifier, "first@example.com"));

        Task<VerificationOutcome> second = VerifyAsync(verifier, "second@example.com");
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(VerificationOutcome.Unknown, await second);
        Assert.DoesNotContain(server.Commands, c => c.Contains("second@", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromSeconds(54));
        await UntilAsync(() => store.TryGet("second@example.com"u8, out Verdict? verdict) && verdict!.Status == VerdictStatus.Deliverable);
    }

    private static Task DropAsync(SmtpConversation conversation)
    {
        conversation.Drop();
        return Task.CompletedTask;
    }

    private static async Task<VerificationOutcome> VerifyAsync(RecipientVerifier verifier, string recipient) =>
        (await InTime(verifier.VerifyAsync(new RecipientQuery(System.Text.Encoding.ASCII.GetBytes(recipient), default, TimeSpan.FromSeconds(8))).AsTask())).Outcome;
}

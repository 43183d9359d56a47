using System.Net;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Simulation;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Target auto against the simulated Exchange generations.</summary>
public sealed class MeasuredTargetTests : ProbingTest
{
    private const string Secret = "kQ3v9sT2mXw8";
    private const string Known = "alice@example.com";
    private const string Nobody = "nobody@example.com";

    /// <summary>Behaviour, with a secret, the target at which it tells; null where it accepts all.</summary>
    public static TheoryData<string, bool, ProbeTarget?> Table => new()
    {
        { "exchange2007", false, ProbeTarget.Rcpt },
        { "exchange2010", false, ProbeTarget.Rcpt },
        { "exchange2010", true, ProbeTarget.Rcpt },
        { "exchange2013-2525", false, ProbeTarget.Rcpt },
        { "exchange-online", false, ProbeTarget.Rcpt },
        { "edge", false, ProbeTarget.Rcpt },
        { "exchange2013-frontend-data", false, ProbeTarget.Data },
        { "exchange2013-frontend-data", true, ProbeTarget.Data },
        { "exchange2013-bdat", false, ProbeTarget.Bdat },
        { "exchange2013-frontend", false, null },
        { "exchange2013-frontend", true, ProbeTarget.Eod },
        { "exchange2016", false, null },
        { "exchange2016", true, ProbeTarget.Eod },
        { "exchange2019", false, null },
        { "exchange2019", true, ProbeTarget.Eod },
        { "exchange2010-novalidation", false, null },
        { "exchange2010-novalidation", true, null },
        { "accept-all", false, null },
        { "accept-all", true, null },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task The_stage_is_found_and_nothing_is_delivered_but_by_eod(string behaviour, bool secret, ProbeTarget? tells)
    {
        await using ExchangeSimulator exchange = await StartAsync(behaviour, secret ? Secret : null);
        SmtpProber prober = Prober();
        Route route = AutoRoute(secret ? Secret : "", exchange);

        ProbeOutcome known = await ProbeAsync(prober, route, Known);
        ProbeOutcome nobody = await ProbeAsync(prober, route, Nobody);

        bool acceptAll = tells is null;
        Assert.Equal((VerdictStatus.Deliverable, acceptAll), (known.Status, known.Reply.AcceptAll));
        Assert.Equal((acceptAll ? VerdictStatus.Deliverable : VerdictStatus.Undeliverable, acceptAll), (nobody.Status, nobody.Reply.AcceptAll));
        Assert.Equal(tells ?? ProbeTarget.Rcpt, known.Reply.Target);
        Assert.Empty(exchange.Counters.DeliveredMessages);
        Assert.Equal(tells == ProbeTarget.Eod || (acceptAll && secret) ? 1 : 0, exchange.Counters.MessagesDeletedByRule);
    }

    [Fact]
    public async Task A_server_that_tells_is_asked_before_one_that_accepts_all()
    {
        await using ExchangeSimulator silent = await StartAsync("accept-all", null);
        await using ExchangeSimulator telling = await StartAsync("exchange2010", null);

        ProbeOutcome outcome = await ProbeAsync(Prober(), AutoRoute("", silent, telling), Nobody);

        Assert.Equal(VerdictStatus.Undeliverable, outcome.Status);
        Assert.Equal(Endpoint(telling).Name, outcome.Reply.Server);
    }

    [Fact]
    public async Task A_pair_is_measured_once_for_all_who_ask()
    {
        await using ExchangeSimulator exchange = await StartAsync("exchange2010", null);
        SmtpProber prober = Prober();
        Route route = AutoRoute("", exchange);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ProbeAsync(prober, route, $"nobody{i}@example.com")));

        Assert.Equal(11, exchange.Counters.Rcpt);
    }

    [Fact]
    public async Task A_refusal_where_all_was_accepted_is_evidence_to_measure_again()
    {
        await using ExchangeSimulator exchange = await StartAsync("accept-all", null);
        SmtpProber prober = Prober();
        Route route = AutoRoute("", exchange);
        await ProbeAsync(prober, route, Known);
        exchange.SwitchTo("exchange2010");

        ProbeOutcome refused = await ProbeAsync(prober, route, Nobody);
        ProbeOutcome known = await ProbeAsync(prober, route, Known);

        Assert.Equal(VerdictStatus.Undeliverable, refused.Status);
        Assert.Equal((VerdictStatus.Deliverable, false), (known.Status, known.Reply.AcceptAll));
    }

    [Fact]
    public async Task A_finding_that_has_grown_old_is_served_on_while_one_measurement_renews_it()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource held = new();
        bool hold = false;
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(async recipient =>
        {
            if (Volatile.Read(ref hold) && recipient.StartsWith("rcptverify-", StringComparison.Ordinal))
                await c.WaitForAsync(held.Task);
            return "550 5.1.1 User unknown";
        }));
        SmtpProber prober = Prober(time: time);
        Route route = new(["example.com"], [server.Endpoint], []) { Probe = Settings with { MaxConnections = 2, Timeout = TimeSpan.FromHours(3) }, Target = ProbeTarget.Auto };
        await ProbeAsync(prober, route, Nobody);
        Volatile.Write(ref hold, true);

        time.Advance(CalibrationLimits.TellsLife);
        for (int i = 0; i < 3; i++)
            Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, Nobody)).Status);
        await UntilAsync(() => Measurements() == 2);
        held.SetResult();

        int Measurements() => server.Commands.Count(c => c.Contains("RCPT TO:<rcptverify-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_temporary_answer_is_no_measurement_of_a_server_that_told()
    {
        FakeTimeProvider time = new();
        await using ExchangeSimulator exchange = await StartAsync("exchange2010", null);
        SmtpProber prober = Prober(time: time);
        Route route = AutoRoute("", exchange);
        await ProbeAsync(prober, route, Known);
        exchange.SwitchTo("tempfail");
        long before = exchange.Counters.Rcpt;

        time.Advance(CalibrationLimits.TellsLife);
        await ProbeAsync(prober, route, Known);
        await UntilAsync(() => exchange.Counters.Rcpt == before + 2);
        exchange.SwitchTo("exchange2010");

        Assert.False((await ProbeAsync(prober, route, Known)).Reply.AcceptAll);
    }

    [Fact]
    public async Task What_is_accepted_without_a_measurement_is_marked_for_a_short_life()
    {
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(recipient => Task.FromResult(
            recipient.StartsWith("rcptverify-", StringComparison.Ordinal) ? "450 4.2.0 greylisted" : "250 2.1.5 ok")));
        Route route = new(["example.com"], [server.Endpoint], []) { Probe = Settings, Target = ProbeTarget.Auto };

        ProbeOutcome outcome = await ProbeAsync(Prober(), route, Known);

        Assert.Equal((VerdictStatus.Deliverable, true, true), (outcome.Status, outcome.Reply.AcceptAll, outcome.IsUnmeasured));
    }

    [Fact]
    public async Task A_route_that_lost_trust_is_measured_again()
    {
        await using ExchangeSimulator exchange = await StartAsync("exchange2010", null);
        SmtpProber prober = Prober();
        Route route = AutoRoute("", exchange);
        await ProbeAsync(prober, route, Known);
        exchange.SwitchTo("accept-all");

        prober.MeasureAgain(route);

        Assert.True((await ProbeAsync(prober, route, Known)).Reply.AcceptAll);
    }

    [Fact]
    public async Task A_measurement_is_made_again_when_its_time_is_over()
    {
        FakeTimeProvider time = new();
        await using ExchangeSimulator exchange = await StartAsync("accept-all", null);
        SmtpProber prober = Prober(time: time);
        Route route = AutoRoute("", exchange);
        Assert.True((await ProbeAsync(prober, route, Known)).Reply.AcceptAll);
        exchange.SwitchTo("exchange2010");
        Assert.True((await ProbeAsync(prober, route, Known)).Reply.AcceptAll);

        time.Advance(CalibrationLimits.SilentLife);

        Assert.True((await ProbeAsync(prober, route, Known)).Reply.AcceptAll); // still said, while it is measured again
        long started = TimeProvider.System.GetTimestamp();
        while ((await ProbeAsync(prober, route, Known)).Reply.AcceptAll)
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "it never was");
    }

    [Fact]
    public async Task A_finding_that_the_canary_does_not_pass_is_not_trusted()
    {
        await using ExchangeSimulator exchange = await StartAsync("exchange2010", null);
        Route route = AutoRoute("", canary: "gone@example.com", exchange);

        CalibrationFinding finding = await InTime(Prober().CalibrateAsync(route.Servers[0], route, Address(Known).Domain));

        Assert.Equal(CalibrationResult.Inconclusive, finding.Result);
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_is_measured_as_soon_as_it_can()
    {
        ScriptedSmtpServer server = Server(
            c => c.ReplyAsync("421 4.3.2 later"),
            c => c.ServeAsync(_ => Task.FromResult("550 5.1.1 User unknown")));
        SmtpProber prober = Prober();
        Route route = new(["example.com"], [server.Endpoint], []) { Probe = Settings, Target = ProbeTarget.Auto };

        Assert.Equal(VerdictStatus.Unknown, (await ProbeAsync(prober, route, Nobody)).Status);
        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, Nobody)).Status);
    }

    private static Task<ExchangeSimulator> StartAsync(string behaviour, string? secret) => ExchangeSimulator.StartAsync(
        new SimulationOptions { Behaviour = behaviour, Known = [Known], EodSecret = secret, TarpitInterval = TimeSpan.Zero }, TestContext.Current.CancellationToken);

    private static Route AutoRoute(string secret, params ExchangeSimulator[] servers) => AutoRoute(secret, "", servers);

    private static Route AutoRoute(string secret, string canary, params ExchangeSimulator[] servers) =>
        new(["example.com"], [.. servers.Select(Endpoint)], []) { Probe = Settings, Target = ProbeTarget.Auto, EodSecret = secret, Canary = canary };

    private static ServerEndpoint Endpoint(ExchangeSimulator exchange) => new(IPAddress.Loopback.ToString(), exchange.EndPoint.Port);
}

using System.Text.Json;
using RcptVerify.Cli;
using RcptVerify.Configuration;
using RcptVerify.Probing;
using RcptVerify.Simulation;
using RcptVerify.Tests.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Cli;

/// <summary>What <c>probe</c> and <c>calibrate</c> print.</summary>
public sealed class AnswerTextTests : ProbingTest
{
    private const string Secret = "kQ3v9sT2mXw8";
    private static readonly ProbeReply Ok = new(250, "2.1.5", "ok", "ex1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");

    [Fact]
    public void A_probe_answers_with_its_mark_in_both_forms()
    {
        ProbeOutcome marked = new(VerdictStatus.Deliverable, OutcomeScope.Address, Ok with { AcceptAll = true });
        Assert.Equal(
            "a@example.com: deliverable (accept_all: the server does not tell), ex1:25 at rcpt: 250 2.1.5 ok (1.5 ms)",
            ProbeCommand.ToText("a@example.com", marked, TimeSpan.FromMilliseconds(1.5)));
        Assert.Equal(
            """{"address":"a@example.com","status":"deliverable","code":250,"enhanced":"2.1.5","text":"ok","server":"ex1:25","target":"rcpt","stage":"rcpt","milliseconds":1.5,"from":"probe","mark":"accept_all"}""",
            ProbeCommand.ToJson("a@example.com", marked, TimeSpan.FromMilliseconds(1.5)));
    }

    [Fact]
    public void Without_a_mark_the_text_has_none_and_JSON_says_null()
    {
        ProbeOutcome plain = new(VerdictStatus.Deliverable, OutcomeScope.Address, Ok);
        Assert.Equal("a@example.com: deliverable, ex1:25 at rcpt: 250 2.1.5 ok (0.0 ms)", ProbeCommand.ToText("a@example.com", plain, TimeSpan.Zero));
        using JsonDocument json = JsonDocument.Parse(ProbeCommand.ToJson("a@example.com", plain, TimeSpan.Zero));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("mark").ValueKind);
    }

    [Theory]
    [InlineData("exchange2010", "rcpt", "at rcpt: 550 5.1.1 User unknown", null)]
    [InlineData("exchange2013-frontend-data", "data", "at data: 550 5.1.1 User unknown", null)]
    [InlineData("exchange2019", "eod", "at eod: 550 5.1.10", Secret)]
    public async Task A_calibration_shows_its_proof_and_a_route_that_can_be_pasted_and_never_the_secret(string behaviour, string target, string proof, string? secret)
    {
        (CalibrationFinding finding, IReadOnlyList<string> transcript, Route route) = await CalibrateAsync(behaviour, secret ?? "");

        string text = CalibrateCommand.ToText(finding, transcript, "example.com", route);
        string json = CalibrateCommand.ToJson(finding, transcript);

        Assert.Contains($"{route.Servers[0].Name} refuses unknown users {proof}", text, StringComparison.Ordinal);
        Assert.Contains(" -> RCPT TO:<rcptverify-", text, StringComparison.Ordinal);
        Assert.Contains("<** 550 5.1.1", text, StringComparison.Ordinal);
        Assert.Contains(" -> RCPT TO:<alice@example.com>", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text + json, StringComparison.OrdinalIgnoreCase);
        if (secret is not null)
            Assert.Contains("X-RcptVerify-Probe: ***", text, StringComparison.Ordinal);
        RouteOptions pasted = Pasted(text.Replace("…", "pasted-by-hand", StringComparison.Ordinal));
        Assert.Equal((target, "alice@example.com", secret is null ? "" : "pasted-by-hand"), (VerdictNames.Of(pasted.Target), pasted.Canary, pasted.EodSecret));
        using JsonDocument parsed = JsonDocument.Parse(json);
        Assert.Equal(("tells", target), (parsed.RootElement.GetProperty("result").GetString(), parsed.RootElement.GetProperty("target").GetString()));
        Assert.Equal(transcript.Count, parsed.RootElement.GetProperty("transcript").GetArrayLength());
    }

    [Fact]
    public async Task A_server_that_accepts_all_gets_no_route()
    {
        (CalibrationFinding finding, IReadOnlyList<string> transcript, Route route) = await CalibrateAsync("accept-all", "");

        string text = CalibrateCommand.ToText(finding, transcript, "example.com", route);

        Assert.Contains("accepts a random address at every stage tried", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[[route]]", text, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(CalibrateCommand.ToJson(finding, transcript));
        Assert.Equal(("accept_all", JsonValueKind.Null), (json.RootElement.GetProperty("result").GetString(), json.RootElement.GetProperty("target").ValueKind));
    }

    private static RouteOptions Pasted(string text)
    {
        ConfigurationResult result = ConfigurationLoader.Parse(text[text.IndexOf("[[route]]", StringComparison.Ordinal)..], "pasted", new Dictionary<string, string>(), []);
        Assert.Empty(result.Errors);
        return Assert.Single(result.Options!.Routes);
    }

    private static async Task<(CalibrationFinding Finding, IReadOnlyList<string> Transcript, Route Route)> CalibrateAsync(string behaviour, string secret)
    {
        await using ExchangeSimulator exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = behaviour, Known = ["alice@example.com"], EodSecret = secret, TarpitInterval = TimeSpan.Zero },
            TestContext.Current.CancellationToken);
        Route route = new(["example.com"], [new ServerEndpoint("127.0.0.1", exchange.EndPoint.Port)], [])
        {
            Probe = Settings,
            Target = ProbeTarget.Auto,
            EodSecret = secret,
            Canary = "alice@example.com",
        };
        SmtpTranscript transcript = new();
        await using SmtpProber prober = new(TimeProvider.System, new SmtpPoolLimits(), Microsoft.Extensions.Logging.Abstractions.NullLogger<SmtpProber>.Instance, transcript);
        CalibrationFinding finding = await InTime(prober.CalibrateAsync(route.Servers[0], route, Address("alice@example.com").Domain));
        return (finding, transcript.Lines, route);
    }
}

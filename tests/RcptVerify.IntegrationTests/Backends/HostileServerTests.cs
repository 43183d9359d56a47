using RcptVerify.Simulation;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Servers that mean harm cost one probe its time, and nobody else anything.</summary>
public sealed class HostileServerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>Behaviour, the target at which the probe meets it, and what is expected of TLS.</summary>
    public static TheoryData<string, ProbeTarget, TlsLevel> Behaviours
    {
        get
        {
            TheoryData<string, ProbeTarget, TlsLevel> data = [];
            foreach (string name in Names.Where(n => n is not ("hostile-close-rset" or "hostile-wrong-codes")))
            {
                bool isAboutTls = name.Contains("starttls", StringComparison.Ordinal);
                ProbeTarget[] targets = name == "hostile-close-data"
                    ? [ProbeTarget.Data, ProbeTarget.Eod]
                    : [ProbeTarget.Rcpt, ProbeTarget.Data, ProbeTarget.Auto];
                foreach (ProbeTarget target in targets)
                    data.Add(name, target, isAboutTls ? TlsLevel.Encrypt : TlsLevel.May);
            }

            return data;
        }
    }

    private static IEnumerable<string> Names =>
        SimulationBehaviours.All.Select(b => b.Name).Where(name => name.StartsWith("hostile", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Behaviours))]
    public async Task The_verdict_is_unknown_in_time_with_one_line_in_the_log_and_the_next_probe_is_right(
        string behaviour, ProbeTarget target, TlsLevel tls)
    {
        await using ExchangeSimulator simulator = await StartAsync(behaviour);
        await using LiveVerifier verifier = new(RouteTo(simulator, target, tls));

        // One that refuses unknown users at RCPT shows its worse side at DATA to known ones alone.
        string other = behaviour == "hostile-close-data" ? "good@lab.test" : "nobody@lab.test";
        foreach ((int count, string recipient) in new[] { (1, "alice@lab.test"), (2, other) })
        {
            long started = TimeProvider.System.GetTimestamp();
            VerificationResult result = await verifier.AskAsync(recipient);
            Assert.Equal(VerificationOutcome.Unknown, result.Outcome);
            Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Timeout * 3);
            Assert.Equal(count, verifier.ProberLog.Warnings.Count);
        }

        if (tls == TlsLevel.Encrypt)
            return; // no healthy behaviour offers TLS
        simulator.SwitchTo("exchange2013-frontend-data");
        if (target is ProbeTarget.Data or ProbeTarget.Eod or ProbeTarget.Auto)
            await AssertIsRightAsync(verifier);
        simulator.SwitchTo("exchange2010");
        if (target == ProbeTarget.Rcpt)
            await AssertIsRightAsync(verifier);
    }

    [Fact]
    public async Task A_hangup_at_RSET_spoils_neither_this_verdict_nor_the_next()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-close-rset");
        await using LiveVerifier verifier = new(RouteTo(simulator, ProbeTarget.Auto, TlsLevel.May));

        Assert.Equal(VerificationOutcome.Deliverable, (await verifier.AskAsync("alice@lab.test")).Outcome);
        Assert.Equal(VerificationOutcome.Undeliverable, (await verifier.AskAsync("nobody@lab.test")).Outcome);
        await AssertIsRightAsync(verifier);
        Assert.Empty(verifier.ProberLog.Warnings);
    }

    [Fact]
    public async Task Codes_that_mean_nothing_refuse_nobody_and_leave_no_reply_for_the_next()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-wrong-codes");
        await using LiveVerifier verifier = new(RouteTo(simulator, ProbeTarget.Rcpt, TlsLevel.May));

        foreach (int round in Enumerable.Range(0, 20))
        {
            VerificationResult result = await verifier.AskAsync($"nobody{round}@lab.test");
            Assert.Equal(VerificationOutcome.Unknown, result.Outcome);
        }

        simulator.SwitchTo("exchange2010");
        await AssertIsRightAsync(verifier);
    }

    private static Task<ExchangeSimulator> StartAsync(string behaviour) => ExchangeSimulator.StartAsync(
        new SimulationOptions { Behaviour = behaviour, Known = ["alice@lab.test", "good*@lab.test"] }, TestContext.Current.CancellationToken);

    private static Route RouteTo(ExchangeSimulator simulator, ProbeTarget target, TlsLevel tls) => LiveVerifier.RouteTo(
        "lab.test", [simulator.EndPoint.Port], target == ProbeTarget.Eod ? VerdictTest.Secret : "", Timeout, maxConnections: 2, tls, target);

    /// <summary>A reply left over from before would be taken for that to one of these.</summary>
    private static async Task AssertIsRightAsync(LiveVerifier verifier)
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(VerificationOutcome.Undeliverable, (await verifier.AskAsync($"bad{i}@lab.test")).Outcome);
            Assert.Equal(VerificationOutcome.Deliverable, (await verifier.AskAsync($"good{i}@lab.test")).Outcome);
        }
    }
}

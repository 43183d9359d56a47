using Microsoft.Extensions.Time.Testing;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Processes;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Exchange's tarpit of 5 s against callers who wait for less.</summary>
public sealed class TarpitTests
{
    private const int Callers = 1000;
    private const int Addresses = 100;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_thousand_callers_of_a_hundred_slow_addresses_cost_a_hundred_probes()
    {
        FakeTimeProvider time = new();
        await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "tarpit", Known = ["alice@lab.test"], TimeProvider = time, RecordRecipients = true },
            TestContext.Current.CancellationToken);
        // The clock runs faster than the machine: a probe's own deadline must not come into it.
        Route route = LiveVerifier.RouteTo("lab.test", [simulator.EndPoint.Port], timeout: TimeSpan.FromHours(1), maxConnections: 20);
        await using LiveVerifier verifier = new(route, time);
        Task<VerificationResult> alice = verifier.AskAsync("alice@lab.test", TimeSpan.FromHours(1));
        await TurnUntilAsync(time, () => alice.IsCompleted, "the measurement");
        Assert.Equal(VerificationOutcome.Deliverable, (await alice).Outcome);

        Task<VerificationResult>[] callers = [.. Enumerable.Range(0, Callers).Select(i => verifier.AskAsync(AddressOf(i), AnswerWithin))];
        Assert.DoesNotContain(callers, caller => caller.IsCompleted);
        time.Advance(AnswerWithin);

        VerificationResult[] answers = await Task.WhenAll(callers).WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.All(answers, answer => Assert.Equal(VerificationOutcome.Unknown, answer.Outcome));

        await TurnUntilAsync(
            time, () => Enumerable.Range(0, Addresses).All(i => verifier.Remembered(AddressOf(i)) == VerdictStatus.Undeliverable), "all verdicts");
        foreach (int i in Enumerable.Range(0, Addresses))
        {
            Task<VerificationResult> again = verifier.AskAsync(AddressOf(i));
            Assert.True(again.IsCompletedSuccessfully);
            Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Cache), ((await again).Outcome, (await again).Source));
        }

        Assert.Equal(Addresses, simulator.Counters.RcptsByAddress.Count(address => address.Key.StartsWith("nobody", StringComparison.Ordinal)));
        Assert.DoesNotContain(simulator.Counters.RcptsByAddress, address => address.Value > 1);
    }

    private static string AddressOf(int caller) => $"nobody{caller % Addresses}@lab.test";

    private static Task TurnUntilAsync(FakeTimeProvider time, Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            time.Advance(TimeSpan.FromSeconds(0.25));
            return condition();
        },
        what,
        Patience);
}

using RcptVerify.Simulation;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Many callers at once, who ask about the same addresses again and again.</summary>
public sealed class LoadTests
{
    private const int Addresses = 10_000;
    private const int Callers = 50;
    private const int MaxConnections = 4;

    /// <summary>Each of the three would show one session too many: by counting, by 421, by ending sessions all the time.</summary>
    [Theory]
    [InlineData("exchange2010")]
    [InlineData("throttled")]
    [InlineData("protocol-errors")]
    public async Task No_verdict_is_wrong_no_address_is_probed_twice_and_no_session_is_too_many(string behaviour)
    {
        await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions
            {
                Behaviour = behaviour,
                Known = ["user*@lab.test"],
                MaxConnectionsPerSource = MaxConnections,
                RecordRecipients = true,
            },
            TestContext.Current.CancellationToken);
        await using LiveVerifier verifier = new(LiveVerifier.RouteTo("lab.test", [simulator.EndPoint.Port], maxConnections: MaxConnections));

        string[][] wrong = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => AskAsync(verifier, caller))));

        Assert.Empty(wrong.SelectMany(lines => lines));
        IReadOnlyDictionary<string, int> asked = simulator.Counters.RcptsByAddress;
        Assert.DoesNotContain(asked, address => address.Value > 1);
        Assert.Equal(Addresses + 1, asked.Count); // and the random one of the measurement
        Assert.InRange(simulator.Counters.MaxOpenConnections, 1, MaxConnections);
        Assert.Empty(verifier.ProberLog.Warnings);
    }

    /// <summary>
    /// One caller: 600 addresses in an order of its own, a third of the calls about addresses that its neighbours ask about at
    /// the same time. All callers together ask about each address three times.
    /// </summary>
    private static async Task<string[]> AskAsync(LiveVerifier verifier, int caller)
    {
        List<string> wrong = [];
        int[] numbers = [.. Enumerable.Range(0, Addresses * 3 / Callers).Select(i => ((caller * Addresses / Callers) + i) % Addresses)];
        new Random(caller).Shuffle(numbers);
        foreach (int number in numbers)
        {
            bool exists = number % 2 == 0;
            string address = exists ? $"user{number}@lab.test" : $"nobody{number}@lab.test";
            VerificationResult result = await verifier.AskAsync(address);
            if (result.Outcome != (exists ? VerificationOutcome.Deliverable : VerificationOutcome.Undeliverable) || result.Reply!.AcceptAll)
                wrong.Add($"{address}: {result.Outcome} {result.Reply?.Text} {result.Reason}");
        }

        return [.. wrong];
    }
}

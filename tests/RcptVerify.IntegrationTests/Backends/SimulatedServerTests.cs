using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Every behaviour of the simulator, with <c>target = auto</c>.</summary>
public sealed class SimulatedServerTests : VerdictTest
{
    private const string Domain = "lab.test";

    public static TheoryData<string, bool> Rows => VerdictTable.Of(SimulationBehaviours.All.Select(behaviour => behaviour.Name));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task The_verdicts_are_those_of_the_table(string behaviour, bool withSecret)
    {
        // No rule deletes the probe's message: what reaches the known user is to be seen.
        ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = behaviour, Known = [$"alice@{Domain}"], TarpitInterval = TimeSpan.Zero },
            TestContext.Current.CancellationToken);
        await using Backend backend = new(
            Domain,
            simulator.EndPoint.Port,
            () => simulator.Counters.DeliveredMessages.Count(message => message.Recipients.Contains($"alice@{Domain}")),
            () => "",
            DeliversLater: false,
            simulator);

        await HoldAgainstTableAsync(backend, behaviour, withSecret);
    }

    [Fact]
    public void The_table_has_every_behaviour_with_and_without_a_secret() => Assert.Equal(
        SimulationBehaviours.All.SelectMany(behaviour => new[] { (behaviour.Name, false), (behaviour.Name, true) }),
        VerdictTable.Rows.Select(row => (row.Backend, row.WithSecret)).Take(2 * SimulationBehaviours.All.Count));
}

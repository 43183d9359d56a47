using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

/// <summary>What the tests of the simulator share.</summary>
public abstract class SimulatorTest
{
    internal const string Known = "alice@example.com";
    internal const string Unknown = "nobody@example.com";

    internal static Task<ExchangeSimulator> StartAsync(string behaviour) => StartAsync(new SimulationOptions { Behaviour = behaviour });

    /// <summary>Starts with <see cref="Known"/> as mailbox where the options name none.</summary>
    internal static Task<ExchangeSimulator> StartAsync(SimulationOptions options) => ExchangeSimulator.StartAsync(
        options.Known.Count > 0 ? options : options with { Known = [Known] }, TestContext.Current.CancellationToken);

    /// <summary>Waits for what happens a moment later on another thread; fails after 20 s.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20), TimeProvider.System);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        while (!condition())
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
    }
}

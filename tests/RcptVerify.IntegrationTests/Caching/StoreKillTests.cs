using System.Collections.Concurrent;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>
/// kill -9 under load, a hundred times: at most 200 ms of verdicts are missing, none is wrong, the file is intact. Four daemons with a
/// file each run at once; each is started on what its predecessor left behind.
/// </summary>
[Collection(Alone.Name)]
public sealed class StoreKillTests
{
    private const int Lanes = 4;
    private const int KillsPerLane = 25;
    private const int Clients = 4;
    private static readonly TimeSpan LostAtMost = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Killed_a_hundred_times_it_loses_the_last_200_ms_at_most() =>
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(RunLaneAsync));

    private static async Task RunLaneAsync(int lane)
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        Random random = new(lane);
        HashSet<string> expected = [];
        for (int kill = 0; kill < KillsPerLane; kill++)
        {
            ConcurrentBag<(string Recipient, long At)> answered = [];
            await using DaemonProcess daemon = await stored.ServeAsync();
            if (expected.Count > 0)
                await stored.AskAsync(random.GetItems([.. expected], 20));
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => AskUntilKilledAsync(stored, $"{kill}.{client}.", answered))];
            await Eventually.HoldsAsync(() => answered.Count >= 50, "load", Patience, () => daemon.Output.Text, () => !daemon.HasExited);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(210, 330)), TimeProvider.System, TestContext.Current.CancellationToken); // a kill at any moment
            long killed = TimeProvider.System.GetTimestamp();
            daemon.Signal(UnixSignal.Kill);
            await daemon.WaitForExitAsync(Patience);
            await Task.WhenAll(clients);

            (string integrity, Dictionary<string, string> statuses) = await stored.ReadAsync();
            Assert.Equal("ok", integrity);
            expected.UnionWith(answered.Where(a => TimeProvider.System.GetElapsedTime(a.At, killed) > LostAtMost).Select(a => a.Recipient));
            Assert.Empty(expected.Except(statuses.Keys));
            Assert.All(statuses, row => Assert.Equal(row.Key.EndsWith(StoredDaemon.Known, StringComparison.Ordinal) ? "deliverable" : "undeliverable", row.Value));
        }
    }

    private static async Task AskUntilKilledAsync(StoredDaemon stored, string prefix, ConcurrentBag<(string Recipient, long At)> answered)
    {
        using PolicyClient client = await PolicyClient.ConnectAsync(stored.Policy);
        try
        {
            for (int i = 0; ; i++)
            {
                string recipient = $"u{prefix}{i}@{(i % 2 == 0 ? StoredDaemon.Known : StoredDaemon.Unknown)}";
                string action = await client.AskAsync(recipient);
                if (!action.StartsWith(StoredDaemon.ExpectedFor(recipient), StringComparison.Ordinal))
                    throw new InvalidDataException($"{recipient}: {action}");
                answered.Add((recipient, TimeProvider.System.GetTimestamp()));
            }
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or System.Net.Sockets.SocketException)
        {
            // The daemon was killed: what this client waits for.
        }
    }
}

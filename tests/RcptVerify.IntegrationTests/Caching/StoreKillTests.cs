using System.Collections.Concurrent;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>
/// kill -9 under load, a hundred times: at most 200 ms of verdicts are missing, none is wrong, the file is intact. Four daemons with a
/// file each run at once; each is started on what its predecessor left behind.
/// <para>
/// What may be missing is judged by what the store does, not by how fast this machine lets it and this test be:
/// </para>
/// <list type="number">
/// <item>By the order of its commits, without any tolerance. A commit holds all that was put before it was begun, and a verdict is put before
/// its caller is answered. So the newest verdict in the file says how far the commits have come: whatever a caller had been told before
/// that one was learnt must be there.</item>
/// <item>By the 200 ms of its promise, in time that the store had. The oldest verdict that is missing was waiting since its caller's answer;
/// of the time until the kill, that does not count for which the kernel gave the processor to others while the store's thread was ready to run.
/// Without others on the machine that is nothing, and the bound is 200 ms of real time; the disk's time counts always.</item>
/// <item>By its own clock alone, in SqliteWriteDelayTests: the turn after the 25 ms of its write delay writes all that waits.</item>
/// </list>
/// </summary>
[Collection(Alone.Name)]
public sealed class StoreKillTests
{
    private const int Lanes = 4;
    private const int KillsPerLane = 25;
    private const int Clients = 4;
    private const string StoreThread = "cache store";
    private static readonly TimeSpan LostAtMost = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
            ConcurrentBag<Answer> answered = [];
            await using DaemonProcess daemon = await stored.ServeAsync();
            if (expected.Count > 0)
                await stored.AskAsync(random.GetItems([.. expected], 20));
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => AskUntilKilledAsync(stored, $"{kill}.{client}.", answered))];
            await Eventually.HoldsAsync(() => answered.Count >= 50, "load", Patience, () => daemon.Output.Text, () => !daemon.HasExited);
            List<ThreadWaits> waits = await WatchAsync(daemon, TimeSpan.FromMilliseconds(random.Next(210, 330))); // a kill at any moment
            long killed = TimeProvider.System.GetTimestamp();
            daemon.Signal(UnixSignal.Kill);
            await daemon.WaitForExitAsync(Patience);
            await Task.WhenAll(clients);

            (string integrity, Dictionary<string, (string Status, long Updated)> rows) = await stored.ReadRowsAsync();
            Assert.Equal("ok", integrity);
            Assert.All(rows, row => Assert.Equal(row.Key.EndsWith(StoredDaemon.Known, StringComparison.Ordinal) ? "deliverable" : "undeliverable", row.Value.Status));
            Assert.Empty(expected.Except(rows.Keys)); // what outlived one kill outlives the next ones
            long committed = rows.Count == 0 ? 0 : rows.Values.Max(row => row.Updated);
            Assert.DoesNotContain(answered, answer => answer.Date < committed && !rows.ContainsKey(answer.Recipient));
            foreach (Answer lost in answered.Where(answer => !rows.ContainsKey(answer.Recipient)))
            {
                ThreadWaits before = waits.LastOrDefault(reading => reading.At <= lost.At) ?? waits[0];
                TimeSpan waited = TimeProvider.System.GetElapsedTime(lost.At, killed);
                TimeSpan held = waits[^1].WaitedSince(before, StoreThread);
                Assert.True(waited - held <= LostAtMost, $"kill {kill} of lane {lane}: a verdict that was lost had waited for {waited.TotalMilliseconds:0} ms, {held.TotalMilliseconds:0} of them for a processor");
            }

            expected.UnionWith(rows.Keys);
        }
    }

    /// <summary>Lets the load go on for a while, and reads every 20 ms how long the daemon's threads have waited.</summary>
    /// <returns>The readings, the last one just before the kill.</returns>
    private static async Task<List<ThreadWaits>> WatchAsync(DaemonProcess daemon, TimeSpan time)
    {
        long began = TimeProvider.System.GetTimestamp();
        List<ThreadWaits> waits = [ThreadWaits.Read(daemon.Id)];
        while (TimeProvider.System.GetElapsedTime(began) < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            waits.Add(ThreadWaits.Read(daemon.Id));
        }

        return waits;
    }

    private static async Task AskUntilKilledAsync(StoredDaemon stored, string prefix, ConcurrentBag<Answer> answered)
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
                answered.Add(new(recipient, TimeProvider.System.GetTimestamp(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
            }
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or System.Net.Sockets.SocketException)
        {
            // The daemon was killed: what this client waits for.
        }
    }

    /// <summary>An answer that a caller got.</summary>
    /// <param name="Recipient">About whom.</param>
    /// <param name="At">When, a timestamp.</param>
    /// <param name="Date">When, in Unix milliseconds: by the clock that dates the daemon's verdicts.</param>
    private readonly record struct Answer(string Recipient, long At, long Date);
}

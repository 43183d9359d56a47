using System.Globalization;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>kill -9 in the middle of a purge.</summary>
public sealed class PurgeKillTests
{
    private const int Rows = 200_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("--all")]
    [InlineData("--negatives")]
    public async Task What_was_purged_is_not_served_after_a_kill_in_the_middle_and_the_next_daemon_ends_it(string scope)
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using (DaemonProcess first = await stored.ServeAsync())
            await StoredDaemon.StopAsync(first);
        string last = $"user{Rows - 1}@{StoredDaemon.Unknown}";
        Fill(stored);

        await using (DaemonProcess second = await stored.ServeAsync())
        {
            await stored.AskAsync(last);
            await using ChildProcess purge = new(DaemonProcess.Executable, ["cache", "purge", scope, "-c", stored.ConfigurationFile]);
            await Eventually.HoldsAsync(() => Number(stored, "SELECT count(*) FROM purges WHERE after > 0") == 1, "the purge's first step", Patience, () => purge.Output.Text, () => !purge.HasExited);
            second.Signal(UnixSignal.Kill);
            await second.WaitForExitAsync(Patience);
            Assert.Equal(75, await purge.WaitForExitAsync(Patience));
        }

        Assert.Equal(1, Number(stored, "SELECT count(*) FROM purges"));
        Assert.Equal(1, Number(stored, $"SELECT count(*) FROM verdicts WHERE address = '{last}'"));
        await using DaemonProcess third = await stored.ServeAsync();
        (int exitCode, string told) = await ChildProcess.RunAsync(DaemonProcess.Executable, ["cache", "get", last, "-c", stored.ConfigurationFile], Patience);
        Assert.True(exitCode == 1, told);
        int probes = stored.Probes;
        await stored.AskAsync(last);
        Assert.Equal(probes + 1, stored.Probes);
        int left = scope == "--all" ? 0 : Rows / 2;
        await Eventually.HoldsAsync(() => Number(stored, "SELECT count(*) FROM purges") == 0, "the purge's end", Patience, () => third.Output.Text);
        Assert.Equal(left + 1, Number(stored, "SELECT count(*) FROM verdicts"));
        await StoredDaemon.StopAsync(third);
        Assert.Equal("ok", (await stored.ReadAsync()).Integrity);
    }

    /// <summary>Writes rows as the daemon would, known goods and refusals by turns.</summary>
    private static void Fill(StoredDaemon stored)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        // The server's port is part of a verdict: the daemon's own shows it.
        SqliteShell.Run(stored.File, string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows - 1})
            INSERT INTO verdicts SELECT printf('user%d@%s', i, iif(i % 2, '{StoredDaemon.Unknown}', '{StoredDaemon.Known}')), iif(i % 2, 'undeliverable', 'deliverable'), {now}, {now + 86_400_000},
              iif(i % 2, 550, 250), '', 'text', iif(i % 2, '{stored.RefusingServer}', '{stored.AcceptingServer}'), 'rcpt', 'rcpt', iif(i % 2, '{StoredDaemon.Unknown}', '{StoredDaemon.Known}'), 0, 0, 0 FROM n
            """));
    }

    private static long Number(StoredDaemon stored, string sql) => Convert.ToInt64(SqliteShell.Run(stored.File, sql), CultureInfo.InvariantCulture);
}

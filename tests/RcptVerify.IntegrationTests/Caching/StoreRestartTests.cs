using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>The daemon with a store file, restarted, and started where the file cannot be used.</summary>
public sealed class StoreRestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task After_SIGTERM_and_a_restart_all_is_answered_without_a_probe()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        string[] recipients = [.. Enumerable.Range(0, 200).Select(i => $"user{i}@{(i % 2 == 0 ? StoredDaemon.Known : StoredDaemon.Unknown)}")];
        await using (DaemonProcess daemon = await stored.ServeAsync())
        {
            await stored.AskAsync(recipients);
            await StoredDaemon.StopAsync(daemon); // at once: nothing has time to be written by itself
        }

        Assert.Equal(200, stored.Probes);
        Assert.False(File.Exists(stored.File + "-wal"));
        await using DaemonProcess again = await stored.ServeAsync();
        await stored.AskAsync(recipients);
        Assert.Equal(200, stored.Probes);
        await Eventually.HoldsAsync(
            () => again.Output.Text.Contains("200 verdicts are in memory", StringComparison.Ordinal), "the line that tells of it", Patience);
        await StoredDaemon.StopAsync(again);
    }

    [Fact]
    public async Task A_damaged_file_is_set_aside_and_the_daemon_serves()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using (DaemonProcess first = await stored.ServeAsync())
        {
            await stored.AskAsync(Enumerable.Range(0, 200).Select(i => $"user{i}@{StoredDaemon.Known}"));
            await StoredDaemon.StopAsync(first);
        }

        using (FileStream file = new(stored.File, FileMode.Open))
        {
            file.Position = 4096; // behind the page that says whose it is
            file.Write([.. Enumerable.Repeat((byte)0xa5, (int)file.Length - 4096)]);
        }

        await using (DaemonProcess daemon = await stored.ServeAsync())
        {
            await stored.AskAsync($"user@{StoredDaemon.Known}", $"user@{StoredDaemon.Unknown}");
            await StoredDaemon.StopAsync(daemon);
            Assert.Contains("is damaged", daemon.Output.Text, StringComparison.Ordinal);
        }

        Assert.Single(Directory.GetFiles(stored.Folder.Path, "cache.db.damaged-*"));
        (string integrity, Dictionary<string, string> statuses) = await stored.ReadAsync();
        Assert.Equal("ok", integrity);
        Assert.Equal(2, statuses.Count);
    }

    [Fact]
    public async Task A_store_that_names_a_file_which_is_not_ours_leaves_it_alone_and_the_daemon_serves_from_memory()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        stored.Folder.Write("cache.db", "somebody's notes\n");
        await using DaemonProcess daemon = await stored.ServeAsync();
        await stored.AskAsync($"user@{StoredDaemon.Known}", $"user@{StoredDaemon.Known}", $"user@{StoredDaemon.Unknown}");
        Assert.Equal(2, stored.Probes);
        await StoredDaemon.StopAsync(daemon);
        Assert.Equal("somebody's notes\n", File.ReadAllText(stored.File));
        Assert.Single(Directory.GetFiles(stored.Folder.Path, "cache.db*"));
        Assert.Contains("it is not an SQLite file; it is left alone", daemon.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at RcptVerify", daemon.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_file_is_told_of_the_first()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess first = await stored.ServeAsync();
        await stored.AskAsync($"user@{StoredDaemon.Known}");
        System.Net.IPEndPoint policy = new(System.Net.IPAddress.Loopback, FreePort.Next());
        Dictionary<string, string> environment = new()
        {
            ["RCPTVERIFY__POLICY__LISTEN"] = $"inet:{policy}",
            ["RCPTVERIFY__ADMIN__LISTEN"] = "",
            ["RCPTVERIFY__ADMIN__SOCKET"] = "",
        };
        await using DaemonProcess second = new(["serve", "-c", stored.ConfigurationFile], environment);
        await second.WaitForListenerAsync(policy);
        await Eventually.HoldsAsync(
            () => second.Output.Text.Contains($"process {first.Id} has it open too", StringComparison.Ordinal), "the warning", Patience, () => second.Output.Text);
        Assert.DoesNotContain("open too", first.Output.Text, StringComparison.Ordinal);
        await StoredDaemon.StopAsync(second);
        await StoredDaemon.StopAsync(first);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_costs_one_line_and_the_daemon_serves_from_memory()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync("rcptverify.toml/cache.db");
        await using DaemonProcess daemon = await stored.ServeAsync();
        await stored.AskAsync($"user@{StoredDaemon.Known}", $"user@{StoredDaemon.Known}", $"user@{StoredDaemon.Unknown}");
        Assert.Equal(2, stored.Probes);
        await StoredDaemon.StopAsync(daemon);
        Assert.Single(daemon.Output.Text.Split('\n'), line => line.Contains("cache store", StringComparison.Ordinal));
        Assert.Contains("[cache] store = ", daemon.Output.Text, StringComparison.Ordinal);
    }
}

using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary><c>cache …</c> on a store file.</summary>
public sealed class CacheFileCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const string Good = $"good@{StoredDaemon.Known}";
    private const string Bad = $"bad@{StoredDaemon.Unknown}";

    [Fact]
    public async Task Without_a_daemon_the_file_is_read_and_changed()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using (DaemonProcess daemon = await stored.ServeAsync())
        {
            await stored.AskAsync(Good, Bad);
            await StoredDaemon.StopAsync(daemon);
        }

        Assert.Contains($"no daemon answers at {stored.Folder.Combine("admin.sock")}: {stored.File} itself is read", await RunAsync(stored, 0, "list"), StringComparison.Ordinal);
        string exported = await RunAsync(stored, 0, "export", "--store", "sqlite:" + stored.File);
        Assert.Equal(2, exported.Trim().Split('\n').Length);
        Assert.Contains("\"inFile\":2", await RunAsync(stored, 0, "stats", "--store", stored.File, "--json"), StringComparison.Ordinal);
        Assert.Contains("undeliverable", await RunAsync(stored, 0, "get", Bad.ToUpperInvariant(), "--store", stored.File), StringComparison.Ordinal);

        string old = $$"""{"address":"{{Good}}","status":"undeliverable","updated":"{{TimeProvider.System.GetUtcNow().AddHours(-1):O}}","code":550,"target":"rcpt"}""";
        old = stored.Folder.Write("old.json", old + "\n" + old.Replace(",\"target\":\"rcpt\"", "", StringComparison.Ordinal) + "\n");
        Assert.Contains("0 taken; left out: 1 known better, 0 not deliverable, 0 without a route, 0 from another server, 0 expired, 0 unreadable, 1 without a target", await RunAsync(stored, 0, "import", old, "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("1", await RunAsync(stored, 0, "delete", Bad, "--store", stored.File), StringComparison.Ordinal);
        Assert.Equal([Good], (await stored.ReadAsync()).Statuses.Keys);
        Assert.Contains("1", await RunAsync(stored, 0, "purge", "--all", "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("2 taken", await RunAsync(stored, 0, "import", stored.Folder.Write("export.json", exported), "--store", stored.File), StringComparison.Ordinal);
        Assert.Equal(exported.Split('\n').Order(), (await RunAsync(stored, 0, "export", "--store", stored.File)).Split('\n').Order());

        await using DaemonProcess second = await stored.ServeAsync();
        int before = stored.Probes;
        await stored.AskAsync(Good, Bad);
        Assert.Equal(before, stored.Probes);
    }

    [Fact]
    public async Task A_file_that_a_daemon_holds_is_read_but_not_changed()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        await stored.AskAsync(Good);
        Assert.Contains("\"inFile\":1", await RunAsync(stored, 0, "stats", "--json"), StringComparison.Ordinal); // it is written by then
        Assert.Contains(Good, await RunAsync(stored, 0, "list", "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("a running daemon", await RunAsync(stored, 75, "purge", "--all", "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("a running daemon", await RunAsync(stored, 75, "delete", Good, "--store", stored.File), StringComparison.Ordinal);
        Assert.Equal([Good], (await stored.ReadAsync()).Statuses.Keys);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_left_as_it_is()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        string rubbish = stored.Folder.Write("rubbish.db", new string('x', 5000));
        Assert.Contains("cannot be used", await RunAsync(stored, 75, "list", "--store", rubbish), StringComparison.Ordinal);
        Assert.Contains("cannot be used", await RunAsync(stored, 75, "purge", "--all", "--store", rubbish), StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(rubbish, TestContext.Current.CancellationToken));
        Assert.Contains("no such file", await RunAsync(stored, 75, "list", "--store", rubbish + "2"), StringComparison.Ordinal);
        Assert.False(File.Exists(rubbish + "2"));
        Assert.Contains("is a directory", await RunAsync(stored, 75, "list", "--store", stored.Folder.Path), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(StoredDaemon stored, int expected, params string[] arguments)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(
            DaemonProcess.Executable, ["cache", .. arguments, "-c", stored.ConfigurationFile], Patience);
        Assert.True(exitCode == expected, $"exit code {exitCode}\n{output}");
        return output;
    }
}

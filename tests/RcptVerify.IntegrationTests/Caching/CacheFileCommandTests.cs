using System.Globalization;
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

        Assert.Contains($"no daemon answers at {stored.Folder.Combine("admin.sock")} (no such socket) or 127.0.0.1:{stored.AdminPort}: {stored.File} itself is read; if one runs: --socket PATH", await RunAsync(stored, 0, "list"), StringComparison.Ordinal);
        string exported = await RunAsync(stored, 0, "export", "--store", "sqlite:" + stored.File);
        Assert.Equal(2, exported.Trim().Split('\n').Length);
        string stats = await RunAsync(stored, 0, "stats");
        Assert.Contains("in the file: 2", stats, StringComparison.Ordinal);
        Assert.DoesNotContain("in memory", stats, StringComparison.Ordinal); // a daemon's memory is not known here
        Assert.Contains("\"inFile\":2", await RunAsync(stored, 0, "stats", "--store", stored.File, "--json"), StringComparison.Ordinal);
        Assert.Contains("undeliverable", await RunAsync(stored, 0, "get", Bad.ToUpperInvariant(), "--store", stored.File), StringComparison.Ordinal);

        string old = $$"""{"address":"{{Good}}","status":"undeliverable","updated":"{{TimeProvider.System.GetUtcNow().AddHours(-1):O}}","code":550,"target":"rcpt"}""";
        old = stored.Folder.Write("old.json", old + "\n" + old.Replace(",\"target\":\"rcpt\"", "", StringComparison.Ordinal) + "\n");
        Assert.Contains("0 taken; left out: 1 known better, 0 not deliverable, 0 without a route, 0 from another server, 0 expired, 0 unreadable, 1 without a target", await RunAsync(stored, 0, "import", old, "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("1", await RunAsync(stored, 0, "delete", Bad, "--store", stored.File), StringComparison.Ordinal);
        Assert.Equal([Good], (await stored.ReadAsync()).Statuses.Keys);
        Assert.Contains("1", await RunAsync(stored, 0, "purge", "--all", "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("2 taken", await RunAsync(stored, 0, "import", stored.Folder.Write("export.json", exported), "--store", stored.File), StringComparison.Ordinal);

        // A pipe is opened once: a second look would find it empty, and its writer a reader gone.
        string pipe = stored.Folder.Combine("pipe");
        Assert.Equal(0, (await ChildProcess.RunAsync("mkfifo", [pipe], Patience)).ExitCode);
        Task<(int ExitCode, string Output)> writer = ChildProcess.RunAsync("sh", ["-c", $"cat {stored.Folder.Combine("export.json")} > {pipe}"], Patience);
        Assert.Contains("2 known better", await RunAsync(stored, 0, "import", pipe, "--store", stored.File), StringComparison.Ordinal);
        Assert.Equal(0, (await writer).ExitCode);
        Assert.Contains("is a directory, not a file", await RunAsync(stored, 2, "import", stored.Folder.Path, "--store", stored.File), StringComparison.Ordinal);
        Assert.Contains("none: no such file", await RunAsync(stored, 2, "import", stored.Folder.Combine("none"), "--store", stored.File), StringComparison.Ordinal);
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
        Assert.Contains("is a directory, not a file", await RunAsync(stored, 75, "list", "--store", stored.Folder.Path), StringComparison.Ordinal);
        Assert.Contains("no such file", await RunAsync(stored, 75, "list", "--store", rubbish + "2/cache.db"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite:", "the file {0}/none/cache.db cannot be used: no such file")]
    [InlineData("memory", "its cache is in memory only")]
    public async Task Where_nothing_is_found_it_is_told_where_it_was_looked_for_and_what_to_say(string store, string told)
    {
        using TempFolder folder = new();
        string configuration = folder.Write("rcptverify.toml", $"""
            [cache]
            store = "{(store == "memory" ? store : $"{store}{folder.Combine("none/cache.db")}")}"
            [admin]
            socket = "{folder.Combine("none/admin.sock")}"
            listen = "inet:127.0.0.1:{FreePort.Next()}"
            """);
        (int exitCode, string output) = await ChildProcess.RunAsync(DaemonProcess.Executable, ["cache", "list", "-c", configuration], Patience);
        Assert.Equal(75, exitCode);
        Assert.Contains($"no daemon answers at {folder.Combine("none/admin.sock")} (no such folder) or 127.0.0.1:", output, StringComparison.Ordinal);
        Assert.Contains($" (not asked without a token), and {string.Format(CultureInfo.InvariantCulture, told, folder.Path)}; if one runs: --socket PATH", output, StringComparison.Ordinal);
        Assert.Contains("--token-file FILE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_door_nobody_is_looked_for_and_with_a_file_of_ones_own_nobody_is_missed()
    {
        using TempFolder folder = new();
        string configuration = folder.Write("rcptverify.toml", "[cache]\nstore = \"memory\"\n[admin]\nsocket = \"\"\nlisten = \"\"\n");
        (int exitCode, string output) = await ChildProcess.RunAsync(DaemonProcess.Executable, ["cache", "list", "-c", configuration], Patience);
        Assert.Equal(75, exitCode);
        Assert.Contains("no daemon is looked for, with neither [admin] socket nor listen, and its cache is in memory only; ", output, StringComparison.Ordinal);
        (exitCode, output) = await ChildProcess.RunAsync(
            DaemonProcess.Executable, ["cache", "list", "-c", configuration, "--store", folder.Combine("none.db")], Patience);
        Assert.Equal(75, exitCode);
        Assert.Contains($"no daemon is asked, and the file {folder.Combine("none.db")} cannot be used: no such file", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_on_a_terminal_has_a_bar_and_none_elsewhere()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using (DaemonProcess daemon = await stored.ServeAsync())
        {
            await stored.AskAsync(Good);
            await StoredDaemon.StopAsync(daemon);
        }

        string file = stored.Folder.Write("export.json", await RunAsync(stored, 0, "export", "--store", stored.File));
        Assert.DoesNotContain("import", await RunAsync(stored, 0, "import", file, "--store", stored.File), StringComparison.Ordinal);
        // script(1) of bsdutils: a pseudo-terminal for standard output and error.
        (int exitCode, string output) = await ChildProcess.RunAsync(
            "script", ["-qec", $"TERM=xterm {DaemonProcess.Executable} cache import {file} --store {stored.File} -c {stored.ConfigurationFile}", "/dev/null"], Patience);
        Assert.True(exitCode == 0, output);
        Assert.Contains("import", output, StringComparison.Ordinal);
        Assert.Contains("1 known better", output[output.LastIndexOf("import", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(StoredDaemon stored, int expected, params string[] arguments)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(
            DaemonProcess.Executable, ["cache", .. arguments, "-c", stored.ConfigurationFile], Patience);
        Assert.True(exitCode == expected, $"exit code {exitCode}\n{output}");
        return output;
    }
}

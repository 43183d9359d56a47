using System.Net;
using System.Net.Http.Headers;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary><c>cache …</c> against a running daemon.</summary>
public sealed class CacheCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const string Good = $"good@{StoredDaemon.Known}";
    private const string Bad = $"bad@{StoredDaemon.Unknown}";

    [Fact]
    public async Task What_was_exported_is_imported_again_after_a_purge()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        await stored.AskAsync(Good, Bad);
        (_, string exported) = await RunAsync(stored, 0, "export");
        Assert.Equal(2, exported.Trim().Split('\n').Length);
        Assert.Contains("\"status\":\"undeliverable\"", exported, StringComparison.Ordinal);

        Assert.Contains("1", (await RunAsync(stored, 0, "purge", "--negatives")).Output, StringComparison.Ordinal);
        Assert.Contains(Good, (await RunAsync(stored, 0, "list")).Output, StringComparison.Ordinal);
        await RunAsync(stored, 1, "get", Bad);
        await RunAsync(stored, 0, "purge", "--all");
        Assert.Empty((await stored.ReadAsync()).Statuses);

        string file = stored.Folder.Write("export.json", exported.TrimEnd() + "\n\0\u0001not json\n{\"address\":1}\n" + new string('x', 10_000_000) + "\n");
        string told = (await RunAsync(stored, 0, "import", file)).Output;
        Assert.Contains("2 taken", told, StringComparison.Ordinal);
        Assert.Contains("3 unreadable", told, StringComparison.Ordinal);
        Assert.Contains("line 3 left out: it is no JSON object", told, StringComparison.Ordinal);
        Assert.Contains("line 4 left out: it is no JSON object", told, StringComparison.Ordinal);
        Assert.Contains("line 5 left out: it is longer than 64 KiB", told, StringComparison.Ordinal);
        Assert.Equal(exported.Split('\n').Order(), (await RunAsync(stored, 0, "export")).Output.Split('\n').Order());
        await stored.AskAsync(Good, Bad);
        Assert.Equal(2, stored.Probes);
    }

    [Fact]
    public async Task Postfix_own_verify_map_is_taken_over()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string map = stored.Folder.Write("verify", $"""
            {Good} 0:0:{now - 60}:250 2.1.5 Ok: queued
            {Bad} 2:0:{now - 60}:host said: 550 5.1.1 no such user
            slow@{StoredDaemon.Known} 1:0:{now - 60}:timed out
            old@{StoredDaemon.Known} 0:0:{now - 86400 * 60}:250 ok
            a@elsewhere.test 0:0:{now}:250 ok
            _LAST_CACHE_CLEANUP_COMPLETED_ {now}

            """);
        string settings = Path.GetDirectoryName(stored.Folder.Write("main.cf", ""))!;   // postmap wants one, the system's may be missing
        Assert.Equal(0, (await ChildProcess.RunAsync("postmap", ["-f", "-c", settings, "btree:" + map], Patience)).ExitCode);
        string dumped = stored.Folder.Write("dump", (await ChildProcess.RunAsync("postmap", ["-c", settings, "-s", "btree:" + map], Patience)).Output);
        await using DaemonProcess daemon = await stored.ServeAsync();

        string told = (await RunAsync(stored, 0, "import", dumped, "--format", "postfix")).Output;
        Assert.Contains("1 taken; left out: 0 known better, 2 not deliverable, 1 without a route, 0 from another server, 1 expired, 0 unreadable", told, StringComparison.Ordinal);
        await stored.AskAsync(Good);
        Assert.Equal(0, stored.Probes);
        Assert.Contains("1 taken", (await RunAsync(stored, 0, "import", dumped, "--format", "postfix", "--negatives")).Output, StringComparison.Ordinal);
        await stored.AskAsync(Bad);
        Assert.Equal(0, stored.Probes);
    }

    [Fact]
    public async Task An_address_can_be_put_read_and_deleted()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        await RunAsync(stored, 0, "put", Bad, "--status", "undeliverable");
        Assert.Contains("undeliverable", (await RunAsync(stored, 0, "get", Bad.ToUpperInvariant())).Output, StringComparison.Ordinal);
        await stored.AskAsync(Bad);
        Assert.Equal(0, stored.Probes);
        Assert.Contains("\"undeliverable\":1", (await RunAsync(stored, 0, "stats", "--json")).Output, StringComparison.Ordinal);
        Assert.Matches($"^{Bad}: undeliverable, [^,]*Z: 550 5\\.1\\.1 set by hand", (await RunAsync(stored, 0, "list")).Output);
        await RunAsync(stored, 0, "delete", Bad);
        Assert.Contains($"{Bad}: nothing is known", (await RunAsync(stored, 1, "get", Bad)).Output, StringComparison.Ordinal);
        await stored.AskAsync(Bad);
        Assert.Equal(1, stored.Probes);
    }

    [Fact]
    public async Task Of_several_addresses_the_unknown_ones_are_named()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        await RunAsync(stored, 0, "put", Good, "--status", "deliverable");
        string got = (await RunAsync(stored, 1, "get", $"one@{StoredDaemon.Known}", Good, $"two@{StoredDaemon.Known}")).Output;
        Assert.Contains($"one@{StoredDaemon.Known}: nothing is known", got, StringComparison.Ordinal);
        Assert.Contains($"two@{StoredDaemon.Known}: nothing is known", got, StringComparison.Ordinal);
        Assert.Contains($"{Good}: deliverable", got, StringComparison.Ordinal);
        string deleted = (await RunAsync(stored, 0, "delete", $"one@{StoredDaemon.Known}", Good)).Output;
        Assert.Contains($"one@{StoredDaemon.Known}: nothing was known", deleted, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Good}: nothing", deleted, StringComparison.Ordinal);
        Assert.Contains("1 forgotten", deleted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_takes_nothing_is_no_success()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        string now = TimeProvider.System.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        string line = $$"""{"address":"{{Good}}","status":"deliverable","updated":"{{now}}"}""";
        string without = stored.Folder.Write("without", line + "\n");
        string told = (await RunAsync(stored, 1, "import", without)).Output;
        Assert.Contains("1 without a target", told, StringComparison.Ordinal);
        Assert.Contains("line 1 left out: it has no \"target\"", told, StringComparison.Ordinal);
        Assert.Contains("nothing was taken", told, StringComparison.Ordinal);
        Assert.Contains("there was nothing to read", (await RunAsync(stored, 1, "import", stored.Folder.Write("empty", ""))).Output, StringComparison.Ordinal);
        string with = stored.Folder.Write("with", line.Replace("}", ",\"target\":\"rcpt\"}", StringComparison.Ordinal) + "\n");
        Assert.Contains("1 taken", (await RunAsync(stored, 0, "import", with)).Output, StringComparison.Ordinal);
        Assert.Contains("1 known better", (await RunAsync(stored, 0, "import", with)).Output, StringComparison.Ordinal);
        Assert.Contains("is a directory", (await RunAsync(stored, 2, "import", stored.Folder.Path)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_TCP_the_cache_needs_the_token_and_the_hosts_own_name()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        await daemon.WaitForListenerAsync(new IPEndPoint(IPAddress.Loopback, stored.AdminPort));
        Assert.Equal(UnixFileMode.None, stored.Folder.ModeOf("admin.sock") & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/healthz", null, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/cache/stats", null, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/cache/stats", StoredDaemon.Token + "x", null));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/cache/stats", StoredDaemon.Token, null));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await GetAsync("/cache/stats", StoredDaemon.Token, "evil.example"));

        async Task<HttpStatusCode> GetAsync(string path, string? token, string? host)
        {
            using HttpClient client = new();
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{stored.AdminPort}{path}");
            request.Headers.Host = host;
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_words_about_what_was_asked()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        await SaysAsync("user@elsewhere.test: its domain has no [[route]]", 1, "put", "user@elsewhere.test", "--status", "deliverable");
        await SaysAsync("nonsense: not an address", 2, "put", "nonsense", "--status", "deliverable");
        await SaysAsync("not a domain", 2, "purge", "--domain", "two words");
        await SaysAsync("not a domain", 2, "list", "--domain", "two words");
        await SaysAsync("no line reads as json: --format", 2, "import", stored.Folder.Write("map", $"{Good}\t0:0:1793000000:250 ok\n"));
        Assert.Empty((await stored.ReadAsync()).Statuses);

        async Task SaysAsync(string words, int exitCode, params string[] arguments) =>
            Assert.Contains(words, (await RunAsync(stored, exitCode, arguments)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_daemon_the_command_says_so_and_ends_with_EX_TEMPFAIL()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        string socket = stored.Folder.Combine("admin.sock");
        Assert.Contains($"no daemon answers at {socket} (no such socket) or 127.0.0.1:{stored.AdminPort}, and the file {stored.File} cannot be used: no such file", (await RunAsync(stored, 75, "stats")).Output, StringComparison.Ordinal);
        Assert.Contains($"does not answer ({socket}: no such socket)", (await RunAsync(stored, 75, "stats", "--socket", socket)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_lines_of_a_verify_map_are_counted_and_harm_nothing()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string map = stored.Folder.Combine("map");
        await File.WriteAllBytesAsync(
            map,
            [
                .. Latin1($"nul\0@{StoredDaemon.Known}\t0:0:{now}:ok\n"), .. Latin1($"high\u00ff@{StoredDaemon.Known}\t0:0:{now}:ok\n"),
                .. Latin1($"{Good}\t0:0:{now}:said \0\u0001\u001b[2J ok\n"), .. Latin1($"{Bad}\t0:0:99999999999999999999:ok\n"), .. Latin1($"{Bad}\t0:0\n"), 0, 0xff, (byte)'\n',
            ],
            TestContext.Current.CancellationToken);
        string told = (await RunAsync(stored, 0, "import", map, "--format", "postfix")).Output;
        Assert.Contains("1 taken", told, StringComparison.Ordinal);
        Assert.Equal("1, 2, 4, 5, 6", string.Join(", ", System.Text.RegularExpressions.Regex.Matches(told, @"line (\d+) left out: ").Select(line => line.Groups[1].Value)));
        string listed = (await RunAsync(stored, 0, "list")).Output;
        Assert.Single(listed.Trim().Split('\n'));
        Assert.Contains("said [2J ok", listed, StringComparison.Ordinal);

        static byte[] Latin1(string text) => System.Text.Encoding.Latin1.GetBytes(text);
    }

    [Fact]
    public async Task Purges_under_load_change_no_answer()
    {
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        Task asking = stored.AskAsync(Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? $"u{i % 20}@{StoredDaemon.Known}" : $"u{i % 20}@{StoredDaemon.Unknown}"));
        for (int i = 0; i < 3; i++)
            await RunAsync(stored, 0, "purge", i == 1 ? "--negatives" : "--all");
        await asking; // throws where an answer was wrong
        await RunAsync(stored, 0, "purge", "--all");
        Assert.Empty((await RunAsync(stored, 0, "list")).Output.Trim());
        Assert.Empty((await stored.ReadAsync()).Statuses);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(StoredDaemon stored, int expected, params string[] arguments)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(
            DaemonProcess.Executable, ["cache", .. arguments, "-c", stored.ConfigurationFile], Patience);
        Assert.True(exitCode == expected, $"exit code {exitCode}\n{output}");
        return (exitCode, output);
    }
}

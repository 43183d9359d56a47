using System.Net;
using System.Net.Sockets;
using RcptVerify.IntegrationTests.Serving;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>The admin door's socket file, its token file and its health pages, on a daemon.</summary>
public sealed class AdminAccessTests : IDisposable
{
    private const string FirstToken = "the-first-token-of-all";
    private const string SecondToken = "the-second-token-of-all";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();
    private readonly IPEndPoint _policy = new(IPAddress.Loopback, FreePort.Next());
    private readonly int _adminPort = FreePort.Next();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 600)]
    [InlineData("socket_mode = \"0660\"", 660)]
    [InlineData("socket_mode = \"0660\"\nsocket_group = \"postfix\"", 660, "postfix")]
    public async Task The_Unix_socket_has_the_mode_and_the_group_of_the_configuration(string settings, int mode, string? group = null)
    {
        await using DaemonProcess daemon = await ServeAsync($"listen = \"\"\nsocket = \"{Socket}\"\n{settings}");
        group ??= (await ChildProcess.RunAsync("id", ["-gn"], Patience)).Output.Trim();
        string expected = $"{mode} {group} socket";
        string shown = "";
        // The policy door, for which serving waited, opens a moment before.
        await Eventually.HoldsAsync(
            async () => (shown = (await ChildProcess.RunAsync("stat", ["-c", "%a %G %F", Socket], Patience)).Output.Trim()) == expected, expected, Patience, () => shown);
        Assert.Contains("inFile", (await CacheAsync(0, "stats", "--json", "--socket", Socket)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_does_not_exist_is_an_error_that_names_it()
    {
        await using DaemonProcess daemon = new(["serve", "-c", Configure($"listen = \"\"\nsocket = \"{Socket}\"\nsocket_group = \"no-such-group\"")]);
        Assert.Equal(78, await daemon.WaitForExitAsync(Patience));
        Assert.Contains("no-such-group", daemon.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_read_from_its_file_by_daemon_and_command_and_again_at_a_reload()
    {
        string token = WriteToken(FirstToken);
        await using DaemonProcess daemon = await ServeAsync($"socket = \"\"\nlisten = \"inet:127.0.0.1:{_adminPort}\"\ntoken_file = \"{token}\"");
        await daemon.WaitForListenerAsync(new IPEndPoint(IPAddress.Loopback, _adminPort));
        string url = $"http://127.0.0.1:{_adminPort}";
        string file = _folder.Combine("rcptverify.toml");
        await CacheAsync(0, "stats", "-c", file);
        await CacheAsync(0, "stats", "--url", url, "--token-file", token);
        Assert.Contains("the daemon refuses: the token is not the daemon's (--token-file or [admin] token_file", await CacheAsync(2, "stats", "--url", url, "--token", SecondToken), StringComparison.Ordinal);
        string none = _folder.Write("none.toml", "");
        Assert.Contains("the daemon refuses: a token is needed and none was sent", await CacheAsync(2, "purge", "--all", "--url", url, "-c", none), StringComparison.Ordinal);
        string many = _folder.Write("many", string.Concat(Enumerable.Repeat("user@cli.lab.test 0:0:1:ok\n", 1_000_000)));
        Assert.Contains("the daemon refuses: a token is needed and none was sent", await CacheAsync(2, "import", many, "--format", "postfix", "--url", url, "-c", none), StringComparison.Ordinal);
        Assert.Contains("does not exist", await CacheAsync(2, "stats", "--url", url, "--token-file", _folder.Combine("missing")), StringComparison.Ordinal);

        WriteToken("short");
        daemon.Signal(UnixSignal.Hangup);
        await Eventually.HoldsAsync(() => daemon.Output.Text.Contains("configuration not reloaded", StringComparison.Ordinal), "the refusal", Patience, () => daemon.Output.Text);
        await CacheAsync(0, "stats", "--url", url, "--token", FirstToken);
        WriteToken(SecondToken, "0644");
        daemon.Signal(UnixSignal.Hangup);
        await Eventually.HoldsAsync(() => daemon.Output.Text.Contains("read again", StringComparison.Ordinal), "the reload", Patience, () => daemon.Output.Text);
        await CacheAsync(0, "stats", "-c", file);
        await CacheAsync(2, "stats", "--url", url, "--token", FirstToken);
        Assert.Contains($"everybody on this host may read the token file {token} (mode 0644)", daemon.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("takes effect at the next restart", daemon.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(SecondToken, daemon.Output.Text, StringComparison.Ordinal);

        Configure($"socket = \"\"\nsocket_mode = \"0660\"\nlisten = \"inet:127.0.0.1:{_adminPort}\"\ntoken_file = \"{token}\"", group: "postfix");
        daemon.Signal(UnixSignal.Hangup);
        foreach (string setting in (string[])["admin section", "policy.socket_group"])
        {
            string line = $"a changed {setting} takes effect at the next restart";
            await Eventually.HoldsAsync(() => daemon.Output.Text.Contains(line, StringComparison.Ordinal), line, Patience, () => daemon.Output.Text);
        }
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("token", "can be written to by everybody")]
    public async Task A_token_file_that_cannot_be_used_is_an_error_at_start(string name, string why)
    {
        WriteToken(FirstToken, "0666");
        await using DaemonProcess daemon = new(["serve", "-c", Configure($"socket = \"\"\nlisten = \"inet:127.0.0.1:{_adminPort}\"\ntoken_file = \"{_folder.Combine(name)}\"")]);
        Assert.Equal(78, await daemon.WaitForExitAsync(Patience));
        Assert.Contains(why, daemon.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_is_ready_once_it_serves_under_any_name_and_not_any_more_when_it_ends()
    {
        await using DaemonProcess daemon = await ServeAsync($"socket = \"\"\nlisten = \"inet:127.0.0.1:{_adminPort}\"");
        await daemon.WaitForListenerAsync(new IPEndPoint(IPAddress.Loopback, _adminPort));
        string said = "";
        await Eventually.HoldsAsync(async () => (said = await HttpAsync("/readyz", "mx1.example")).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "ready", Patience, () => said);
        Assert.EndsWith("ready", said.TrimEnd(), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await HttpAsync("/healthz", "mx1.example"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 421 ", await HttpAsync("/cache/stats", "mx1.example"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 ", await HttpAsync("/cache/stats", "localhost"), StringComparison.Ordinal);
        Assert.Equal(0, await daemon.StopAsync(Patience));
        await Assert.ThrowsAnyAsync<SocketException>(() => HttpAsync("/readyz", "mx1.example"));
    }

    [Fact]
    public async Task A_node_whose_store_file_cannot_be_opened_is_ready_from_memory_alone_and_answers()
    {
        string store = Path.Combine(_folder.Write("no-folder", ""), "cache.db");
        await using DaemonProcess daemon = await DaemonProcess.ServeAsync(Configure($"socket = \"\"\nlisten = \"inet:127.0.0.1:{_adminPort}\"", store: store), _policy);
        await daemon.WaitForListenerAsync(new IPEndPoint(IPAddress.Loopback, _adminPort));
        string said = "";
        await Eventually.HoldsAsync(async () => (said = await HttpAsync("/readyz", "localhost")).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "ready", Patience, () => said);
        Assert.EndsWith("ready, from memory alone: the store file cannot be used now, the log says why", said.TrimEnd(), StringComparison.Ordinal);
        using PolicyClient client = await PolicyClient.ConnectAsync(_policy);
        Assert.StartsWith("DUNNO", await client.AskAsync("postmaster@cli.lab.test"), StringComparison.Ordinal);
        Assert.Contains(store, daemon.Output.Text, StringComparison.Ordinal);
        Assert.Equal(0, await daemon.StopAsync(Patience));
    }

    private string Socket => _folder.Combine("admin.sock");

    private string WriteToken(string token, string mode = "0600")
    {
        string path = _folder.Write("token", token + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        return path;
    }

    private string Configure(string admin, string group = "", string? store = null)
    {
        DaemonConfiguration configuration = new() { Listen = $"inet:{_policy}", Admin = admin, SocketGroup = group, Store = $"sqlite:{store ?? _folder.Combine("cache.db")}" };
        return _folder.Write("rcptverify.toml", configuration.Route("cli.lab.test", 9).ToString());
    }

    private Task<DaemonProcess> ServeAsync(string admin) => DaemonProcess.ServeAsync(Configure(admin), _policy);

    private static async Task<string> CacheAsync(int expected, params string[] arguments)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(DaemonProcess.Executable, ["cache", .. arguments], Patience);
        Assert.True(exitCode == expected, $"exit code {exitCode}\n{output}");
        return output;
    }

    /// <summary>HTTP/1.0 by hand: a client library would not say another name than the one it connects to.</summary>
    private async Task<string> HttpAsync(string path, string host)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _adminPort, TestContext.Current.CancellationToken);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n"), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}

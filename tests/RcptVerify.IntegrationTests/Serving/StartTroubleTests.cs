using System.Net;
using System.Net.Sockets;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>What <c>serve</c> and <c>simulate</c> say when a socket cannot be had: door, address and reason in one line, no stack trace.</summary>
public sealed class StartTroubleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("POLICY", "policy")]
    [InlineData("MILTER", "milter")]
    [InlineData("SOCKETMAP", "socketmap")]
    [InlineData("ADMIN", "admin")]
    public async Task A_port_that_is_taken(string section, string door)
    {
        using Socket holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        await FailsAsync(section, $"inet:{holder.LocalEndPoint}", $"{door}: cannot listen on inet:{holder.LocalEndPoint}: the address is in use");
    }

    [Fact]
    public async Task A_daemon_that_cannot_listen_does_not_touch_the_store()
    {
        using TempFolder folder = new();
        string path = folder.Combine("none/p.sock");
        await FailsAsync("POLICY", "unix:" + path, "does not exist", store: "sqlite:" + folder.Combine("cache.db"));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("POLICY__LISTEN", "policy", "unix:")]
    [InlineData("ADMIN__SOCKET", "admin", "")]
    public async Task A_Unix_socket_in_a_folder_that_does_not_exist(string key, string door, string scheme)
    {
        using TempFolder folder = new();
        string path = folder.Combine("none/p.sock");
        await FailsAsync(key, scheme + path, $"{door}: cannot listen on unix:{path}: the folder {folder.Combine("none")} does not exist");
    }

    [Theory]
    [InlineData("MILTER__LISTEN", "milter", "unix:")]
    [InlineData("ADMIN__SOCKET", "admin", "")]
    public async Task A_Unix_socket_in_the_place_of_another_file(string key, string door, string scheme)
    {
        using TempFolder folder = new();
        string path = folder.Write("notes", "text");
        await FailsAsync(key, scheme + path, $"{door}: cannot listen on unix:{path}: {path} exists and is not a socket");
        Assert.Equal("text", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public Task An_address_that_this_host_has_not() => FailsAsync(
        "POLICY", $"inet:192.0.2.1:{FreePort.Next()}", "cannot listen on inet:192.0.2.1:", "this host has no such address");

    [Fact]
    public Task A_host_that_has_no_address() => FailsAsync(
        "SOCKETMAP", "inet:nowhere.invalid:10060", "socketmap: cannot listen on inet:nowhere.invalid:10060: nowhere.invalid is no host with an address");

    [Fact]
    public async Task A_port_that_two_doors_are_to_have()
    {
        int port = FreePort.Next();
        await FailsAsync("MILTER", $"inet:127.0.0.1:{port}", $"milter: cannot listen on inet:127.0.0.1:{port}: this configuration names", policy: $"inet:0.0.0.0:{port}");
    }

    [Fact]
    public async Task Users_without_rights_are_told_so()
    {
        using TempFolder folder = new();
        if (Environment.IsPrivilegedProcess)
        {
            // Owned by root and for nobody else: the daemon runs as nobody below.
            File.SetUnixFileMode(folder.CreateFolder("theirs"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        }
        else
        {
            File.SetUnixFileMode(folder.CreateFolder("theirs"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string path = folder.Combine("theirs/p.sock");
        await FailsAsync("POLICY", "unix:" + path, $"policy: cannot listen on unix:{path}: user ", $"may not create files in {folder.Combine("theirs")}", asNobody: Environment.IsPrivilegedProcess);
    }

    [Fact]
    public async Task The_simulator_names_its_address_and_every_bad_entry()
    {
        using Socket holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        await SaysAsync([$"--listen", $"inet:{holder.LocalEndPoint}"], $"--listen inet:{holder.LocalEndPoint}: the address is in use");
        await SaysAsync(["--listen", "inet:192.0.2.1:2525"], "--listen inet:192.0.2.1:2525: this host has no such address");
        using TempFolder folder = new();
        string known = folder.Write("known.txt", "alice@example.com\n# a comment\nnot an address\n\nuser*@example.com\nbob\u001b@\n");
        string[] lines = await SaysAsync(["--known", "@" + known, "--known", "dave"], $"{known}:3: 'not an address' is no address");
        Assert.Equal(3, lines.Length);
        Assert.Contains($"{known}:6: 'bob\\x1b@' is no address", lines[1], StringComparison.Ordinal);
        Assert.Contains("--known: 'dave' is no address", lines[2], StringComparison.Ordinal);
        await SaysAsync(["--known", "@" + known + "2"], "no such file");
        await SaysAsync(["--known", "@" + folder.Path], "is a directory, not a file");
    }

    [Fact]
    public async Task A_configuration_that_is_a_directory_is_called_one()
    {
        using TempFolder folder = new();
        foreach ((string command, int expected) in new[] { ("check-config", 2), ("serve", 78) })
        {
            (int exitCode, string output) = await ChildProcess.RunAsync(DaemonProcess.Executable, [command, "-c", folder.Path], Patience);
            Assert.Equal(expected, exitCode);
            Assert.Contains("is a directory, not a file", output, StringComparison.Ordinal);
        }
    }

    private static async Task<string[]> SaysAsync(string[] arguments, string words)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(DaemonProcess.Executable, ["simulate", .. arguments], Patience);
        Assert.Equal(2, exitCode);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output.Trim().Split('\n');
    }

    private static async Task FailsAsync(string key, string value, string words, string more = "", string? policy = null, bool asNobody = false, string store = "memory")
    {
        Dictionary<string, string> environment = new()
        {
            ["RCPTVERIFY__POLICY__LISTEN"] = policy ?? $"inet:127.0.0.1:{FreePort.Next()}",
            ["RCPTVERIFY__ADMIN__LISTEN"] = "",
            ["RCPTVERIFY__ADMIN__SOCKET"] = "",
            ["RCPTVERIFY__CACHE__STORE"] = store,
        };
        environment["RCPTVERIFY__" + (key.Contains('_', StringComparison.Ordinal) ? key : key + "__LISTEN")] = value;
        string[] serve = ["serve", "--route", "cli.lab.test=127.0.0.1:9"];
        await using ChildProcess daemon = asNobody
            ? new ChildProcess("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", DaemonProcess.Executable, .. serve], environment)
            : new DaemonProcess(serve, environment);
        Assert.Equal(78, await daemon.WaitForExitAsync(Patience));
        string line = Assert.Single(daemon.Output.Text.Trim().Split('\n'));
        Assert.StartsWith("rcptverify: ", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.Contains(more, line, StringComparison.Ordinal);
    }
}

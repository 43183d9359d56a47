using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>What the program says, and how it ends, where its arguments are wrong.</summary>
public sealed class UsageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("'rcptverify' has no command \"serv\", did you mean \"serve\"?", "serv")]
    [InlineData("'rcptverify probe' has no option --sever, did you mean --server?", "probe", "--sever", "x", "a@b.example")]
    [InlineData("--server 127.0.0.1:25:25: expected HOST:PORT", "probe", "a@b.example", "--server", "127.0.0.1:25:25")]
    [InlineData("--server h:99999: the port must be a whole number from 1 to 65535", "probe", "a@b.example", "--server", "h:99999")]
    [InlineData("--server: expected HOST:PORT, HOST or [IPv6]:PORT, with a port from 1 to 65535", "calibrate", "--server", "h:0", "--known-good", "a@b.example")]
    [InlineData("--eod-secret: expected 8 to 128", "calibrate", "--server", "h:25", "--known-good", "a@b.example", "--eod-secret", "x")]
    [InlineData("--json and --format sarif: say one of them", "validate", "MAIN", "--json", "--format", "sarif")]
    [InlineData("--diff prints a diff in place of findings, and has no --format", "validate", "MAIN", "--diff", "--format", "json")]
    [InlineData("--diff prints a diff in place of findings, and has no --json", "validate", "MAIN", "--diff", "--json")]
    [InlineData("--min-level info: wanted is notice|warning|error", "validate", "MAIN", "--min-level", "info")]
    [InlineData("--fail-level info: wanted is none|notice|warning|error", "validate", "MAIN", "--fail-level", "info")]
    [InlineData("--baseline MAIN: that is no report of 'validate --format json'", "validate", "MAIN", "--baseline", "MAIN")]
    [InlineData("is a directory, not a file", "check-config", "-c", "/")]
    [InlineData("/no/such.toml: no such file", "check-config", "-c", "/no/such.toml")]
    public async Task A_mistake_is_named_and_ends_with_2(string words, params string[] arguments)
    {
        using TempFolder folder = new();
        string main = folder.Write("main.cf", "compatibility_level = 3.6\n");

        (int exitCode, string output) = await RunAsync([.. arguments.Select(word => word == "MAIN" ? main : word)]);

        Assert.Contains(words.Replace("MAIN", main, StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("System.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve", "--version")]
    [InlineData("cache", "put", "--help")]
    [InlineData("validate", "MAIN", "--json", "--format", "json", "--fail-level", "none")]
    public async Task What_is_right_is_done(params string[] arguments)
    {
        using TempFolder folder = new();
        string main = folder.Write("main.cf", "compatibility_level = 3.6\n");
        Assert.Equal(0, (await RunAsync([.. arguments.Select(word => word == "MAIN" ? main : word)])).ExitCode);
    }

    [Fact]
    public async Task A_configuration_without_a_route_is_fine_and_warned_of()
    {
        using TempFolder folder = new();
        string none = folder.Write("none.toml", "[cache]\nstore = \"memory\"\n");
        (int exitCode, string output) = await RunAsync("check-config", "-c", none);
        Assert.Equal(0, exitCode);
        Assert.Contains($"{none}: fine, 0 routes", output, StringComparison.Ordinal);
        Assert.Contains("warning: without a [[route]], 'serve' needs --route", output, StringComparison.Ordinal);

        string one = folder.Write("one.toml", "[[route]]\ndomains = [\"a.example\"]\nservers = [\"b:25\"]\n");
        (exitCode, output) = await RunAsync("check-config", "-c", one);
        Assert.Equal((0, $"{one}: fine, 1 route"), (exitCode, output.Trim()));
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        ChildProcess.RunAsync(DaemonProcess.Executable, arguments, Patience);
}

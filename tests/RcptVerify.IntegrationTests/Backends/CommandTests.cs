using System.Text.Json;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Exim;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary><c>calibrate</c> and <c>probe --target auto</c> as an administrator runs them.</summary>
public sealed class CommandTests
{
    private const string Known = "alice@lab.test";
    private const string Nobody = "nobody@lab.test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("exchange2010", "rcpt", "<** 550 5.1.1 User unknown")]
    [InlineData("exchange2013-frontend-data", "data", "<** 550 5.1.1 User unknown")]
    [InlineData("exchange2013-bdat", "bdat", "<** 550 5.1.1 User unknown")]
    public async Task Calibrate_proves_the_stage_and_prints_a_route_that_works(string behaviour, string target, string proof)
    {
        await using ExchangeSimulator simulator = await StartAsync(behaviour);
        (int exitCode, string output) = await CalibrateAsync(simulator.EndPoint.Port);

        Assert.Equal(0, exitCode);
        Assert.Matches(" -> RCPT TO:<rcptverify-[0-9a-f]{24}@lab.test>", output);
        Assert.Contains($"\n{proof}\n", output, StringComparison.Ordinal);
        Assert.Contains($"refuses unknown users at {target}: 550 5.1.1 User unknown", output, StringComparison.Ordinal);
        string route = output[output.IndexOf("[[route]]", StringComparison.Ordinal)..];
        Assert.Contains($"target = \"{target}\"", route, StringComparison.Ordinal);

        using TempFolder folder = new();
        string file = folder.Write("rcptverify.toml", route);
        Assert.Equal(0, (await RunAsync("check-config", "-c", file)).ExitCode);
        Assert.Equal(0, (await RunAsync("probe", Known, "-c", file)).ExitCode);
        Assert.Equal(1, (await RunAsync("probe", Nobody, "-c", file)).ExitCode);
    }

    [Fact]
    public async Task Calibrate_finds_the_end_of_data_of_a_real_server_with_a_secret_that_it_never_shows()
    {
        await using EximServer exim = await EximServer.StartAsync(EximAcl.Data);

        (int exitCode, string output) = await CalibrateAsync(exim.Port);
        Assert.Equal(1, exitCode);
        Assert.Contains("accepts a random address at every stage tried", output, StringComparison.Ordinal);
        Assert.DoesNotContain("[[route]]", output, StringComparison.Ordinal);

        (exitCode, output) = await CalibrateAsync(exim.Port, "--eod-secret", VerdictTest.Secret);
        Assert.Equal(0, exitCode);
        Assert.Contains("refuses unknown users at eod: 550 Unknown user", output, StringComparison.Ordinal);
        Assert.Contains("target = \"eod\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain(VerdictTest.Secret, output, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => exim.Delivered == 1, "the known-good user's message", Patience, exim.ReadLog);
    }

    [Theory]
    [InlineData("exchange2010", 0, "tells", "rcpt")]
    [InlineData("exchange2016", 1, "accept_all", null)]
    [InlineData("tempfail", 75, "inconclusive", null)]
    [InlineData("hostile-close-greeting", 75, "trouble", null)]
    public async Task Calibrate_says_the_same_in_JSON(string behaviour, int expectedExitCode, string result, string? target)
    {
        await using ExchangeSimulator simulator = await StartAsync(behaviour);
        (int exitCode, string output) = await CalibrateAsync(simulator.EndPoint.Port, "--json");

        Assert.Equal(expectedExitCode, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal((result, target), (json.RootElement.GetProperty("result").GetString(), json.RootElement.GetProperty("target").GetString()));
        Assert.Equal($"127.0.0.1:{simulator.EndPoint.Port}", json.RootElement.GetProperty("server").GetString());
        Assert.NotEmpty(json.RootElement.GetProperty("transcript").EnumerateArray());
    }

    [Fact]
    public async Task A_known_good_address_that_is_refused_proves_nothing()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        (int exitCode, string output) = await RunAsync("calibrate", "--server", $"127.0.0.1:{simulator.EndPoint.Port}", "--known-good", "gone@lab.test");
        Assert.Equal(75, exitCode);
        Assert.Contains($"gone@lab.test, said to exist, was refused by 127.0.0.1:{simulator.EndPoint.Port} at rcpt: 550 5.1.1 User unknown", output, StringComparison.Ordinal);
        Assert.Contains("Is that address right?", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("calibrate", "--server", "127.0.0.1:25")]
    [InlineData("calibrate", "--server", "127.0.0.1:25", "--known-good", "alice")]
    [InlineData("calibrate", "--server", "127.0.0.1:99999", "--known-good", Known)]
    [InlineData("probe", Known, "--server", "127.0.0.1:25", "--target", "vrfy")]
    [InlineData("probe", Known, "--server", "127.0.0.1:25", "--target", "eod")]
    public async Task Wrong_arguments_are_told_from_a_no(params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exchange2013-frontend-data", Known, 0, "deliverable", "data")]
    [InlineData("exchange2013-frontend-data", Nobody, 1, "undeliverable", "data")]
    [InlineData("exchange2013-frontend", Nobody, 0, "deliverable", "rcpt")]
    [InlineData("greylist", Known, 75, "unknown", "rcpt")]
    [InlineData("hostile-close-ehlo", Known, 75, "unknown", null)]
    public async Task Probe_with_a_measured_target_says_where_it_asked(string behaviour, string recipient, int expectedExitCode, string status, string? target)
    {
        await using ExchangeSimulator simulator = await StartAsync(behaviour);
        (int exitCode, string output) = await ProbeAsync(simulator, recipient, "--json");

        Assert.Equal(expectedExitCode, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal((recipient, status), (json.RootElement.GetProperty("address").GetString(), json.RootElement.GetProperty("status").GetString()));
        if (target is not null)
            Assert.Equal(target, json.RootElement.GetProperty("target").GetString());
        Assert.Empty(simulator.Counters.DeliveredMessages);
    }

    [Fact]
    public async Task Probe_marks_what_an_accept_all_server_accepts()
    {
        await using ExchangeSimulator simulator = await StartAsync("accept-all");
        (int exitCode, string output) = await ProbeAsync(simulator, Nobody);
        Assert.Equal(0, exitCode);
        Assert.Contains($"{Nobody}: deliverable (accept_all", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_transcript_shows_the_measurement_and_the_probe()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2013-frontend-data");
        (_, string output) = await ProbeAsync(simulator, Nobody, "--transcript");
        Assert.Matches(@"(?s) -> RCPT TO:<rcptverify-\w+@lab\.test>.* -> DATA\n<\*\* 550 5\.1\.1 User unknown.* -> RCPT TO:<nobody@lab\.test>\n<-  250 ", output);
    }

    private static Task<ExchangeSimulator> StartAsync(string behaviour) => ExchangeSimulator.StartAsync(
        new SimulationOptions { Behaviour = behaviour, Known = [Known] }, TestContext.Current.CancellationToken);

    private static Task<(int ExitCode, string Output)> CalibrateAsync(int port, params string[] more) =>
        RunAsync(["calibrate", "--server", $"127.0.0.1:{port}", "--known-good", Known, .. more]);

    private static Task<(int ExitCode, string Output)> ProbeAsync(ExchangeSimulator simulator, string recipient, params string[] more) =>
        RunAsync(["probe", recipient, "--server", $"127.0.0.1:{simulator.EndPoint.Port}", "--target", "auto", .. more]);

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        ChildProcess.RunAsync(DaemonProcess.Executable, arguments, Patience);
}

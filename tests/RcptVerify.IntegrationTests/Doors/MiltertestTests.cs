using System.Globalization;
using System.Net;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>
/// The milter door as another implementation of the protocol sees it: OpenDKIM's miltertest, which plays the mail server and knows nothing
/// of ours. Its scripts lie in the folder <c>Lua</c>; each ends with the word "done".
/// </summary>
public sealed class MiltertestTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Versions_2_to_6_are_spoken_whatever_they_can_mask()
    {
        string log = await RunAsync("versions.lua");
        Assert.Contains(" recipient=<anybody@dead.test> verdict=unknown ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transactions_and_clients_of_one_connection_do_not_mix()
    {
        string log = await RunAsync("transactions.lua");
        for (int number = 1; number <= 5; number++)
        {
            Assert.Contains($" instance= sender=<sender{number}@client.test> recipient=<early@lab.test> verdict=undeliverable ", log, StringComparison.Ordinal);
            Assert.Contains($" instance=4F{number} sender=<sender{number}@client.test> recipient=<late@lab.test> verdict=undeliverable ", log, StringComparison.Ordinal);
        }

        string[] refused = [.. log.Split('\n').Where(line => line.Contains("recipient=<nobody@lab.test>", StringComparison.Ordinal) && line.Contains("verdict=undeliverable", StringComparison.Ordinal))];
        Assert.Equal(3, refused.Length);
        Assert.Contains("sender=<sender6@client.test>", refused[0], StringComparison.Ordinal);
        Assert.EndsWith("client=192.0.2.9", refused[0], StringComparison.Ordinal);
        Assert.Contains("sender=<sender8@client.test>", refused[1], StringComparison.Ordinal);
        Assert.EndsWith("client=2001:db8::9", refused[1], StringComparison.Ordinal);
        Assert.Contains("sender=<sender9@client.test>", refused[2], StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.9", refused[2], StringComparison.Ordinal);
    }

    /// <summary>Runs a script against a daemon of its own. The script must come to its end and no frame of it seem malformed.</summary>
    /// <returns>What the daemon has written.</returns>
    private static async Task<string> RunAsync(string script)
    {
        using TempFolder folder = new();
        await using ExchangeSimulator exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "edge", Known = ["alice@lab.test"] }, TestContext.Current.CancellationToken);
        int port = FreePort.Next();
        string configuration = folder.Write("rcptverify.toml", string.Create(CultureInfo.InvariantCulture, $"""
            [policy]
            listen = []
            [milter]
            listen = ["inet:127.0.0.1:{port}"]
            skip_authenticated = true
            skip_clients = ["198.51.100.0/24"]
            [admin]
            listen = ""
            socket = ""
            [cache]
            store = "memory"
            [[route]]
            domains = ["lab.test"]
            servers = ["127.0.0.1:{exchange.EndPoint.Port}"]
            target = "rcpt"
            [[route]]
            domains = ["dead.test"]
            servers = ["127.0.0.1:{FreePort.Next()}"]
            target = "rcpt"
            """));
        await using DaemonProcess daemon = await DaemonProcess.ServeAsync(configuration, new IPEndPoint(IPAddress.Loopback, port));

        (int exitCode, string output) = await ChildProcess.RunAsync(
            "/usr/bin/miltertest",
            ["-D", $"socket=inet:{port}@127.0.0.1", "-s", RepositoryFile.PathOf($"tests/RcptVerify.IntegrationTests/Doors/Lua/{script}")],
            Patience);
        Assert.True(exitCode == 0 && output.EndsWith("done", StringComparison.Ordinal), $"{script} ended with {exitCode}:\n{output}\n{daemon.Output.Text}");
        Assert.Equal(0, await daemon.StopAsync(Patience));
        Assert.DoesNotContain("malformed", daemon.Output.Text, StringComparison.Ordinal);
        return daemon.Output.Text;
    }
}

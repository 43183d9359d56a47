using System.Net;
using RcptVerify.IntegrationTests.Serving;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Exim;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Some rows of the table through the daemon: what Postfix would be told, and what the log says.</summary>
public sealed class DaemonTests
{
    private const string Refused = "550 5.1.1 User unknown";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_server_that_tells_after_the_dot_is_marked_without_a_secret_and_tells_with_one()
    {
        await using ExchangeSimulator exchange = await StartAsync("exchange2013-frontend");
        await using EximServer exim = await EximServer.StartAsync(EximAcl.Data);
        using TempFolder folder = new();
        IPEndPoint policy = new(IPAddress.Loopback, FreePort.Next());
        DaemonConfiguration configuration = DaemonConfiguration.On(policy)
            .Route("plain.exchange.test", exchange.EndPoint.Port, "auto")
            .Route("secret.exchange.test", exchange.EndPoint.Port, "auto", VerdictTest.Secret)
            .Route("plain.lab.test", exim.Port, "auto")
            .Route("secret.lab.test", exim.Port, "auto", VerdictTest.Secret);
        await using DaemonProcess daemon = await DaemonProcess.ServeAsync(folder.Write("rcptverify.toml", configuration.ToString()), policy);
        using PolicyClient client = await PolicyClient.ConnectAsync(policy);

        foreach (string domain in new[] { "exchange.test", "lab.test" })
        {
            Assert.Equal("DUNNO", await client.AskAsync($"alice@plain.{domain}"));
            Assert.Equal("DUNNO", await client.AskAsync($"nobody@plain.{domain}"));
            Assert.Equal("DUNNO", await client.AskAsync($"alice@secret.{domain}"));
            Assert.Equal(Refused, await client.AskAsync($"nobody@secret.{domain}"));
            await daemon.Output.WaitForAsync($"recipient=<nobody@plain.{domain}> verdict=deliverable from=probe mark=accept_all stage=rcpt", Patience);
            await daemon.Output.WaitForAsync($"recipient=<alice@secret.{domain}> verdict=deliverable from=probe stage=eod", Patience);
            await daemon.Output.WaitForAsync($"recipient=<nobody@secret.{domain}> verdict=undeliverable from=probe stage=eod", Patience);
        }

        Assert.DoesNotContain(VerdictTest.Secret, daemon.Output.Text, StringComparison.Ordinal);
        Assert.Equal(["alice@secret.exchange.test"], exchange.Counters.DeliveredMessages.SelectMany(message => message.Recipients));
        await Eventually.HoldsAsync(() => exim.Delivered == 1, "one message, by eod", Patience, exim.ReadLog);
    }

    [Fact]
    public async Task Hostile_servers_do_not_make_the_daemon_grow()
    {
        const long MaxGrowth = 64L * 1024 * 1024;
        const int Rounds = 25;
        string[] behaviours = ["hostile-endless-line", "hostile-endless-reply", "hostile-binary", "hostile-early-reply-greeting"];
        await using ExchangeSimulator healthy = await StartAsync("exchange2010");
        List<ExchangeSimulator> hostile = [];
        try
        {
            using TempFolder folder = new();
            IPEndPoint policy = new(IPAddress.Loopback, FreePort.Next());
            DaemonConfiguration configuration = DaemonConfiguration.On(policy).Route("healthy.test", healthy.EndPoint.Port, "auto");
            foreach (string behaviour in behaviours)
            {
                hostile.Add(await StartAsync(behaviour));
                configuration.Route($"{behaviour}.test", hostile[^1].EndPoint.Port, "auto");
            }

            await using DaemonProcess daemon = await DaemonProcess.ServeAsync(folder.Write("rcptverify.toml", configuration.ToString()), policy);
            using PolicyClient client = await PolicyClient.ConnectAsync(policy);
            Assert.Equal("DUNNO", await client.AskAsync("alice@healthy.test"));
            long before = daemon.ResidentBytes;

            await Task.WhenAll(behaviours.Select(async behaviour =>
            {
                using PolicyClient asking = await PolicyClient.ConnectAsync(policy);
                for (int i = 0; i < Rounds; i++)
                    Assert.StartsWith("DEFER_IF_PERMIT 4.3.0 ", await asking.AskAsync($"user{i}@{behaviour}.test"), StringComparison.Ordinal);
            }));

            Assert.InRange(daemon.ResidentBytes - before, long.MinValue, MaxGrowth);
            Assert.Equal(Refused, await client.AskAsync("nobody@healthy.test"));
        }
        finally
        {
            foreach (ExchangeSimulator simulator in hostile)
                await simulator.DisposeAsync();
        }
    }

    private static Task<ExchangeSimulator> StartAsync(string behaviour) => ExchangeSimulator.StartAsync(
        new SimulationOptions { Behaviour = behaviour, Known = ["alice@secret.exchange.test", "alice@plain.exchange.test", "alice@healthy.test"] },
        TestContext.Current.CancellationToken);
}

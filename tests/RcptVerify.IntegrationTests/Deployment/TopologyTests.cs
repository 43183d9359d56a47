using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>What <c>docker/compose.yaml</c> promises, with real Postfixes, daemons and Redis, from its own files.</summary>
[Collection(Alone.Name)]
public sealed class TopologyTests(Topology topology) : IClassFixture<Topology>
{
    private const int Policy = 25;
    private const int Milter = 26;
    private const int Socketmap = 27;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly int[] Doors = [Policy, Milter, Socketmap];

    private MailNode One => topology.One;

    private MailNode Two => topology.Two;

    [Fact]
    public async Task Both_exchangers_accept_who_exists_and_refuse_who_does_not_whichever_door_they_ask()
    {
        foreach (MailNode node in new[] { One, Two })
        {
            foreach (int door in Doors)
            {
                Assert.Equal(250, (await node.AskAsync(door, "bert@example.com")).Code);
                SmtpAnswer refusal = await node.AskAsync(door, "nobody@example.com");
                Assert.Equal(550, refusal.Code);
                Assert.StartsWith("5.1.1 <nobody@example.com>: Recipient address rejected: User unknown", refusal.Text, StringComparison.Ordinal);
                Assert.Equal(554, (await node.AskAsync(door, "anybody@elsewhere.example")).Code); // not ours to relay
            }
        }

        Assert.Equal((1, 1), (topology.Probes("bert@example.com"), topology.Probes("nobody@example.com")));
    }

    [Fact]
    public async Task What_one_node_has_probed_the_other_knows()
    {
        for (int i = 0; i < 20; i++)
        {
            string recipient = $"{(i % 2 == 0 ? "user" : "missing")}{i}@example.com";
            (MailNode first, MailNode second) = i % 3 == 0 ? (One, Two) : (Two, One);
            int expected = i % 2 == 0 ? 250 : 550;
            Assert.Equal(expected, (await first.AskAsync(Doors[i % 3], recipient)).Code);
            Assert.Equal(expected, (await second.AskAsync(Doors[(i + 1) % 3], recipient)).Code);
            Assert.Equal(1, topology.Probes(recipient));
        }
    }

    [Fact]
    public async Task Mail_for_somebody_known_arrives_at_the_Exchange()
    {
        foreach (MailNode node in new[] { One, Two })
        {
            string subject = $"Subject: through port {node.Port(Policy)}";
            await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(node.Port(Policy));
            await client.EhloAsync();
            await client.MailAsync();
            Assert.Equal(550, (await client.RcptAsync("stranger@example.com")).Code);
            Assert.Equal(250, (await client.RcptAsync("anna@example.com")).Code);
            Assert.Equal(250, (await client.DataAsync($"{subject}\r\n\r\nHello\r\n")).Code);
            await Eventually.HoldsAsync(() => topology.Exchange.CountOf(subject) == 1, "the message at the Exchange", Patience, () => node.MailLog);
        }
    }

    [Fact]
    public async Task While_one_daemon_is_killed_its_Postfix_defers_and_the_other_node_goes_on()
    {
        Assert.Equal(250, (await One.AskAsync(Policy, "user.before@example.com")).Code);
        await One.KillDaemonAsync();
        foreach (int door in Doors)
        {
            SmtpAnswer answer = await One.AskAsync(door, "user.before@example.com");
            Assert.InRange(answer.Code, 450, 451);
            Assert.Equal(250, (await Two.AskAsync(door, "user.before@example.com")).Code);
            Assert.Equal(250, (await Two.AskAsync(door, $"user.meanwhile{door}@example.com")).Code);
            Assert.Equal(550, (await Two.AskAsync(door, $"missing.meanwhile{door}@example.com")).Code);
        }

        await One.StartDaemonAsync();
        foreach (int door in Doors)
        {
            Assert.Equal(250, (await One.AskAsync(door, "user.before@example.com")).Code);
            Assert.Equal(250, (await One.AskAsync(door, $"user.meanwhile{door}@example.com")).Code);
            Assert.Equal(550, (await One.AskAsync(door, $"missing.meanwhile{door}@example.com")).Code);
            Assert.Equal((1, 1), (topology.Probes($"user.meanwhile{door}@example.com"), topology.Probes($"missing.meanwhile{door}@example.com")));
        }

        Assert.Equal(1, topology.Probes("user.before@example.com"));
    }

    [Fact]
    public async Task A_purge_at_one_node_is_seen_by_both()
    {
        const string Known = "user.purged@example.com";
        const string Unknown = "missing.purged@example.com";
        await BothSayAsync();
        await BothSayAsync();
        Assert.Equal((1, 1), (topology.Probes(Known), topology.Probes(Unknown)));

        Assert.Equal(0, (await One.CacheAsync("purge", "--all")).ExitCode);
        // The other node hears of it a moment later.
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.Equal((250, 550), ((await Two.AskAsync(Policy, Known)).Code, (await Two.AskAsync(Milter, Unknown)).Code));
                return (topology.Probes(Known), topology.Probes(Unknown)) == (2, 2);
            },
            "both probed anew", Patience, () => Two.DaemonLog);
        await BothSayAsync();
        Assert.Equal((2, 2), (topology.Probes(Known), topology.Probes(Unknown)));

        async Task BothSayAsync()
        {
            foreach (MailNode node in new[] { One, Two })
                Assert.Equal((250, 550), ((await node.AskAsync(Policy, Known)).Code, (await node.AskAsync(Milter, Unknown)).Code));
        }
    }

    [Fact]
    public async Task Health_checks_tell_a_node_that_serves_from_one_that_does_not()
    {
        ComposeFile file = ComposeFile.Load();
        Assert.Equal(0, await One.CheckHealthAsync(file.Services["mx1"]));
        Assert.Equal(0, await One.CheckHealthAsync(file.Services["rcptverify1"]));
        await One.KillDaemonAsync();
        Assert.NotEqual(0, await One.CheckHealthAsync(file.Services["rcptverify1"]));
        await One.StartDaemonAsync();
        Assert.Equal(0, await One.CheckHealthAsync(file.Services["rcptverify1"]));
    }
}

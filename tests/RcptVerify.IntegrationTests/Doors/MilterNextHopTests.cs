using System.Globalization;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>Domains without a route, whose server a real Postfix names in {rcpt_host}: by transport_maps, by relayhost, and not at all.</summary>
[Collection(nameof(MilterRulesFixture))]
public sealed class MilterNextHopTests(MilterRulesFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("hop.lab.test", "127.0.0.1[127.0.0.1]")] // relay:[127.0.0.1]:port
    [InlineData("named.lab.test", "localhost[127.0.0.1]")] // relay:localhost:port
    [InlineData("relayed.lab.test", "127.0.0.1[127.0.0.1]")] // relayhost
    public async Task The_server_that_Postfix_would_deliver_to_is_asked(string domain, string server)
    {
        await using TestSmtpClient client = await StartAsync("hop");

        Assert.Equal(250, (await client.RcptAsync($"alice@{domain}")).Code);
        Assert.Equal(
            new SmtpAnswer(550, $"5.1.1 <nobody@{domain}>: Recipient address rejected: User unknown"), await client.RcptAsync($"nobody@{domain}"));
        Assert.Equal(550, (await client.RcptAsync($"Nobody@{domain}")).Code); // out of the cache
        string line = await fixture.DaemonOf("hop").Output.WaitForAsync($"recipient=<nobody@{domain}>", Patience);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" server={server}:{fixture.ExchangePort}"), line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_of_the_domain_goes_first()
    {
        await using TestSmtpClient client = await StartAsync("hop");
        Assert.Equal(550, (await client.RcptAsync("nobody@lab.test")).Code);
        string line = await fixture.DaemonOf("hop").Output.WaitForAsync("recipient=<nobody@lab.test>", Patience);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" server=127.0.0.1:{fixture.ExchangePort}"), line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_outside_the_networks_is_no_route()
    {
        await using TestSmtpClient client = await StartAsync("hop-elsewhere");
        Assert.Equal(250, (await client.RcptAsync("nobody@hop.lab.test")).Code);
        Assert.Equal(250, (await client.RcptAsync("nobody@named.lab.test")).Code);
        Assert.Equal(550, (await client.RcptAsync("nobody@lab.test")).Code);
        await fixture.DaemonOf("hop-elsewhere").Output.WaitForAsync(
            string.Create(CultureInfo.InvariantCulture, $@"next hop \[127\.0\.0\.1\]:{fixture.ExchangePort} is not asked: 127\.0\.0\.1 lies outside"), Patience);
    }

    [Fact]
    public async Task Without_the_switch_nobody_is_asked()
    {
        await using TestSmtpClient client = await StartAsync("plain");
        Assert.Equal(250, (await client.RcptAsync("nobody@hop.lab.test")).Code);
    }

    [Fact]
    public async Task A_transport_that_is_not_SMTP_is_no_route()
    {
        await using TestSmtpClient client = await StartAsync("hop");
        Assert.Equal(250, (await client.RcptAsync("nobody@void.lab.test")).Code);
    }

    [Fact]
    public async Task At_DATA_the_next_hop_is_asked_too()
    {
        await using TestSmtpClient client = await StartAsync("hop-at-data"); // whose daemon has no other route at all
        Assert.Equal(250, (await client.RcptAsync("nobody@hop.lab.test")).Code);
        Assert.Equal(550, (await client.SendAsync("DATA")).Code);
        Assert.Equal(550, (await client.RcptAsync("nobody@hop.lab.test")).Code); // known by now
        Assert.Equal(250, (await client.RcptAsync("alice@hop.lab.test")).Code);
    }

    private async Task<TestSmtpClient> StartAsync(string rules)
    {
        TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.PortOf(rules));
        await client.EhloAsync();
        Assert.Equal(250, (await client.MailAsync()).Code);
        return client;
    }
}

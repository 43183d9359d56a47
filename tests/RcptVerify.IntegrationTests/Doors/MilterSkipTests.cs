using System.Net;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>Clients of a real Postfix whose recipients are not refused: the milter is told so, or is not there.</summary>
[Collection(nameof(MilterRulesFixture))]
public sealed class MilterSkipTests(MilterRulesFixture fixture)
{
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task Recipients_of_an_authenticated_client_are_not_refused_and_those_of_others_are()
    {
        await using TestSmtpClient user = await StartAsync("authenticated", password: MilterRulesFixture.Password);
        Assert.Equal(250, (await user.RcptAsync("nobody@lab.test")).Code);
        Assert.Equal(250, (await user.RsetAsync()).Code);
        Assert.Equal(250, (await user.MailAsync()).Code);
        Assert.Equal(250, (await user.RcptAsync("nobody@lab.test")).Code); // in the next message too

        await using TestSmtpClient stranger = await StartAsync("authenticated");
        Assert.Equal(550, (await stranger.RcptAsync("nobody@lab.test")).Code);
        Assert.Equal(250, (await stranger.RcptAsync("alice@lab.test")).Code);
    }

    [Fact]
    public async Task Who_fails_to_authenticate_is_a_stranger()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.PortOf("authenticated"));
        await client.EhloAsync();
        Assert.Equal(535, (await client.SendAsync($"AUTH PLAIN {FakeDovecotAuth.InitialResponse(MilterRulesFixture.User, "wrong")}")).Code);
        await client.MailAsync();
        Assert.Equal(550, (await client.RcptAsync("nobody@lab.test")).Code);
    }

    [Fact]
    public async Task Without_skip_authenticated_an_authenticated_client_has_no_privilege()
    {
        await using TestSmtpClient user = await StartAsync("plain", password: MilterRulesFixture.Password);
        Assert.Equal(550, (await user.RcptAsync("nobody@lab.test")).Code);
    }

    [Fact]
    public async Task A_client_is_skipped_from_the_reload_on_that_lists_its_network()
    {
        await using TestSmtpClient before = await StartAsync("reloaded", from: Second);
        Assert.Equal(550, (await before.RcptAsync("nobody@lab.test")).Code);

        await fixture.ReloadAsync("reloaded", "skip_clients = [\"127.0.0.2/31\"]");

        Assert.Equal(250, (await before.RcptAsync("nobody@lab.test")).Code); // the session that was open then
        await using TestSmtpClient after = await StartAsync("reloaded", from: Second);
        Assert.Equal(250, (await after.RcptAsync("nobody@lab.test")).Code);
        await using TestSmtpClient other = await StartAsync("reloaded", from: IPAddress.Loopback);
        Assert.Equal(550, (await other.RcptAsync("nobody@lab.test")).Code);
        await using TestSmtpClient outside = await StartAsync("reloaded", from: IPAddress.Parse("127.0.0.4"));
        Assert.Equal(550, (await outside.RcptAsync("nobody@lab.test")).Code);
    }

    [Fact]
    public async Task While_the_milter_is_down_Postfix_does_what_default_action_says()
    {
        await using TestSmtpClient deferred = await TestSmtpClient.ConnectAsync(fixture.PortOf("tempfail"));
        await deferred.EhloAsync();
        Assert.Equal(new SmtpAnswer(451, "4.7.1 Service unavailable - try again later"), await deferred.MailAsync());

        await using TestSmtpClient let = await StartAsync("accept");
        Assert.Equal(250, (await let.RcptAsync("nobody@lab.test")).Code);
    }

    private async Task<TestSmtpClient> StartAsync(string rules, IPAddress? from = null, string? password = null)
    {
        TestSmtpClient client = await TestSmtpClient.ConnectFromAsync(from ?? IPAddress.Loopback, fixture.PortOf(rules));
        await client.EhloAsync();
        if (password is not null)
            Assert.Equal(235, (await client.SendAsync($"AUTH PLAIN {FakeDovecotAuth.InitialResponse(MilterRulesFixture.User, password)}")).Code);
        Assert.Equal(250, (await client.MailAsync()).Code);
        return client;
    }
}

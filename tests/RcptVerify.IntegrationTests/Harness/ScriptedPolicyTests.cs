using System.Net;
using System.Net.Sockets;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Harness;

/// <summary>What Postfix makes of the actions our contract promises, shown with constant answers: the base the daemon's tests stand on.</summary>
public sealed class ScriptedPolicyTests(PostfixFixture fixture)
{
    [Fact]
    public async Task Each_action_of_the_contract_becomes_the_reply_the_contract_names()
    {
        await using ScriptedPolicyServer server = new(fixture.Scripted.PolicyPort, recipient => recipient.Split('@')[0] switch
        {
            "known" => "DUNNO",
            "unknown" => "550 5.1.1 User unknown",
            "later" => "DEFER_IF_PERMIT 4.3.0 Try again later",
            _ => "DEFER 4.3.0 Try again later",
        });
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.Scripted.SmtpPort);
        await client.EhloAsync();
        await client.MailAsync();

        Assert.Equal(new SmtpAnswer(250, "2.1.5 Ok"), await client.RcptAsync("known@lab.test"));
        Assert.Equal(
            new SmtpAnswer(550, "5.1.1 <unknown@lab.test>: Recipient address rejected: User unknown"),
            await client.RcptAsync("unknown@lab.test"));
        Assert.Equal(
            new SmtpAnswer(450, "4.3.0 <later@lab.test>: Recipient address rejected: Try again later"),
            await client.RcptAsync("later@lab.test"));
        Assert.Equal(450, (await client.RcptAsync("deferred@lab.test")).Code);
        Assert.Equal(4, server.Requests);
    }

    [Fact]
    public async Task Nobody_at_the_policy_port_is_a_temporary_failure()
    {
        PostfixBuilder builder = new();
        int dead = FreePort.Next();
        int port = builder.SmtpdAsking($"inet:127.0.0.1:{dead}");
        await using PostfixInstance postfix = await builder.StartAsync();
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
        await client.EhloAsync();
        await client.MailAsync();
        SmtpAnswer answer = await client.RcptAsync("a@lab.test");
        Assert.Equal((451, true), (answer.Code, answer.Text.StartsWith("4.3.5 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_raw_policy_client_reads_what_the_server_says_and_notices_its_end()
    {
        IPEndPoint endpoint = new(IPAddress.Loopback, FreePort.Next());
        ScriptedPolicyServer server = new(endpoint.Port, recipient => $"550 5.1.1 {recipient}");
        using PolicyClient client = await PolicyClient.ConnectAsync(endpoint);
        Assert.Equal("550 5.1.1 a@lab.test", await client.AskAsync("a@lab.test"));
        Assert.Equal("550 5.1.1 b@lab.test", await client.AskAsync("b@lab.test"));
        await server.DisposeAsync();
        await Assert.ThrowsAsync<EndOfStreamException>(client.ReadActionAsync);
        await Assert.ThrowsAnyAsync<SocketException>(() => PolicyClient.ConnectAsync(endpoint));
    }
}

using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Harness;

/// <summary>The private Postfix is a Postfix, and a private one.</summary>
public sealed class PostfixTests(PostfixFixture fixture)
{
    [Fact]
    public async Task Without_a_policy_server_any_recipient_of_a_relayed_domain_is_accepted()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.PlainPort);
        Assert.Equal(220, client.Greeting.Code);
        Assert.StartsWith("mx.mta.test ESMTP", client.Greeting.Text, StringComparison.Ordinal);
        Assert.Contains("PIPELINING", (await client.EhloAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(250, (await client.MailAsync()).Code);
        Assert.Equal(250, (await client.RcptAsync("anybody@below.lab.test")).Code);
        Assert.Equal(221, (await client.QuitAsync()).Code);
    }

    [Fact]
    public async Task Relaying_for_strangers_is_refused()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.PlainPort);
        await client.EhloAsync();
        await client.MailAsync();
        SmtpAnswer answer = await client.RcptAsync("anybody@elsewhere.test");
        Assert.Equal(554, answer.Code);
        Assert.Contains("Relay access denied", answer.Text, StringComparison.Ordinal);
        await fixture.Postfix.WaitForLogAsync("NOQUEUE: reject: .*<anybody@elsewhere.test>: Relay access denied", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Stopping_ends_its_processes_and_removes_its_folder()
    {
        PostfixBuilder builder = new();
        int port = builder.Smtpd();
        PostfixInstance postfix = await builder.StartAsync();
        string folder = Path.GetDirectoryName(postfix.ConfigDirectory)!;
        Assert.True(Directory.Exists(folder));
        await postfix.DisposeAsync();
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => TestSmtpClient.ConnectAsync(port));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_configuration_Postfix_refuses_is_an_error()
    {
        PostfixBuilder builder = new();
        builder.Main("inet_protocols = ipv5");
        await Assert.ThrowsAsync<InvalidOperationException>(builder.StartAsync);
    }

    [Fact]
    public async Task Mail_for_a_delivered_domain_arrives_at_its_port()
    {
        using TempFolder kept = new();
        string folder = kept.CreateFolder("kept");
        await ChildProcess.RunAsync("chown", ["postfix", folder], TimeSpan.FromSeconds(10));
        await using SmtpSink sink = await SmtpSink.StartAsync(SmtpSinkMode.Keep(folder));
        PostfixBuilder builder = new();
        builder.Deliver("to.lab.test", sink.Port);
        int port = builder.Smtpd();
        await using PostfixInstance postfix = await builder.StartAsync();

        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
        await client.EhloAsync();
        await client.MailAsync();
        await client.RcptAsync("user@to.lab.test");
        Assert.Equal(250, (await client.DataAsync("Subject: the very one\r\n\r\n.a line with a dot\r\n")).Code);

        await Eventually.HoldsAsync(
            () => Directory.GetFiles(folder).Any(f => File.ReadAllText(f).Contains("Subject: the very one", StringComparison.Ordinal)),
            "the message at the sink",
            TimeSpan.FromSeconds(20),
            postfix.ReadLog);
        Assert.Equal(1, sink.Proxy.Recipients);
    }
}

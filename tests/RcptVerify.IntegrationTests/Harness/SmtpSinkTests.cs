using System.Diagnostics;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Harness;

/// <summary>The fake backend does what its mode says, seen through the counter.</summary>
public sealed class SmtpSinkTests
{
    [Fact]
    public async Task Accepting_it_takes_a_recipient() =>
        Assert.Equal(250, (await RcptAsync(SmtpSinkMode.AcceptAll)).Code);

    [Fact]
    public async Task Refusing_it_gives_the_reply_asked_for() =>
        Assert.Equal(new SmtpAnswer(550, "5.1.1 User unknown"), await RcptAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown")));

    [Fact]
    public async Task Deferring_it_gives_the_reply_asked_for() =>
        Assert.Equal(new SmtpAnswer(452, "4.2.2 Full"), await RcptAsync(SmtpSinkMode.Defer("RCPT", "452 4.2.2 Full")));

    [Fact]
    public async Task Shutting_down_it_says_421() =>
        Assert.Equal(421, (await RcptAsync(SmtpSinkMode.ShutDown("RCPT"))).Code);

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task Hanging_up_it_says_nothing_at_the_stage_named(string command) =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => RcptAsync(SmtpSinkMode.HangUp(command)));

    [Fact]
    public async Task Delaying_it_lets_the_client_wait()
    {
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(250, (await RcptAsync(SmtpSinkMode.Delay("RCPT", TimeSpan.FromSeconds(1)))).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_counter_counts_connections_and_recipients_and_keeps_the_lines()
    {
        await using SmtpSink sink = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        Assert.Equal((0, 0), (sink.Proxy.Connections, sink.Proxy.Recipients));
        for (int i = 1; i <= 2; i++)
        {
            await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(sink.Port);
            await client.EhloAsync();
            await client.MailAsync("");
            await client.RcptAsync("a@lab.test");
            await client.SendAsync("rcpt to:<b@lab.test>");
            await client.QuitAsync();
            Assert.Equal((i, 2 * i), (sink.Proxy.Connections, sink.Proxy.Recipients));
        }

        string[] session = ["EHLO client.test", "MAIL FROM:<>", "RCPT TO:<a@lab.test>", "rcpt to:<b@lab.test>", "QUIT"];
        Assert.Equal([.. session, .. session], sink.Proxy.Lines);
    }

    [Fact]
    public async Task What_goes_around_the_counter_is_not_counted()
    {
        await using SmtpSink sink = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(sink.UncountedPort);
        Assert.Equal(250, (await client.EhloAsync()).Code);
        Assert.Equal((0, 0), (sink.Proxy.Connections, sink.Proxy.CountOf("EHLO")));
    }

    private static async Task<SmtpAnswer> RcptAsync(SmtpSinkMode mode)
    {
        await using SmtpSink sink = await SmtpSink.StartAsync(mode);
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(sink.Port);
        await client.EhloAsync();
        await client.MailAsync();
        return await client.RcptAsync("user@lab.test");
    }
}

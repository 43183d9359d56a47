using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary><c>serve</c> without a file, and what it says when it cannot serve.</summary>
public sealed class CommandLineTests(PostfixFixture postfix)
{
    [Fact]
    public async Task Routes_on_the_command_line_are_enough()
    {
        await using SmtpSink sink = await SmtpSink.StartAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"));
        Dictionary<string, string> environment = new()
        {
            ["RCPTVERIFY__POLICY__LISTEN"] = $"inet:{postfix.CommandLine.Policy}",
            ["RCPTVERIFY__ADMIN__LISTEN"] = "",
            ["RCPTVERIFY__ADMIN__SOCKET"] = "",
            ["RCPTVERIFY__CACHE__STORE"] = "memory",
        };
        await using DaemonProcess daemon = new(["serve", "--route", $"cli.lab.test=127.0.0.1:{sink.Port}"], environment);
        await daemon.WaitForListenerAsync(postfix.CommandLine.Policy);
        await daemon.Output.WaitForAsync("started, .*, 1 route$", TimeSpan.FromSeconds(20));

        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(postfix.CommandLine.SmtpPort);
        await client.EhloAsync();
        await client.MailAsync();
        Assert.Equal(550, (await client.RcptAsync("nobody@cli.lab.test")).Code);
        // Target auto: a random address first, to measure at which stage this server tells.
        Assert.Equal((2, 1), (sink.Proxy.Recipients, sink.Proxy.CountOf("RCPT TO:<nobody@cli.lab.test>")));
        Assert.Equal(1, sink.Proxy.CountOf("RCPT TO:<rcptverify-"));
    }

    [Fact]
    public async Task A_broken_file_ends_it_with_EX_CONFIG_and_the_place()
    {
        using TempFolder folder = new();
        string file = folder.Write("rcptverify.toml", "[policy]\nlisten = 7\n");
        await using DaemonProcess daemon = new(["serve", "-c", file]);
        Assert.Equal(78, await daemon.WaitForExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Matches(@"rcptverify\.toml:2:\d+", daemon.Output.Text);
        Assert.DoesNotContain("   at ", daemon.Output.Text, StringComparison.Ordinal);
    }
}

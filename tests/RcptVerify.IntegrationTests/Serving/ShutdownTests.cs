using System.Diagnostics;
using System.Net.Sockets;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>SIGTERM: who is waiting gets an answer, and the daemon is gone within 5 s.</summary>
public sealed class ShutdownTests(PostfixFixture postfix)
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_client_waiting_for_a_probe_is_answered_with_the_temporary_failure()
    {
        using TempFolder folder = new();
        await using SmtpSink tarpit = await SmtpSink.StartAsync(SmtpSinkMode.Delay("RCPT", TimeSpan.FromSeconds(60)));
        DaemonConfiguration configuration = new()
        {
            Listen = $"inet:{postfix.Shutdown.Policy}",
            AnswerWithin = "60s",
            ProbeTimeout = "90s",
        };
        string file = folder.Write("rcptverify.toml", configuration.Route("tarpit.lab.test", tarpit.Port).ToString());
        await using DaemonProcess daemon = await DaemonProcess.ServeAsync(file, postfix.Shutdown.Policy);

        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(postfix.Shutdown.SmtpPort);
        await client.EhloAsync();
        await client.MailAsync();
        Task<SmtpAnswer> pending = client.RcptAsync("user@tarpit.lab.test");
        await Eventually.HoldsAsync(() => tarpit.Proxy.Recipients == 1, "the probe's RCPT", TimeSpan.FromSeconds(10), () => daemon.Output.Text);
        Assert.False(pending.IsCompleted);

        long asked = Stopwatch.GetTimestamp();
        int exitCode = await daemon.StopAsync(ExitLimit);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, ExitLimit);
        Assert.Equal(0, exitCode);

        // 450 is the daemon's answer; Postfix alone would say "451 4.3.5 Server configuration problem" after a second try.
        SmtpAnswer answer = await pending;
        Assert.Equal(450, answer.Code);
        Assert.StartsWith("4.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_connections_do_not_hold_it_up_and_no_new_ones_are_taken()
    {
        using TempFolder folder = new();
        System.Net.IPEndPoint policy = new(System.Net.IPAddress.Loopback, FreePort.Next());
        string file = folder.Write("rcptverify.toml", DaemonConfiguration.On(policy).Route("dead.lab.test", FreePort.Next()).ToString());
        await using DaemonProcess daemon = await DaemonProcess.ServeAsync(file, policy);
        using PolicyClient idle = await PolicyClient.ConnectAsync(policy);
        Assert.Equal("DUNNO", await idle.AskAsync("user@unrouted.lab.test"));

        Assert.Equal(0, await daemon.StopAsync(ExitLimit));
        await Assert.ThrowsAsync<EndOfStreamException>(idle.ReadActionAsync);
        await Assert.ThrowsAnyAsync<SocketException>(() => PolicyClient.ConnectAsync(policy));
    }
}

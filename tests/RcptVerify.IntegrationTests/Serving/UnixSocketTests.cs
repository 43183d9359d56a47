using System.Net.Sockets;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>The policy door as a Unix socket that belongs to Postfix' group.</summary>
public sealed class UnixSocketTests(PostfixFixture postfix)
{
    private const UnixFileMode GroupMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    [Fact]
    public async Task Postfix_asks_through_a_Unix_socket_and_a_socket_left_by_a_killed_daemon_is_taken_over()
    {
        using TempFolder folder = new();
        await using SmtpSink knows = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        await using SmtpSink refuses = await SmtpSink.StartAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"));
        DaemonConfiguration configuration = new() { Listen = $"unix:{postfix.UnixSocket}", SocketGroup = "postfix" };
        configuration.Route("good.lab.test", knows.Port).Route("bad.lab.test", refuses.Port);
        string file = folder.Write("rcptverify.toml", configuration.ToString());
        UnixDomainSocketEndPoint socket = new(postfix.UnixSocket);

        await using (DaemonProcess first = await DaemonProcess.ServeAsync(file, socket))
        {
            await AssertVerifiesAsync();

            // A second daemon must not take the socket from one that listens.
            await using DaemonProcess second = new(["serve", "-c", file]);
            Assert.NotEqual(0, await second.WaitForExitAsync(TimeSpan.FromSeconds(20)));
            await AssertVerifiesAsync();
            first.Signal(UnixSignal.Kill);
            await first.WaitForExitAsync(TimeSpan.FromSeconds(5));
        }

        Assert.True(File.Exists(postfix.UnixSocket), "kill -9 leaves the socket file behind");
        await using DaemonProcess third = await DaemonProcess.ServeAsync(file, socket);
        await AssertVerifiesAsync();
    }

    private async Task AssertVerifiesAsync()
    {
        // The socket is the daemon's alone until its group is set; its mode comes last.
        await Eventually.HoldsAsync(() => postfix.UnixSocketMode == GroupMode, "the socket's mode", TimeSpan.FromSeconds(5));
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(postfix.UnixPort);
        await client.EhloAsync();
        await client.MailAsync();
        Assert.Equal(250, (await client.RcptAsync("user@good.lab.test")).Code);
        Assert.Equal(550, (await client.RcptAsync("nobody@bad.lab.test")).Code);
    }
}

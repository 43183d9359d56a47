using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>The daemon is restarted, and killed, while mail flows.</summary>
public sealed class RestartTests(PostfixFixture postfix)
{
    private const string Unknown = "unknown.lab.test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Restarts_under_traffic_lose_no_mail_refuse_no_known_and_accept_no_unknown_recipient()
    {
        using TempFolder folder = new();
        string delivered = folder.CreateFolder("delivered");
        await ChildProcess.RunAsync("chown", ["postfix", delivered], Patience);
        await using SmtpSink mailboxes = await SmtpSink.StartAsync(SmtpSinkMode.Keep(delivered), postfix.DeliveryPort);
        await using SmtpSink knows = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        await using SmtpSink refuses = await SmtpSink.StartAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"));
        string file = folder.Write("rcptverify.toml", DaemonConfiguration.On(postfix.Restart.Policy)
            .Route(PostfixFixture.DeliveredDomain, knows.Port)
            .Route(Unknown, refuses.Port)
            .ToString());

        // The senders start before the daemon does: until then Postfix defers them.
        await using MailTraffic traffic = new(postfix.Restart.SmtpPort, PostfixFixture.DeliveredDomain, Unknown);
        foreach (UnixSignal end in new[] { UnixSignal.Terminate, UnixSignal.Kill, UnixSignal.Terminate, UnixSignal.Kill })
        {
            await using DaemonProcess daemon = await DaemonProcess.ServeAsync(file, postfix.Restart.Policy);
            await WaitForMoreAsync(traffic, daemon);
            daemon.Signal(end);
            Assert.Equal(end == UnixSignal.Kill ? 128 + 9 : 0, await daemon.WaitForExitAsync(TimeSpan.FromSeconds(5)));
        }

        await using DaemonProcess last = await DaemonProcess.ServeAsync(file, postfix.Restart.Policy);
        await WaitForMoreAsync(traffic, last);
        await traffic.StopAsync();

        Assert.Empty(traffic.Wrong);
        await Eventually.HoldsAsync(
            () => !traffic.AcceptedIds.Except(Directory.GetFiles(delivered).Select(IdOf)).Any(), "every accepted message at the mailboxes", Patience);
    }

    /// <summary>Waits until this daemon has let through and refused a good number.</summary>
    private static async Task WaitForMoreAsync(MailTraffic traffic, DaemonProcess daemon)
    {
        (int accepted, int refused) = (traffic.Accepted + 60, traffic.Refused + 60);
        await Eventually.HoldsAsync(
            () => traffic.Accepted >= accepted && traffic.Refused >= refused,
            "traffic through the daemon",
            Patience,
            () => $"accepted {traffic.Accepted}, refused {traffic.Refused}, deferred {traffic.Deferred}\n{daemon.Output.Text}",
            () => traffic.IsRunning && !daemon.HasExited);
    }

    /// <summary>The message's id; empty while its file is still being written.</summary>
    private static string IdOf(string file)
    {
        const string Header = "X-Id: ";
        return File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Header, StringComparison.Ordinal))?[Header.Length..] ?? "";
    }
}

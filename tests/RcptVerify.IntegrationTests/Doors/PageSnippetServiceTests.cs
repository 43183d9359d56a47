using System.Net;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>
/// What the pages of <c>config/postfix</c> tell their readers to write works: in a real Postfix, with the daemon behind it, and it does
/// what the page says while the daemon is down.
/// </summary>
public sealed class PageSnippetServiceTests
{
    public static TheoryData<string> Names { get; } = [.. PageSnippet.All.Where(snippet => snippet.File == "main.cf").Select(snippet => snippet.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Who_exists_is_accepted_who_does_not_is_refused_and_without_the_daemon_the_default_action_holds(string name)
    {
        string text = PageSnippet.All.Single(one => one.Name == name).Text;
        bool atData = text.Contains("smtpd_data_restrictions", StringComparison.Ordinal);
        await using ExchangeSimulator exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "edge", Known = ["alice@lab.test"] }, CancellationToken.None);
        IPEndPoint policy = new(IPAddress.Loopback, FreePort.Next());
        IPEndPoint milter = new(IPAddress.Loopback, FreePort.Next());
        IPEndPoint socketmap = new(IPAddress.Loopback, FreePort.Next());
        using TempFolder folder = new();
        await using DaemonProcess daemon = await DaemonProcess.ServeAsync(
            folder.Write("rcptverify.toml", $"""
                [policy]
                listen = ["inet:{policy}"]
                answer_at = "{(atData ? "data" : "rcpt")}"
                [milter]
                listen = ["inet:{milter}"]
                [socketmap]
                listen = ["inet:{socketmap}"]
                [admin]
                listen = ""
                socket = ""
                [cache]
                store = "memory"
                [[route]]
                domains = ["lab.test"]
                servers = ["127.0.0.1:{exchange.EndPoint.Port}"]
                target = "rcpt"
                tls = "none"
                """),
            policy, milter, socketmap);
        PostfixBuilder builder = new();
        builder.Main("relay_transport = discard:").Main(text
            .Replace("127.0.0.1:10040", policy.ToString(), StringComparison.Ordinal)
            .Replace("127.0.0.1:10050", milter.ToString(), StringComparison.Ordinal)
            .Replace("127.0.0.1:10060", socketmap.ToString(), StringComparison.Ordinal));
        int port = builder.Smtpd();
        await using PostfixInstance postfix = await builder.StartAsync();

        Assert.Equal((250, 250), await SendAsync(port, "alice@lab.test"));
        Assert.Equal(atData ? (250, 550) : (550, 0), await SendAsync(port, "nobody@lab.test"));
        // The builder's own value of the same parameter stands before: that warning is ours.
        Assert.DoesNotContain(postfix.ReadLog().Split('\n'), line =>
            line.Contains("warning:", StringComparison.Ordinal) && !line.Contains("overriding earlier entry", StringComparison.Ordinal));

        Assert.Equal(0, await daemon.StopAsync(TimeSpan.FromSeconds(20)));
        bool letsIn = text.Contains("default_action=accept", StringComparison.Ordinal) || text.Contains("default_action=DUNNO", StringComparison.Ordinal);
        (int rcpt, int end) = await SendAsync(port, "alice@lab.test");
        Assert.True(letsIn ? (rcpt, end) == (250, 250) : rcpt is >= 400 and < 500, $"{rcpt}, {end}\n{postfix.ReadLog()}");
    }

    /// <summary>The replies to RCPT, or to MAIL where that is refused already, and to the end of the message; 0 where it did not come to that.</summary>
    private static async Task<(int Rcpt, int End)> SendAsync(int port, string recipient)
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
        await client.EhloAsync();
        int code = (await client.MailAsync()).Code;
        if (code == 250)
            code = (await client.RcptAsync(recipient)).Code;
        return (code, code == 250 ? (await client.DataAsync("Subject: x\r\n\r\nHello\r\n")).Code : 0);
    }
}

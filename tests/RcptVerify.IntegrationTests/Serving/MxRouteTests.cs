using System.Globalization;
using System.Net;
using RcptVerify.TestKit.Dns;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>
/// The daemon as it runs, with mx = true: DNS on loopback, smtp-sink(1) on 127.0.0.2 as the mail server. 127.0.0.1 is this host.
/// </summary>
public sealed class MxRouteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TempFolder _folder = new();
    private readonly ScriptedDnsServer _dns = new();
    private readonly IPEndPoint _policy = new(IPAddress.Loopback, FreePort.Next());
    private readonly IPEndPoint _server = new(IPAddress.Parse("127.0.0.2"), FreePort.Next());
    private ChildProcess _sink = null!;
    private DaemonProcess _daemon = null!;

    public async ValueTask InitializeAsync()
    {
        _dns.SetMx("lab.test", 300, (10, "mail.lab.test"), (20, "gateway.lab.test")).SetAddresses("mail.lab.test", 300, "127.0.0.2")
            .SetAddresses("gateway.lab.test", 300, "127.0.0.1");
        _dns.SetMx("loop.test", 300, (10, "gateway.lab.test"), (20, "mail.lab.test"));
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "postfix"] : [];
        _sink = new("/usr/sbin/smtp-sink", [.. user, .. SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown").Options, _server.ToString(), "100"]);
        await Eventually.ListensAsync(_server, Patience, () => _sink.Output.Text, () => !_sink.HasExited);
        string configuration = DaemonConfiguration.On(_policy) + string.Create(CultureInfo.InvariantCulture, $"""

            [[route]]
            domains = ["lab.test", "loop.test"]
            mx = true
            mx_port = {_server.Port}
            dns_servers = ["{_dns.Endpoint}"]
            tls = "none"
            """);
        _daemon = await DaemonProcess.ServeAsync(_folder.Write("rcptverify.toml", configuration), _policy);
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        await _sink.DisposeAsync();
        await _dns.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_MX_host_is_asked_and_what_it_said_stands_while_it_is_down()
    {
        using PolicyClient client = await PolicyClient.ConnectAsync(_policy);
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync("nobody@lab.test"));
        await LogsAsync($"server=mail.lab.test[127.0.0.2]:{_server.Port}");

        _sink.Signal(UnixSignal.Kill);
        await _sink.WaitForExitAsync(Patience);
        for (int i = 0; i < 5; i++)
        {
            Assert.StartsWith("DEFER_IF_PERMIT 4.3.0", await client.AskAsync($"new{i}@lab.test"), StringComparison.Ordinal);
            Assert.Equal("550 5.1.1 User unknown", await client.AskAsync("nobody@lab.test"));
        }

        await LogsAsync("IS DOWN and is passed over");
        await LogsAsync("all servers of the route are down, next try in");
    }

    [Fact]
    public async Task A_domain_whose_best_MX_is_this_host_is_asked_nowhere()
    {
        using PolicyClient client = await PolicyClient.ConnectAsync(_policy);

        Assert.StartsWith("DEFER_IF_PERMIT 4.3.0", await client.AskAsync("nobody@loop.test"), StringComparison.Ordinal);
        await LogsAsync("no MX host is better than this host, gateway.lab.test");
    }

    /// <summary>The log is written beside the answers, a little later.</summary>
    private Task LogsAsync(string text) => Eventually.HoldsAsync(
        () => _daemon.Output.Text.Contains(text, StringComparison.Ordinal), $"\"{text}\" in the log", Patience, () => _daemon.Output.Text);
}

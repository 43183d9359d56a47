using System.Net;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Dns;
using RcptVerify.TestKit.Processes;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>
/// mx = true from DNS to the verdict, on loopback: 127.0.0.1 is an address of this host's interface and so ourselves, 127.0.0.2 and
/// up stand for other hosts.
/// </summary>
public sealed class MxProbeTests : ProbingTest
{
    private readonly ScriptedDnsServer _dns;
    private readonly int _port = FreePort.Next();
    private readonly ListLogger<SmtpProber> _log = new();

    public MxProbeTests() => _dns = Own(new ScriptedDnsServer());

    [Fact]
    public async Task The_best_MX_host_is_asked()
    {
        ScriptedSmtpServer best = ServerAt(2, "550 5.1.1 User unknown");
        ServerAt(3, "250 ok");
        _dns.SetMx("example.com", 300, (20, "b.example.com"), (10, "a.example.com"))
            .SetAddresses("a.example.com", 300, "127.0.0.2").SetAddresses("b.example.com", 300, "127.0.0.3");

        ProbeOutcome outcome = await ProbeAsync(Prober(), MxRoute(), "anna@example.com");

        Assert.Equal((VerdictStatus.Undeliverable, $"a.example.com[127.0.0.2]:{_port}"), (outcome.Status, outcome.Reply.Server));
        Assert.True(outcome.Reply.StillCountsFor(MxRoute()));
        Assert.Equal(1, best.Accepted);
    }

    [Fact]
    public async Task An_MX_host_that_cannot_be_reached_leaves_it_to_the_next()
    {
        ServerAt(3, "250 ok");
        _dns.SetMx("example.com", 300, (10, "a.example.com"), (20, "b.example.com"))
            .SetAddresses("a.example.com", 300, "127.0.0.2").SetAddresses("b.example.com", 300, "127.0.0.3");

        ProbeOutcome outcome = await ProbeAsync(Prober(), MxRoute(), "anna@example.com");

        Assert.Equal((VerdictStatus.Deliverable, $"b.example.com[127.0.0.3]:{_port}"), (outcome.Status, outcome.Reply.Server));
    }

    [Fact]
    public async Task An_MX_host_that_is_this_host_is_never_asked()
    {
        ScriptedSmtpServer ourselves = ServerAt(1, "250 ok");
        _dns.SetMx("example.com", 300, (10, "mail.example.com")).SetAddresses("mail.example.com", 300, "127.0.0.1");

        ProbeOutcome outcome = await ProbeAsync(Prober(log: _log), MxRoute(), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, 0), (outcome.Status, outcome.Scope, ourselves.Accepted));
        (int id, string text) = Assert.Single(_log.Lines);
        Assert.Equal(EventIds.NoMx, id);
        Assert.StartsWith("route example.com: domain=example.com has no server to ask: no MX host is better than this host, mail.example.com", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nullmx.example", "the domain accepts no mail (null MX)")]
    [InlineData("missing.example", "DNS knows no such domain")]
    [InlineData("broken.example", "MX lookup: DNS server says ServerFailure")]
    [InlineData("[127.0.0.2]", "an address literal has no MX")]
    public async Task Where_DNS_names_nobody_the_recipient_is_unknown_and_never_refused(string domain, string reason)
    {
        _dns.SetMx("nullmx.example", 300, (0, ".")).Fail("broken.example");

        ProbeOutcome outcome = await ProbeAsync(Prober(), MxRoute(domain), $"anna@{domain}");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, reason), (outcome.Status, outcome.Scope, outcome.Reply.Text));
    }

    [Fact]
    public async Task Where_strangers_choose_the_domain_nobody_on_a_private_network_is_asked()
    {
        ScriptedSmtpServer hidden = ServerAt(2, "250 ok");
        _dns.SetMx("stranger.example", 300, (10, "a.stranger.example")).SetAddresses("a.stranger.example", 300, "127.0.0.2");
        Route route = new(["*"], [], []) { Probe = Settings, Mx = Mx with { PublicOnly = true } };

        ProbeOutcome outcome = await ProbeAsync(Prober(), route, "anna@stranger.example");

        Assert.Equal((VerdictStatus.Unknown, 0), (outcome.Status, hidden.Accepted));
        Assert.Equal("its MX hosts have no public address, and mx_any_domain asks no others", outcome.Reply.Text);
    }

    [Fact]
    public async Task The_stage_is_measured_at_MX_hosts_too()
    {
        ServerAt(2, "550 5.1.1 User unknown");
        _dns.SetAddresses("example.com", 300, "127.0.0.2");
        Route route = new(["example.com"], [], []) { Probe = Settings, Mx = Mx, Target = ProbeTarget.Auto };

        ProbeOutcome outcome = await ProbeAsync(Prober(), route, "anna@example.com");

        Assert.Equal((VerdictStatus.Undeliverable, ProbeTarget.Rcpt), (outcome.Status, outcome.Reply.Target));
    }

    private MxSettings Mx => new() { Port = _port, DnsServers = [_dns.Endpoint], OwnNames = ["mx1.example.net"] };

    private Route MxRoute(string domain = "example.com") => new([domain], [], []) { Probe = Settings, Mx = Mx };

    private ScriptedSmtpServer ServerAt(byte last, string reply) =>
        ServerForEach(c => c.ServeAsync(_ => Task.FromResult(reply)), new IPEndPoint(new IPAddress([127, 0, 0, last]), _port));
}

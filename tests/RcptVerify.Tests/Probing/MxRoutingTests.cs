using System.Net;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Which of a domain's MX hosts may be asked: never ourselves, and no private network where strangers choose.</summary>
public sealed class MxRoutingTests
{
    private static readonly HashSet<IPAddress> Own = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")];

    [Theory]
    [InlineData("mx1.example.com", "198.51.100.9")] // by name
    [InlineData("other.example.com", "192.0.2.1")] // by address
    [InlineData("other.example.com", "2001:db8::1")]
    [InlineData("other.example.com", "::ffff:192.0.2.1")]
    public void This_host_and_all_no_better_than_it_are_left_out(string ourName, string ourAddress)
    {
        IReadOnlyList<ServerEndpoint> servers = Servers(
            new(), Host(5, "exchange.example.com", "192.0.2.50"), Host(10, ourName, ourAddress), Host(10, "mx2.example.com", "192.0.2.2"),
            Host(20, "backup.example.com", "192.0.2.3"));

        Assert.Equal(["exchange.example.com[192.0.2.50]:25"], servers.Select(s => s.Name));
    }

    [Fact]
    public void Where_nobody_is_better_than_this_host_the_reason_is_told()
    {
        MxAnswer answer = Answer(Host(10, "mx1.example.com", "198.51.100.9"), Host(20, "backup.example.com", "192.0.2.3"));

        Assert.Empty(MxRouting.Servers(answer, Settings(new()), Own, out string trouble));
        Assert.StartsWith("no MX host is better than this host, mx1.example.com with preference 10", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_is_connected_to_by_its_address_and_known_by_its_name()
    {
        ServerEndpoint server = Assert.Single(Servers(new() { Port = 2525 }, Host(5, "exchange.example.com", "2001:db8::50")));

        Assert.Equal(("2001:db8::50", 2525, "exchange.example.com"), (server.Host, server.Port, server.TlsName));
        Assert.Equal("exchange.example.com[2001:db8::50]:2525", server.Name);
    }

    [Fact]
    public void Where_strangers_choose_the_domain_private_addresses_are_left_out()
    {
        MxHost mixed = Host(5, "mx.stranger.example", "10.0.0.1", "::ffff:127.0.0.1", "8.8.8.8", "fd00::1", "2a00:1450::1");

        Assert.Equal(["8.8.8.8", "2a00:1450::1"], Servers(new() { PublicOnly = true }, mixed).Select(s => s.Host));
        Assert.Equal(5, Servers(new(), mixed).Count);
        Assert.Empty(MxRouting.Servers(Answer(Host(5, "m.example", "192.168.1.1")), Settings(new() { PublicOnly = true }), Own, out string trouble));
        Assert.Equal("its MX hosts have no public address, and mx_any_domain asks no others", trouble);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.2")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2001:0:a00:1::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("ff02::1")]
    public void An_address_that_is_not_public_is_known_as_such(string address) => Assert.False(MxNetworks.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2001:4860::1")]
    [InlineData("2a00::1")]
    public void A_public_address_is_known_as_such(string address) => Assert.True(MxNetworks.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public void This_hosts_own_addresses_hold_the_loopback_ones() =>
        Assert.Contains(IPAddress.Loopback, new MxOwnAddresses(TimeProvider.System).Now);

    [Fact]
    public void A_verdict_counts_while_the_route_asks_by_DNS_whichever_host_gave_it()
    {
        Route mx = new(["example.com"], [], []) { Mx = new(), Probe = ProbingTest.Settings };
        Route servers = ProbingTest.RouteTo(ProbingTest.Settings, new ServerEndpoint("ex1.example.com", 25));
        string found = new ServerEndpoint("192.0.2.50", 25, "ex1.example.com").Name;

        Assert.True(mx.MayHaveAsked(found, ProbeTarget.Rcpt));
        Assert.False(servers.MayHaveAsked(found, ProbeTarget.Rcpt));
        Assert.False(mx.MayHaveAsked("ex1.example.com:25", ProbeTarget.Rcpt));
        Assert.False(mx.MayHaveAsked("[2001:db8::1]:25", ProbeTarget.Rcpt));
        Assert.False(mx.MayHaveAsked(new ServerEndpoint("192.0.2.50", 2525, "ex1.example.com").Name, ProbeTarget.Rcpt));
        Assert.False(mx.MayHaveAsked(found, ProbeTarget.Data));
    }

    private static MxHost Host(int preference, string name, params string[] addresses) => new(preference, name, [.. addresses.Select(IPAddress.Parse)]);

    private static MxAnswer Answer(params MxHost[] hosts) => new(MxResult.Found, hosts, "", TimeSpan.FromMinutes(5));

    private static MxSettings Settings(MxSettings settings) => settings with { OwnNames = ["mx1.example.com"] };

    private static IReadOnlyList<ServerEndpoint> Servers(MxSettings settings, params MxHost[] hosts) =>
        MxRouting.Servers(Answer(hosts), Settings(settings), Own, out _);
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Dns;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Which next hops become routes, and what becomes of them: never one to a host outside the networks.</summary>
public sealed class NextHopsTests : ProbingTest
{
    private readonly ScriptedDnsServer _dns;
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, Func<IPAddress[]>> _hosts = new();
    private readonly ConcurrentQueue<string> _resolved = new();
    private readonly NextHops _hops;

    public NextHopsTests()
    {
        _dns = Own(new ScriptedDnsServer());
        _hops = new(_time, NullLogger.Instance, mx => new MxDnsClient(mx.DnsServers), ResolveAsync) { Settings = Allow("10.0.0.0/8", "fd00::/8") };
    }

    [Theory]
    [InlineData("[10.1.2.3]:2525", "[10.1.2.3]:2525", "10.1.2.3[10.1.2.3]:2525")]
    [InlineData("[10.1.2.3]", "[10.1.2.3]:25", "10.1.2.3[10.1.2.3]:25")]
    [InlineData("10.1.2.3:26", "[10.1.2.3]:26", "10.1.2.3[10.1.2.3]:26")]
    [InlineData("[::ffff:10.1.2.3]", "[::ffff:10.1.2.3]:25", "::ffff:10.1.2.3[10.1.2.3]:25")]
    [InlineData("[IPv6:fd00::5]:26", "[fd00::5]:26", "fd00::5[fd00::5]:26")]
    public async Task An_address_inside_is_asked(string nextHop, string route, string server)
    {
        Route found = (await FindAsync(nextHop))!;

        Assert.Equal((route, true), (found.Name, found.IsByNextHop));
        Assert.Equal([server], found.Servers.Select(s => s.Name));
        Assert.Same(found, await FindAsync(nextHop));
    }

    [Theory]
    [InlineData("[11.0.0.1]:2525")]
    [InlineData("[9.255.255.255]")]
    [InlineData("127.0.0.1:25")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[fe80::1]")]
    [InlineData("example.com")]
    [InlineData("[10.1.2.3]\0")]
    [InlineData("[10.1.2.3%]")]
    [InlineData("User unknown in virtual alias table")]
    public async Task Outside_and_nonsense_are_not(string nextHop) => Assert.Null(await FindAsync(nextHop));

    [Fact]
    public async Task A_name_is_connected_to_by_its_addresses_if_all_of_them_lie_inside()
    {
        Resolve("ex.corp.example", "10.0.0.1", "fd00::1");
        Resolve("half.corp.example", "10.0.0.1", "192.0.2.1");
        Resolve("none.corp.example");

        Route route = (await FindAsync("[EX.corp.example]:2525"))!;

        Assert.Equal([("10.0.0.1", 2525, "ex.corp.example"), ("fd00::1", 2525, "ex.corp.example")], route.Servers.Select(s => (s.Host, s.Port, s.TlsName)));
        Assert.Null(await FindAsync("[half.corp.example]"));
        Assert.Null(await FindAsync("[none.corp.example]"));
        Assert.Null(await FindAsync("[missing.corp.example]"));
        Assert.DoesNotContain(_dns.Queries, q => q.StartsWith("MX", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_without_brackets_has_its_MX_hosts_asked_as_Postfix_does()
    {
        _dns.SetMx("corp.example", 300, (20, "b.corp.example"), (10, "a.corp.example"))
            .SetAddresses("a.corp.example", 300, "10.0.0.1").SetAddresses("b.corp.example", 300, "10.0.0.2");
        _dns.SetMx("half.example", 300, (10, "in.half.example"), (20, "out.half.example"))
            .SetAddresses("in.half.example", 300, "10.0.0.1").SetAddresses("out.half.example", 300, "192.0.2.1");
        Resolve("corp.example", "10.9.9.9");

        Route route = (await FindAsync("corp.example:2525"))!;

        Assert.Equal(["a.corp.example[10.0.0.1]:2525", "b.corp.example[10.0.0.2]:2525"], route.Servers.Select(s => s.Name));
        Assert.Null(await FindAsync("half.example:2525"));
        Assert.Null(await FindAsync("missing.example:2525"));
        Assert.Empty(_resolved);
    }

    [Fact]
    public async Task A_name_without_a_dot_has_no_MX_hosts()
    {
        Resolve("exchange", "10.0.0.7");
        Assert.Equal(["exchange[10.0.0.7]:2525"], (await FindAsync("exchange:2525"))!.Servers.Select(s => s.Name));
        Assert.Empty(_dns.Queries);
    }

    [Fact]
    public async Task A_name_is_looked_up_again_when_its_time_is_over_and_has_the_same_route_while_its_addresses_stay()
    {
        Resolve("ex.corp.example", "10.0.0.1", "10.0.0.2");
        Route first = (await FindAsync("[ex.corp.example]"))!;
        Resolve("ex.corp.example", "10.0.0.2", "10.0.0.1");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(first, await FindAsync("[ex.corp.example]"));
        Assert.Equal(2, _resolved.Count);

        Resolve("ex.corp.example", "10.0.0.3");
        Assert.Same(first, await FindAsync("[ex.corp.example]"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["ex.corp.example[10.0.0.3]:25"], (await FindAsync("[ex.corp.example]"))!.Servers.Select(s => s.Name));

        Resolve("ex.corp.example", "192.0.2.3");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await FindAsync("[ex.corp.example]"));
    }

    [Fact]
    public async Task While_lookups_fail_the_last_answer_counts_for_a_day_and_a_name_never_seen_has_no_route()
    {
        Resolve("ex.corp.example", "10.0.0.1");
        Route route = (await FindAsync("[ex.corp.example]"))!;
        _hosts["ex.corp.example"] = _hosts["new.corp.example"] = () => throw new SocketException((int)SocketError.TryAgain);

        _time.Advance(TimeSpan.FromHours(23));
        Assert.Same(route, await FindAsync("[ex.corp.example]"));
        Assert.Null(await FindAsync("[new.corp.example]"));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await FindAsync("[ex.corp.example]"));
    }

    [Fact]
    public async Task A_caller_waits_no_longer_than_it_can()
    {
        TaskCompletionSource<IPAddress[]> slow = new();
        NextHops hops = new(_time, NullLogger.Instance, _ => throw new InvalidOperationException(), (_, _) => slow.Task) { Settings = null };
        Assert.Null(await hops.FindAsync("[slow.corp.example]"u8.ToArray(), TimeSpan.FromSeconds(3)));
        hops = new(_time, NullLogger.Instance, mx => new MxDnsClient(mx.DnsServers), (_, _) => slow.Task) { Settings = Allow("10.0.0.0/8") };

        Task<Route?> answer = hops.FindAsync("[slow.corp.example]"u8.ToArray(), TimeSpan.FromSeconds(3)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Null(await InTime(answer));
    }

    [Fact]
    public async Task New_settings_forget_what_the_old_ones_allowed()
    {
        Route route = (await FindAsync("[10.1.2.3]"))!;
        _hops.Settings = Allow("10.0.0.0/8");
        Route again = (await FindAsync("[10.1.2.3]"))!;
        Assert.NotSame(route, again);
        _hops.Settings = Allow("10.2.0.0/16");
        Assert.Null(await FindAsync("[10.1.2.3]"));
        _hops.Settings = Allow();
        Assert.Null(_hops.Settings);
        Assert.Null(await FindAsync("[10.2.0.1]"));
    }

    [Fact]
    public async Task No_more_are_remembered_than_there_is_room_for()
    {
        Route first = (await FindAsync("[10.0.0.1]:1"))!;
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int port = 1; port <= NextHops.MaxKept + 10; port++)
            Assert.NotNull(await FindAsync($"[10.9.9.9]:{port}"));
        Assert.NotSame(first, await FindAsync("[10.0.0.1]:1"));
    }

    [Fact]
    public void One_that_is_known_costs_nothing()
    {
        ReadOnlyMemory<byte> hop = "[10.1.2.3]:2525"u8.ToArray();
        ReadOnlyMemory<byte> outside = "[192.0.2.3]:2525"u8.ToArray();
        Assert.NotNull(AtOnce(hop));
        Assert.Null(AtOnce(outside));

        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.NotNull(AtOnce(hop));
                Assert.Null(AtOnce(outside));
            }
        }));

        Route? AtOnce(ReadOnlyMemory<byte> nextHop)
        {
            ValueTask<Route?> answer = _hops.FindAsync(nextHop, TimeSpan.Zero);
            Assert.True(answer.IsCompletedSuccessfully);
            return answer.Result;
        }
    }

    [Fact]
    public async Task A_server_that_was_forgotten_meanwhile_is_a_new_one_and_past_the_limit_there_is_none()
    {
        Backends backends = Own(new Backends(new SmtpPoolLimits(), _time, NullLogger.Instance, null));
        ProbeRouter router = new(backends, _time, NullLogger.Instance);
        Route route = (await FindAsync("[10.1.2.3]:2525"))!;
        Backend first = Assert.Single((await WayAsync()).Backends);
        Assert.Same(first, Assert.Single((await WayAsync()).Backends));

        _time.Advance(Backends.MinRest);
        for (int port = 1; port <= MxLimits.MaxServersKept; port++)
            Assert.NotNull(backends.Find(new ServerEndpoint("10.0.0.1", port, "ex.corp.example"), Settings));
        ProbeWay full = await WayAsync();
        Assert.Equal((0, "too many servers are being asked"), (full.Backends.Count, full.Trouble!.Reply.Text));
        _time.Advance(Backends.MinRest);
        Assert.NotSame(first, Assert.Single((await WayAsync()).Backends));

        ValueTask<ProbeWay> WayAsync() => router.FindAsync(Address("user@elsewhere.example"), route, new ProbeBudget(_time, TimeSpan.FromSeconds(15)));
    }

    private NextHopSettings Allow(params string[] networks) => new()
    {
        Networks = [.. networks.Select(n => IPNetwork.Parse(n))],
        Mx = new() { DnsServers = [_dns.Endpoint] },
        Route = (name, servers) => new Route([name], servers, []) { Probe = Settings, IsByNextHop = true },
    };

    private void Resolve(string host, params string[] addresses) => _hosts[host] = () => [.. addresses.Select(IPAddress.Parse)];

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        _resolved.Enqueue(host);
        return _hosts.TryGetValue(host, out Func<IPAddress[]>? addresses)
            ? Task.Run(addresses, cancellationToken)
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    private Task<Route?> FindAsync(string nextHop) => InTime(_hops.FindAsync(Encoding.UTF8.GetBytes(nextHop), TimeSpan.FromSeconds(10)).AsTask());
}

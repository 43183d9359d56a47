using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.TestKit.Dns;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>What DNS says of a domain's mail servers, asked of a DNS server on loopback; how long it counts is up to a clock in the test's hand.</summary>
public sealed class MxLookupTests : ProbingTest
{
    private const string Domain = "example.com";

    private readonly ScriptedDnsServer _dns;
    private readonly FakeTimeProvider _time = new();
    private readonly MxCache _cache;

    public MxLookupTests()
    {
        _dns = Own(new ScriptedDnsServer());
        _cache = new MxCache(new MxDnsClient([_dns.Endpoint]), _time);
    }

    [Fact]
    public async Task MX_hosts_come_by_preference_with_IPv4_before_IPv6()
    {
        _dns.SetMx(Domain, 300, (20, "b.example.com"), (10, "A.example.com"))
            .SetAddresses("a.example.com", 300, "2001:db8::1", "192.0.2.1", "192.0.2.2").SetAddresses("b.example.com", 300, "192.0.2.3");

        MxAnswer answer = await FindAsync();

        Assert.Equal(MxResult.Found, answer.Result);
        Assert.Equal(["10 a.example.com 192.0.2.1 192.0.2.2 2001:db8::1", "20 b.example.com 192.0.2.3"], answer.Hosts.Select(Text));
    }

    [Fact]
    public async Task Hosts_of_one_preference_come_in_any_order()
    {
        _dns.SetMx(Domain, 300, [.. Enumerable.Range(1, 8).Select(i => ((ushort)10, $"m{i}.example.com"))]);
        foreach (int i in Enumerable.Range(1, 8))
            _dns.SetAddresses($"m{i}.example.com", 300, $"192.0.2.{i}");

        HashSet<string> firsts = [];
        for (int i = 0; i < 20; i++)
        {
            firsts.Add((await FindAsync()).Hosts[0].Name);
            _time.Advance(TimeSpan.FromSeconds(301));
        }

        Assert.True(firsts.Count > 1, "the same host came first 20 times");
    }

    [Fact]
    public async Task Without_MX_records_the_domain_itself_is_asked()
    {
        _dns.SetAddresses(Domain, 300, "192.0.2.7");

        Assert.Equal(["0 example.com 192.0.2.7"], (await FindAsync()).Hosts.Select(Text));
    }

    [Fact]
    public async Task A_null_MX_says_that_nobody_is_to_be_asked()
    {
        _dns.SetMx(Domain, 300, (0, ".")).SetAddresses(Domain, 300, "192.0.2.7");

        MxAnswer answer = await FindAsync();

        Assert.Equal((MxResult.NullMx, "the domain accepts no mail (null MX)"), (answer.Result, answer.Text));
    }

    [Fact]
    public async Task A_domain_that_does_not_exist_is_told_from_one_without_addresses()
    {
        _dns.SetMx("empty.example", 300, (10, "nowhere.example"));

        Assert.Equal(MxResult.NoSuchDomain, (await FindAsync("missing.example")).Result);
        Assert.Equal(MxResult.NoAddress, (await FindAsync("empty.example")).Result);
    }

    [Fact]
    public async Task A_DNS_server_in_trouble_is_trouble()
    {
        _dns.Fail(Domain);

        MxAnswer answer = await FindAsync();

        Assert.Equal((MxResult.Trouble, "MX lookup: DNS server says ServerFailure"), (answer.Result, answer.Text));
    }

    [Fact]
    public async Task A_DNS_server_that_is_silent_costs_a_caller_no_more_than_his_patience()
    {
        _dns.Fail(Domain, -1);

        Task<MxAnswer> lookup = _cache.FindAsync(Domain, TimeSpan.FromSeconds(1)).AsTask();
        await UntilAsync(() => _dns.CountOf($"MX {Domain}") > 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        MxAnswer answer = await InTime(lookup);

        Assert.Equal((MxResult.Trouble, "no answer from DNS in time"), (answer.Result, answer.Text));
    }

    [Fact]
    public async Task An_MX_host_whose_address_is_not_to_be_had_leaves_the_others()
    {
        _dns.SetMx(Domain, 3600, (10, "a.example.com"), (20, "b.example.com")).Fail("a.example.com").SetAddresses("b.example.com", 3600, "192.0.2.3");

        MxAnswer answer = await FindAsync();

        Assert.Equal(["10 a.example.com", "20 b.example.com 192.0.2.3"], answer.Hosts.Select(Text));
        Assert.Equal(MxLimits.MinLife, answer.Life); // the other one may be back soon
    }

    [Theory]
    [InlineData("evil host.example")]
    [InlineData("a]:25 x.example")]
    [InlineData("a\u001b[2J.example")]
    public async Task A_host_name_that_is_none_is_dropped(string host)
    {
        _dns.SetMx(Domain, 300, (10, host), (20, "b.example.com")).SetAddresses(host, 300, "192.0.2.1").SetAddresses("b.example.com", 300, "192.0.2.3");

        Assert.Equal(["b.example.com"], (await FindAsync()).Hosts.Select(h => h.Name));
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_over_TCP()
    {
        _dns.Truncates = true;
        _dns.SetMx(Domain, 300, (10, "a.example.com")).SetAddresses("a.example.com", 300, "192.0.2.1");

        Assert.Equal(["10 a.example.com 192.0.2.1"], (await FindAsync()).Hosts.Select(Text));
        Assert.Equal(1, _dns.CountOf($"tcp MX {Domain}"));
    }

    [Theory]
    [InlineData(300, 300)]
    [InlineData(0, 30)]
    [InlineData(86_400, 3600)]
    public async Task An_answer_counts_for_its_time_to_live_within_limits(int ttl, int counts)
    {
        _dns.SetMx(Domain, 999_999, (10, "a.example.com")).SetAddresses("a.example.com", ttl, "192.0.2.1");

        await FindAsync();
        _time.Advance(TimeSpan.FromSeconds(counts) - TimeSpan.FromMilliseconds(1));
        await FindAsync();
        Assert.Equal(1, _dns.CountOf($"MX {Domain}"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await FindAsync();
        Assert.Equal(2, _dns.CountOf($"MX {Domain}"));
    }

    [Fact]
    public async Task All_who_wait_for_a_domain_wait_for_one_lookup()
    {
        _dns.SetMx(Domain, 300, (10, "a.example.com")).SetAddresses("a.example.com", 300, "192.0.2.1");

        MxAnswer[] answers = await InTime(Task.WhenAll(Enumerable.Range(0, 100).Select(_ => FindAsync())));

        Assert.All(answers, answer => Assert.Equal(MxResult.Found, answer.Result));
        Assert.Equal(["A a.example.com", "AAAA a.example.com", $"MX {Domain}"], _dns.Queries.Order());
    }

    [Fact]
    public async Task While_DNS_fails_its_last_answer_counts_for_a_day()
    {
        _dns.SetMx(Domain, 300, (10, "a.example.com")).SetAddresses("a.example.com", 300, "192.0.2.1");
        await FindAsync();
        _dns.Fail(Domain);

        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(["10 a.example.com 192.0.2.1"], (await FindAsync()).Hosts.Select(Text));
        int asked = _dns.CountOf($"MX {Domain}");
        await FindAsync();
        Assert.Equal(asked, _dns.CountOf($"MX {Domain}")); // and DNS is left alone for a moment
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(MxResult.Trouble, (await FindAsync()).Result);

        _dns.Heal(Domain);
        _time.Advance(MxLimits.TroubleLife);
        Assert.Equal(MxResult.Found, (await FindAsync()).Result);
    }

    [Fact]
    public async Task A_domain_that_is_gone_is_gone_at_once()
    {
        _dns.SetMx(Domain, 300, (10, "a.example.com")).SetAddresses("a.example.com", 300, "192.0.2.1");
        await FindAsync();
        _dns.Fail(Domain, 3);
        _time.Advance(TimeSpan.FromSeconds(300));

        Assert.Equal(MxResult.NoSuchDomain, (await FindAsync()).Result);
    }

    [Fact]
    public async Task No_more_domains_are_remembered_than_there_is_room_for()
    {
        MxCache cache = new(new NoSuchDomains(), _time);
        for (int i = 0; i < MxLimits.MaxDomains + 100; i++)
            await cache.FindAsync($"d{i}.example", TimeSpan.FromSeconds(5));

        Assert.InRange(cache.Count, MxLimits.MaxDomains / 2, MxLimits.MaxDomains);
    }

    private static string Text(MxHost host) => string.Join(' ', [$"{host.Preference}", host.Name, .. host.Addresses.Select(a => a.ToString())]);

    private Task<MxAnswer> FindAsync(string domain = Domain) => InTime(_cache.FindAsync(domain, TimeSpan.FromSeconds(10)).AsTask());

    private sealed class NoSuchDomains : IMxDns
    {
        public Task<MxDnsAnswer> QueryAsync(string name, MxDnsType type, CancellationToken cancellationToken) =>
            Task.FromResult(new MxDnsAnswer(MxDnsStatus.NoSuchName));
    }
}

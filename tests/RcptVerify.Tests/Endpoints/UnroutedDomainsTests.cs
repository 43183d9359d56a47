using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.TestKit;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

public sealed class UnroutedDomainsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly UnroutedDomains _domains;

    public UnroutedDomainsTests() => _domains = new(_time);

    [Fact]
    public void Each_domain_is_told_of_once_an_hour()
    {
        string[] asked = ["a.example", "a.example", "b.example", "a.example"];
        Assert.Equal([true, false, true, false], asked.Select(MayTell));
        _time.Advance(UnroutedDomains.Interval - TimeSpan.FromSeconds(1));
        Assert.False(MayTell("a.example"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(MayTell("a.example"));
        Assert.False(MayTell("a.example"));
    }

    [Fact]
    public void Domains_without_end_cost_no_memory_without_end_and_make_place_in_time()
    {
        int told = Enumerable.Range(0, 10 * UnroutedDomains.MaxDomains).Count(i => MayTell($"d{i}.example"));
        Assert.Equal(UnroutedDomains.MaxDomains, told);

        _time.Advance(UnroutedDomains.Interval);
        Assert.True(MayTell("new.example"));
        Assert.True(MayTell("newer.example"));
    }

    [Fact]
    public void A_domain_that_was_told_of_costs_nothing()
    {
        byte[] domain = "a.example"u8.ToArray();
        _domains.MayTell(domain);
        bool told = false;
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                told |= _domains.MayTell(domain);
        }));
        Assert.False(told);
    }

    private bool MayTell(string domain) => _domains.MayTell(Encoding.ASCII.GetBytes(domain));
}

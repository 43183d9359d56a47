using System.Text;
using RcptVerify.Caching;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

public sealed class PendingVerdictsTests
{
    [Fact]
    public void Of_one_address_the_newest_waits_and_the_oldest_addresses_give_way()
    {
        PendingVerdicts pending = new(capacity: 2);
        Assert.True(pending.Add(Verdict("a@example.com"), out bool lost));
        Assert.False(lost);
        Verdict newer = Verdict("a@example.com", VerdictStatus.Undeliverable);
        Assert.False(pending.Add(newer, out _));
        Assert.False(pending.Add(Verdict("b@example.com"), out lost));
        Assert.False(lost);
        Assert.True(pending.TryGet(Key("a@example.com"), out Verdict? found));
        Assert.Same(newer, found);

        pending.Add(Verdict("c@example.com"), out lost);
        Assert.True(lost);
        Assert.Equal(["b@example.com", "c@example.com"], Addresses(pending.Take()));
    }

    [Fact]
    public void Those_being_written_are_found_until_they_are_written()
    {
        PendingVerdicts pending = new(capacity: 2);
        pending.Add(Verdict("a@example.com"), out _);
        pending.Take();
        Assert.False(pending.Any);
        Assert.True(pending.TryGet(Key("a@example.com"), out _));
        pending.Written();
        Assert.False(pending.TryGet(Key("a@example.com"), out _));
    }

    [Fact]
    public void Those_that_could_not_be_written_wait_again_but_not_in_place_of_newer_ones()
    {
        PendingVerdicts pending = new(capacity: 3);
        pending.Add(Verdict("a@example.com"), out _);
        pending.Add(Verdict("b@example.com"), out _);
        pending.Take();
        Verdict newer = Verdict("b@example.com", VerdictStatus.Undeliverable);
        pending.Add(newer, out _);
        pending.Add(Verdict("c@example.com"), out _);
        pending.Add(Verdict("d@example.com"), out _);

        Assert.Equal(1, pending.PutBack());
        Assert.Equal(["b@example.com", "c@example.com", "d@example.com"], Addresses(pending.Take()));
        Assert.True(pending.TryGet(Key("b@example.com"), out Verdict? found));
        Assert.Same(newer, found);
    }

    [Fact]
    public void A_purge_forgets_what_came_before_it_and_nothing_that_comes_after()
    {
        PendingVerdicts pending = new(capacity: 9);
        pending.Add(Verdict("a@example.com"), out _);
        pending.Add(Verdict("b@example.org"), out _);
        pending.AddPurge(PurgeScope.OfDomain("Example.COM")!);
        Assert.False(pending.TryGet(Key("a@example.com"), out _));
        Assert.True(pending.Forgets(Verdict("c@example.com")));
        pending.Add(Verdict("c@example.com"), out _);

        PendingChanges taken = pending.Take();
        Assert.Equal(["b@example.org", "c@example.com"], Addresses(taken));
        Assert.Equal("example.com", Assert.Single(taken.Purges).ToString());
    }

    [Fact]
    public void What_is_forgotten_while_it_is_being_written_does_not_come_back_when_that_fails()
    {
        PendingVerdicts pending = new(capacity: 9);
        pending.Add(Verdict("a@example.com"), out _);
        pending.Add(Verdict("b@example.com"), out _);
        pending.Take();
        pending.AddRemoval(Key("a@example.com"), out _);
        Assert.True(pending.TryGet(Key("a@example.com"), out Verdict? found));
        Assert.Null(found);
        pending.AddPurge(PurgeScope.All);
        Assert.True(pending.TryGet(Key("b@example.com"), out found));
        Assert.Null(found);

        Assert.Equal(0, pending.PutBack());
        PendingChanges taken = pending.Take();
        Assert.Empty(taken.Verdicts);
        Assert.Single(taken.Purges);
    }

    [Theory]
    [InlineData("example.com", true, false)]
    [InlineData(".example.com", false, true)]
    [InlineData("ample.com", false, false)]
    [InlineData(".com", true, true)]
    public void A_scope_covers_a_domain_or_its_subdomains(string domain, bool itself, bool subdomain)
    {
        PurgeScope scope = PurgeScope.OfDomain(domain)!;
        Assert.Equal(itself, scope.Covers(Verdict("a@example.com")));
        Assert.Equal(subdomain, scope.Covers(Verdict("a@mail.example.com")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("exa mple")]
    [InlineData("%")]
    public void What_is_no_domain_is_no_scope(string domain) => Assert.Null(PurgeScope.OfDomain(domain));

    private static IEnumerable<string> Addresses(PendingChanges changes) => changes.Verdicts.Select(v => Encoding.UTF8.GetString(v.Address));
}

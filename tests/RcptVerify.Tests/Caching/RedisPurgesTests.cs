using RcptVerify.Caching;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

public sealed class RedisPurgesTests
{
    private static readonly long Now = Start.ToUnixTimeMilliseconds();
    private readonly RedisPurges _purges = new(max: 2);

    [Theory]
    [InlineData("all")]
    [InlineData("negatives")]
    [InlineData("domain:example.com")]
    public void A_scope_has_one_name(string field) => Assert.Equal(field, RedisPurges.FieldOf(RedisPurges.ScopeOf(field)!));

    [Theory]
    [InlineData("")]
    [InlineData("ALL")]
    [InlineData("domain:")]
    [InlineData("domain:not a domain")]
    public void What_is_no_scope_is_passed_over(string field) => Assert.Null(RedisPurges.ScopeOf(field));

    [Fact]
    public void Only_a_later_purge_is_news()
    {
        Assert.NotNull(_purges.Add(PurgeScope.All, 5));
        Assert.Null(_purges.Add(PurgeScope.All, 5));
        Assert.Null(_purges.Add(PurgeScope.All, 4));
        Assert.NotNull(_purges.Add(PurgeScope.All, 6));
        Assert.Equal([("all", 6L)], _purges.List());
    }

    [Fact]
    public void It_covers_what_was_asked_before_it_by_the_clock_of_Redis()
    {
        Verdict verdict = Verdict("user@example.com");
        verdict.Asked = Now;
        _purges.Add(PurgeScope.OfDomain("example.com")!, Now + 60_000);
        Assert.True(_purges.Cover(verdict, 0));
        Assert.True(_purges.Cover(verdict, 60_000));
        Assert.False(_purges.Cover(verdict, 60_001));
        Verdict elsewhere = Verdict("user@example.net");
        elsewhere.Asked = Now;
        Assert.False(_purges.Cover(elsewhere, 0));
    }

    [Fact]
    public void A_purge_of_negatives_leaves_known_goods_alone()
    {
        Verdict good = Verdict("user@example.com");
        Verdict bad = Verdict("user@example.com", VerdictStatus.Undeliverable);
        (good.Asked, bad.Asked) = (Now, Now);
        _purges.Add(PurgeScope.Negatives, Now);
        Assert.False(_purges.Cover(good, 0));
        Assert.True(_purges.Cover(bad, 0));
    }

    [Fact]
    public void One_domain_too_many_is_a_purge_of_everything()
    {
        Assert.Equal(PurgeKind.Domain, _purges.Add(PurgeScope.OfDomain("a.example")!, 1)!.Kind);
        Assert.Equal(PurgeKind.Domain, _purges.Add(PurgeScope.OfDomain("b.example")!, 2)!.Kind);
        Assert.Equal(PurgeKind.All, _purges.Add(PurgeScope.OfDomain("c.example")!, 3)!.Kind);
        Assert.Equal(PurgeKind.Domain, _purges.Add(PurgeScope.OfDomain("a.example")!, 4)!.Kind);
        Assert.Equal(3, _purges.List().Count());
    }
}

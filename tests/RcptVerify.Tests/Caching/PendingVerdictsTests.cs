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

    private static IEnumerable<string> Addresses(IEnumerable<Verdict> verdicts) => verdicts.Select(v => Encoding.UTF8.GetString(v.Address));
}

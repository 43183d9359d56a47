using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class RefusalGuardTests
{
    private const long Minute = 60_000;
    private const long Start = 1_800_000_000_000;
    private readonly RefusalGuard _guard = new();

    [Fact]
    public void The_fifth_known_good_refused_ends_the_trust()
    {
        Assert.Equal(
            [TrustChange.None, TrustChange.None, TrustChange.None, TrustChange.None, TrustChange.Lost, TrustChange.None],
            Enumerable.Range(0, 6).Select(i => Refused(Start + i)));
        Assert.True(_guard.IsDistrusted);
    }

    [Fact]
    public void A_refused_canary_is_enough_and_its_acceptance_ends_it()
    {
        Assert.Equal(TrustChange.None, _guard.ObserveCanary(refused: false, Start));
        Assert.Equal(TrustChange.Lost, _guard.ObserveCanary(refused: true, Start));
        Assert.Equal(TrustChange.None, _guard.ObserveCanary(refused: true, Start + Minute));
        Assert.Equal(TrustChange.None, _guard.Observe(knownGood: false, refused: true, Start + 11 * Minute - 1)); // the second one prolonged it
        Assert.True(_guard.IsDistrusted);
        Assert.Equal(TrustChange.Confirmed, _guard.ObserveCanary(refused: false, Start + 11 * Minute - 1));
        Assert.False(_guard.IsDistrusted);
    }

    [Fact]
    public void Refusals_of_the_window_before_it_are_tainted_while_it_lasts()
    {
        Assert.False(_guard.Taints(Start, Start));
        _guard.ObserveCanary(refused: true, Start);
        Assert.True(_guard.Taints(Start - 10 * Minute, Start));
        Assert.False(_guard.Taints(Start - 10 * Minute - 1, Start));
        Assert.True(_guard.Taints(Start, Start + 10 * Minute - 1));
        Assert.False(_guard.Taints(Start, Start + 10 * Minute)); // nobody has asked since, and its time is over
    }

    [Fact]
    public void Guesses_that_are_refused_are_no_evidence()
    {
        for (int i = 0; i < 100; i++)
            Assert.Equal(TrustChange.None, _guard.Observe(knownGood: false, refused: true, Start + i));
        Assert.False(_guard.IsDistrusted);
    }

    [Fact]
    public void As_many_confirmed_as_refused_are_no_mass_refusal()
    {
        for (int i = 0; i < 6; i++)
            Confirmed(Start + i);
        for (int i = 0; i < 6; i++)
            Assert.Equal(TrustChange.None, Refused(Start + 10 + i));
        Assert.Equal(TrustChange.Lost, Refused(Start + 20));
    }

    [Fact]
    public void Refusals_spread_over_more_than_the_window_are_every_days_business()
    {
        for (int i = 0; i < 50; i++)
            Assert.Equal(TrustChange.None, Refused(Start + (i * 150_000L)));
        Assert.Equal(4, _guard.Refused);
    }

    [Fact]
    public void A_known_good_confirmed_brings_the_trust_back_at_once_and_the_old_refusals_are_forgotten()
    {
        Lose();
        Assert.Equal(TrustChange.Confirmed, Confirmed(Start + Minute));
        Assert.False(_guard.IsDistrusted);
        Assert.Equal(TrustChange.None, Refused(Start + Minute + 1));
    }

    [Fact]
    public void Acceptances_of_strangers_bring_nothing_back()
    {
        Lose();
        Assert.Equal(TrustChange.None, _guard.Observe(knownGood: false, refused: false, Start + Minute));
        Assert.True(_guard.IsDistrusted);
    }

    [Fact]
    public void Without_new_evidence_the_trust_is_back_after_its_time()
    {
        Lose();
        long last = Start + 4 + (10 * Minute);
        Assert.Equal(TrustChange.None, _guard.Observe(knownGood: false, refused: true, last - 1));
        Assert.True(_guard.IsDistrusted);
        Assert.Equal(TrustChange.Expired, _guard.Observe(knownGood: false, refused: true, last));
        Assert.False(_guard.IsDistrusted);
    }

    [Fact]
    public void New_evidence_makes_the_distrust_last()
    {
        Lose();
        Refused(Start + (5 * Minute));
        Assert.Equal(TrustChange.None, _guard.Observe(knownGood: false, refused: true, Start + (11 * Minute)));
        Assert.True(_guard.IsDistrusted);
    }

    [Fact]
    public void A_clock_set_back_stretches_the_distrust_by_no_more_than_its_time()
    {
        Lose();
        long back = Start - (24 * 60 * Minute);
        Assert.Equal(TrustChange.None, _guard.Observe(knownGood: false, refused: true, back));
        Assert.Equal(TrustChange.Expired, _guard.Observe(knownGood: false, refused: true, back + (10 * Minute)));
    }

    private void Lose()
    {
        for (int i = 0; i < 5; i++)
            Refused(Start + i);
    }

    private TrustChange Refused(long now) => _guard.Observe(knownGood: true, refused: true, now);

    private TrustChange Confirmed(long now) => _guard.Observe(knownGood: true, refused: false, now);
}

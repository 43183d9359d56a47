using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.FreshnessAction;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

public sealed class FreshnessTests
{
    private const long Now = 1_772_366_400_000; // 2026-03-01
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    [Theory]
    // A known good: fresh, past its refresh time, past its expiry in the grace, past the grace.
    [InlineData(Deliverable, 0, Serve, false)]
    [InlineData(Deliverable, 7 * Day * 9 / 10 - 1, Serve, false)]
    [InlineData(Deliverable, 7 * Day, ServeAndRefresh, false)]
    [InlineData(Deliverable, 31 * Day - 1, ServeAndRefresh, false)]
    [InlineData(Deliverable, 31 * Day, RefreshFirst, true)]
    [InlineData(Deliverable, 38 * Day - 1, RefreshFirst, true)]
    [InlineData(Deliverable, 38 * Day, Gone, false)]
    // A refusal: said again for minutes, then probed first; stands inside the refresh time, then no longer; gone.
    [InlineData(Undeliverable, 0, Serve, false)]
    [InlineData(Undeliverable, 5 * Minute - 1, Serve, false)]
    [InlineData(Undeliverable, 5 * Minute, RefreshFirst, true)]
    [InlineData(Undeliverable, 3 * Hour - 1, RefreshFirst, true)]
    [InlineData(Undeliverable, 3 * Hour, RefreshFirst, false)]
    [InlineData(Undeliverable, 3 * Day - 1, RefreshFirst, false)]
    [InlineData(Undeliverable, 3 * Day, Gone, false)]
    // "Nobody can say now" lives for seconds.
    [InlineData(Unknown, 0, Serve, false)]
    [InlineData(Unknown, 30 * Second - 1, Serve, false)]
    [InlineData(Unknown, 30 * Second, Gone, false)]
    // The clock went back, or another node's runs ahead: a minute is forgiven, more is asked again.
    [InlineData(Deliverable, -Minute, Serve, false)]
    [InlineData(Undeliverable, -Minute, Serve, false)]
    [InlineData(Unknown, -Minute, Serve, false)]
    [InlineData(Deliverable, -Minute - 1, ServeAndRefresh, false)]
    [InlineData(Undeliverable, -Minute - 1, RefreshFirst, false)]
    [InlineData(Unknown, -Minute - 1, Gone, false)]
    [InlineData(Deliverable, -Day, ServeAndRefresh, false)]
    [InlineData(Undeliverable, -Day, RefreshFirst, false)]
    [InlineData(Unknown, -Day, Gone, false)]
    // The clock went forward a day.
    [InlineData(Deliverable, Day, Serve, false)]
    [InlineData(Undeliverable, Day, RefreshFirst, false)]
    [InlineData(Unknown, Day, Gone, false)]
    public void What_an_age_means(VerdictStatus status, long age, FreshnessAction action, bool stands) =>
        Assert.Equal(new FreshnessDecision(action, stands), Evaluate(status, age, new VerdictTimes()));

    [Fact]
    public void Without_a_grace_time_a_known_good_is_gone_at_its_expiry()
    {
        VerdictTimes times = new() { PositiveGrace = TimeSpan.Zero };
        Assert.Equal(ServeAndRefresh, Evaluate(Deliverable, 31 * Day - 1, times).Action);
        Assert.Equal(Gone, Evaluate(Deliverable, 31 * Day, times).Action);
    }

    [Theory]
    [InlineData(Deliverable, 38 * Day)]
    [InlineData(Undeliverable, 3 * Day)]
    [InlineData(Unknown, 30 * Second)]
    public void A_store_may_drop_a_verdict_when_it_no_longer_counts(VerdictStatus status, long life) =>
        Assert.Equal(Now + life, Freshness.GoneAt(status, Now, new VerdictTimes()));

    [Theory]
    [InlineData(false, Hour)]
    [InlineData(true, 5 * Minute)]
    public void A_marked_acceptance_lives_for_an_hour_and_without_a_measurement_for_minutes(bool unmeasured, long life)
    {
        ProbeReply reply = Said.Ok.Reply with { AcceptAll = true };
        Assert.Equal(Now + life, Freshness.GoneAt(Deliverable, Now, new VerdictTimes(), acceptAll: true, unmeasured));
        Verdict verdict = new("user@example.com"u8.ToArray(), Deliverable, Now, Now + life, reply);
        Assert.Equal(Serve, Freshness.Evaluate(verdict, new VerdictTimes(), Now + life - 1).Action);
        Assert.Equal(Gone, Freshness.Evaluate(verdict, new VerdictTimes(), Now + life).Action);
    }

    [Theory]
    [InlineData(0, Serve)]
    [InlineData(60 * Second - 1, Serve)]
    [InlineData(60 * Second, ServeAndRefresh)]
    [InlineData(-1, ServeAndRefresh)] // dated by a clock that was set back since
    public void A_known_good_refused_once_is_asked_about_when_the_second_word_is_due(long refusedAgo, FreshnessAction action) =>
        Assert.Equal(action, Freshness.Evaluate(
            new Verdict("user@example.com"u8.ToArray(), Deliverable, Now - Day, goneAt: 0, Said.Ok.Reply, refusals: 1, refusedSince: Now - refusedAgo),
            new VerdictTimes(),
            Now).Action);

    [Fact]
    public void Refresh_times_are_spread_over_the_last_tenth()
    {
        // By when a known good wants its refresh, in tenths of the spread.
        int[] tenths = new int[10];
        for (int i = 0; i < 5000; i++)
        {
            long from = 7 * Day * 9 / 10;
            long to = 7 * Day;
            string address = $"user{i}@example.com";
            Assert.Equal(Serve, Evaluate(Deliverable, from - 1, new VerdictTimes(), address).Action);
            Assert.Equal(ServeAndRefresh, Evaluate(Deliverable, to, new VerdictTimes(), address).Action);
            while (to - from > 1)
            {
                long middle = (from + to) / 2;
                if (Evaluate(Deliverable, middle, new VerdictTimes(), address).Action == Serve)
                    from = middle;
                else
                    to = middle;
            }

            tenths[(to - 1 - 7 * Day * 9 / 10) * 10 / (7 * Day / 10)]++;
        }

        Assert.All(tenths, count => Assert.InRange(count, 350, 650));
    }

    [Fact]
    public void A_verdict_only_ever_counts_less_with_age_and_is_gone_when_a_store_may_drop_it()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Times().ToArbitrary(), Ages().ToArbitrary(), StatusAge(), (times, ages, status) =>
        {
            FreshnessAction last = Serve;
            foreach (long age in ages.Order())
            {
                FreshnessDecision decision = Evaluate(status, age, times);
                bool droppable = Freshness.GoneAt(status, Now - age, times) <= Now;
                if (decision.Action < last || droppable != (decision.Action == Gone) || (decision.Stands && decision.Action != RefreshFirst))
                    return false;
                last = decision.Action;
            }

            return true;
        }));
    }

    private static Arbitrary<VerdictStatus> StatusAge() => Gen.Elements(Unknown, Deliverable, Undeliverable).ToArbitrary();

    private static Gen<long[]> Ages() => Gen.Frequency(
        (4, Gen.Choose(0, 100_000).Select(ms => (long)ms)),
        (4, Gen.Choose(0, 50 * 86_400).Select(s => s * Second)),
        (1, Gen.Constant(TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond))).ArrayOf();

    /// <summary>Any times with refresh inside expiry, the longest there are among them.</summary>
    private static Gen<VerdictTimes> Times() =>
        from t in Gen.Frequency((9, Gen.Choose(1, 10_000).Select(s => TimeSpan.FromSeconds(s))), (1, Gen.Constant(TimeSpan.MaxValue))).ArrayOf(7)
        select new VerdictTimes
        {
            PositiveExpire = Max(t[0], t[1]),
            PositiveRefresh = Min(t[0], t[1]),
            PositiveGrace = t[2],
            NegativeExpire = Max(t[3], Max(t[4], t[5])),
            NegativeRefresh = Max(Min(t[3], t[4]), Min(Max(t[3], t[4]), t[5])),
            NegativeRecheck = Min(t[3], Min(t[4], t[5])),
            UnknownExpire = t[6],
        };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static FreshnessDecision Evaluate(VerdictStatus status, long age, VerdictTimes times, string address = "user@example.com") =>
        Freshness.Evaluate(
            new Verdict(System.Text.Encoding.UTF8.GetBytes(address), status, Now - age, goneAt: 0, Said.Of(status).Reply), times, Now);
}

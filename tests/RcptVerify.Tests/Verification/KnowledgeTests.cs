using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Verification;

public sealed class KnowledgeTests
{
    private const long Now = 1_772_366_400_000; // 2026-03-01
    private static readonly VerdictTimes Times = new();
    private static readonly RecipientAddress Address = RecipientAddress.Parse("user@example.com", caseSensitive: false, out _)!;
    private static readonly ProbeReply OldReply = Said.Reply(250, "2.1.5", "long ago");
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>What was known, how old, what the probe found; what is known then, and whether that is a new verdict.</summary>
    public static TheoryData<VerdictStatus?, TimeSpan, VerdictStatus, VerdictStatus, bool> Transitions => new()
    {
        // Nothing known, or nothing that still counts: the outcome is the verdict.
        { null, default, Deliverable, Deliverable, true },
        { null, default, Undeliverable, Undeliverable, true },
        { null, default, Unknown, Unknown, true },
        { Unknown, TimeSpan.FromSeconds(1), Deliverable, Deliverable, true },
        { Unknown, TimeSpan.FromSeconds(1), Undeliverable, Undeliverable, true },
        { Unknown, TimeSpan.FromSeconds(1), Unknown, Unknown, true },
        { Unknown, TimeSpan.FromSeconds(31), Unknown, Unknown, true },
        { Deliverable, TimeSpan.FromDays(38), Undeliverable, Undeliverable, true },
        { Deliverable, TimeSpan.FromDays(38), Unknown, Unknown, true },
        { Undeliverable, TimeSpan.FromDays(3), Unknown, Unknown, true },
        // A known good.
        { Deliverable, Fresh, Deliverable, Deliverable, true },
        { Deliverable, Fresh, Unknown, Deliverable, false },
        { Deliverable, TimeSpan.FromDays(8), Unknown, Deliverable, false },
        { Deliverable, Fresh, Undeliverable, Deliverable, true },
        { Deliverable, TimeSpan.FromDays(8), Undeliverable, Deliverable, true },
        // In its grace time: trouble leaves it, one definite answer ends it.
        { Deliverable, TimeSpan.FromDays(31), Deliverable, Deliverable, true },
        { Deliverable, TimeSpan.FromDays(31), Unknown, Deliverable, false },
        { Deliverable, TimeSpan.FromDays(31), Undeliverable, Undeliverable, true },
        // A refusal: one acceptance ends it, trouble does not.
        { Undeliverable, Fresh, Deliverable, Deliverable, true },
        { Undeliverable, Fresh, Undeliverable, Undeliverable, true },
        { Undeliverable, Fresh, Unknown, Undeliverable, false },
        { Undeliverable, TimeSpan.FromHours(4), Unknown, Undeliverable, false },
        { Undeliverable, TimeSpan.FromHours(4), Undeliverable, Undeliverable, true },
    };

    [Theory]
    [MemberData(nameof(Transitions))]
    public void What_is_known_after_a_probe(VerdictStatus? known, TimeSpan age, VerdictStatus found, VerdictStatus expected, bool changed)
    {
        Verdict? before = known is { } status ? Known(status, age) : null;
        KnowledgeUpdate update = Apply(before, Said.Of(found));
        Assert.Equal((expected, changed), (update.Verdict.Status, update.Changed));
        Assert.Equal("user@example.com"u8, update.Verdict.Address);
        if (!changed)
            Assert.Same(before, update.Verdict);
    }

    [Fact]
    public void A_new_verdict_says_when_and_what_and_counts_from_now()
    {
        Verdict verdict = Apply(null, Said.NoSuchUser).Verdict;
        Assert.Equal((Now, Now + 3L * 86_400_000), (verdict.Updated, verdict.GoneAt));
        Assert.Equal(Said.NoSuchUser.Reply, verdict.Reply);
        Assert.Equal((0, 0L, 0L), (verdict.Refusals, verdict.RefusedSince, verdict.RetryAfter));
    }

    [Theory]
    [InlineData(Deliverable, 31)]
    [InlineData(Undeliverable, 1)]
    public void After_a_failed_probe_of_something_known_there_is_a_pause(VerdictStatus known, int days)
    {
        Verdict before = Known(known, TimeSpan.FromDays(days));
        KnowledgeUpdate update = Apply(before, Said.ConnectionRefused);
        Assert.Equal(Now + 30_000, update.Verdict.RetryAfter);
        Assert.Null(update.RecheckAfter);
        Assert.Equal(OldReply, update.Verdict.Reply);
    }

    [Fact]
    public void The_first_refusal_of_a_known_good_only_raises_a_doubt()
    {
        Verdict before = Known(Deliverable, TimeSpan.FromDays(8));
        KnowledgeUpdate update = Apply(before, Said.NoSuchUser);
        Assert.Equal((Deliverable, (byte)1, Now), (update.Verdict.Status, update.Verdict.Refusals, update.Verdict.RefusedSince));
        Assert.Equal((before.Updated, before.GoneAt, before.Reply), (update.Verdict.Updated, update.Verdict.GoneAt, update.Verdict.Reply));
        Assert.Equal(TimeSpan.FromSeconds(60), update.RecheckAfter);
    }

    [Fact]
    public void A_doubted_good_is_not_probed_for_each_mail_until_its_recheck()
    {
        KnowledgeUpdate update = Apply(Known(Deliverable, TimeSpan.FromDays(8)), Said.NoSuchUser);
        Assert.Equal(Now + 60_000, update.Verdict.RetryAfter);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(59_999)]
    public void A_second_refusal_within_a_minute_does_not_count(long later)
    {
        Verdict doubted = Doubted(refusedSince: Now - later);
        KnowledgeUpdate update = Apply(doubted, Said.NoSuchUser);
        Assert.Same(doubted, update.Verdict);
        Assert.False(update.Changed);
        Assert.Equal(TimeSpan.FromMilliseconds(60_000 - later), update.RecheckAfter);
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(86_400_000)]
    public void A_second_refusal_a_minute_later_demotes(long later)
    {
        KnowledgeUpdate update = Apply(Doubted(refusedSince: Now - later), Said.NoSuchUser);
        Assert.Equal((Undeliverable, true, (TimeSpan?)null), (update.Verdict.Status, update.Changed, update.RecheckAfter));
        Assert.Equal((0, Now, Said.NoSuchUser.Reply), (update.Verdict.Refusals, update.Verdict.Updated, update.Verdict.Reply));
    }

    [Fact]
    public void A_clock_set_back_between_two_refusals_starts_the_count_again()
    {
        KnowledgeUpdate update = Apply(Doubted(refusedSince: Now + 1), Said.NoSuchUser);
        Assert.Equal((Deliverable, (byte)1, Now, true), (update.Verdict.Status, update.Verdict.Refusals, update.Verdict.RefusedSince, update.Changed));
        Assert.Equal(TimeSpan.FromSeconds(60), update.RecheckAfter);
    }

    [Fact]
    public void An_acceptance_ends_the_doubt()
    {
        Verdict verdict = Apply(Doubted(refusedSince: Now - 60_000), Said.Ok).Verdict;
        Assert.Equal((Deliverable, (byte)0, 0L, Now), (verdict.Status, verdict.Refusals, verdict.RefusedSince, verdict.Updated));
    }

    [Fact]
    public void Trouble_keeps_the_doubt_and_its_date()
    {
        Verdict doubted = Doubted(refusedSince: Now - 60_000);
        Verdict after = Apply(doubted, Said.TryLater).Verdict;
        Assert.Equal((Deliverable, (byte)1, Now - 60_000), (after.Status, after.Refusals, after.RefusedSince));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_nonsensical_date_out_of_a_store_is_no_exception(long refusedSince) =>
        Assert.NotNull(Apply(Doubted(refusedSince), Said.NoSuchUser).Verdict);

    [Fact]
    public void Trouble_never_overwrites_what_still_counts_and_one_refusal_never_a_known_good()
    {
        Gen<(VerdictStatus Status, long Age)> known =
            from status in Gen.Elements(Deliverable, Undeliverable)
            from seconds in Gen.Choose(-200_000, 40 * 86_400)
            select (status, seconds * 1000L);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(known.ToArbitrary(), before =>
        {
            Verdict verdict = Known(before.Status, TimeSpan.FromMilliseconds(before.Age));
            FreshnessAction action = Freshness.Evaluate(verdict, Times, Now).Action;
            bool counts = action != FreshnessAction.Gone;
            bool liveGood = before.Status == Deliverable && action is FreshnessAction.Serve or FreshnessAction.ServeAndRefresh;
            return ReferenceEquals(Apply(verdict, Said.TryLater).Verdict, verdict) == counts
                && ReferenceEquals(Apply(verdict, Said.ConnectionRefused).Verdict, verdict) == counts
                && (!liveGood || before.Status != Deliverable || Apply(verdict, Said.NoSuchUser).Verdict.Status == Deliverable);
        }));
    }

    [Fact]
    public void What_an_accept_all_server_accepts_is_no_known_good_and_a_refusal_replaces_it_at_once()
    {
        Verdict marked = Apply(null, Marked).Verdict;

        Assert.Equal((Deliverable, true), (marked.Status, marked.Reply.AcceptAll));
        Assert.Equal(Now + 3_600_000, marked.GoneAt);
        Assert.Equal(FreshnessAction.Serve, Freshness.Evaluate(marked, Times, Now + 3_599_999).Action);
        Assert.Equal(FreshnessAction.Gone, Freshness.Evaluate(marked, Times, Now + 3_600_000).Action);
        KnowledgeUpdate refused = Apply(marked, Said.NoSuchUser);
        Assert.Equal((Undeliverable, (TimeSpan?)null), (refused.Verdict.Status, refused.RecheckAfter));
    }

    [Fact]
    public void What_an_accept_all_server_accepts_replaces_no_known_good()
    {
        Verdict good = Known(Deliverable, TimeSpan.FromDays(1));

        Assert.Same(good, Apply(good, Marked).Verdict);
        Assert.True(Apply(Known(Undeliverable, TimeSpan.FromMinutes(6)), Marked).Verdict.Reply.AcceptAll);
    }

    [Fact]
    public void An_acceptance_without_a_measurement_is_remembered_for_minutes()
    {
        Assert.Equal(Now + (long)Freshness.AcceptAllExpire.TotalMilliseconds, Apply(null, Marked).Verdict.GoneAt);
        Assert.Equal(Now + (long)Freshness.UnmeasuredExpire.TotalMilliseconds, Apply(null, Marked with { IsUnmeasured = true }).Verdict.GoneAt);
    }

    private static ProbeOutcome Marked => Said.Of(Deliverable) with { Reply = Said.Of(Deliverable).Reply with { AcceptAll = true } };

    private static KnowledgeUpdate Apply(Verdict? known, ProbeOutcome outcome) => Knowledge.Apply(known, Address, outcome, Times, Now);

    private static Verdict Known(VerdictStatus status, TimeSpan age)
    {
        long updated = Now - (long)age.TotalMilliseconds;
        return new(Address.Key, status, updated, Freshness.GoneAt(status, updated, Times), OldReply);
    }

    private static Verdict Doubted(long refusedSince)
    {
        long updated = Now - 8L * 86_400_000;
        return new(Address.Key, Deliverable, updated, Freshness.GoneAt(Deliverable, updated, Times), OldReply, refusals: 1, refusedSince);
    }
}

namespace RcptVerify.Verification;

/// <summary>What becomes of a recipient's verdict when a probe has ended.</summary>
/// <param name="Verdict">The verdict that holds now.</param>
/// <param name="Changed">Whether it differs from the one before and has to be stored.</param>
/// <param name="RecheckAfter">Probe again after this time to confirm a refusal; null where there is nothing to confirm.</param>
public readonly record struct KnowledgeUpdate(Verdict Verdict, bool Changed, TimeSpan? RecheckAfter = null);

/// <summary>
/// How a probe's outcome changes what is known: a pure function. A temporary failure never overwrites knowledge; one
/// refusal does not undo a known good, two at least <see cref="VerdictTimes.DemotionInterval"/> apart do (Postfix never
/// lets a refusal undo one: verify.c, "don't allow a failed probe to clobber an OK address before it expires"). An
/// acceptance marked accept_all is no known good: a refusal replaces it at once, and it replaces no known good.
/// </summary>
public static class Knowledge
{
    /// <summary>Applies <paramref name="outcome"/> to what is known.</summary>
    /// <param name="known">The verdict remembered, or null; one from another route or server is null here.</param>
    /// <param name="address">The recipient.</param>
    /// <param name="outcome">What the probe found.</param>
    /// <param name="times">The route's times.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public static KnowledgeUpdate Apply(Verdict? known, RecipientAddress address, ProbeOutcome outcome, VerdictTimes times, long now)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(times);
        if (known is not null && Freshness.Evaluate(known, times, now).Action == FreshnessAction.Gone)
            known = null;
        return outcome.Status switch
        {
            VerdictStatus.Deliverable when outcome.Reply.AcceptAll && IsLiveGood(known, times, now) => NoAnswer(known, address, outcome, times, now),
            VerdictStatus.Deliverable => New(VerdictStatus.Deliverable, address.Key, outcome, times, now),
            VerdictStatus.Undeliverable when IsLiveGood(known, times, now) => Refused(known!, outcome, times, now),
            VerdictStatus.Undeliverable => New(VerdictStatus.Undeliverable, address.Key, outcome, times, now),
            _ => NoAnswer(known, address, outcome, times, now),
        };
    }

    private static KnowledgeUpdate New(VerdictStatus status, byte[] key, ProbeOutcome outcome, VerdictTimes times, long now) =>
        new(new Verdict(key, status, now, Freshness.GoneAt(status, now, times, outcome.Reply.AcceptAll, outcome.IsUnmeasured), outcome.Reply), Changed: true);

    /// <summary>Past its expiry a known good has only its grace, and a definite answer ends that at once.</summary>
    private static bool IsLiveGood(Verdict? known, VerdictTimes times, long now) =>
        known is { Status: VerdictStatus.Deliverable, Reply.AcceptAll: false }
        && Freshness.Evaluate(known, times, now).Action is FreshnessAction.Serve or FreshnessAction.ServeAndRefresh;

    private static KnowledgeUpdate Refused(Verdict known, ProbeOutcome outcome, VerdictTimes times, long now)
    {
        // A first refusal that lies ahead was dated by a clock that has been set back since: it cannot be counted from.
        if (known.Refusals == 0 || known.RefusedSince > now)
        {
            Verdict doubted = new(known.Address, VerdictStatus.Deliverable, known.Updated, known.GoneAt, known.Reply, refusals: 1, refusedSince: now)
            {
                RetryAfter = now + Milliseconds(times.DemotionInterval), // its mails need not each start a probe that cannot count
            };
            return new(doubted, Changed: true, RecheckAfter: times.DemotionInterval);
        }

        long due = known.RefusedSince + Milliseconds(times.DemotionInterval);
        if (now < due)
            return new(known, Changed: false, RecheckAfter: TimeSpan.FromMilliseconds(due - now));
        return New(VerdictStatus.Undeliverable, known.Address, outcome, times, now);
    }

    private static KnowledgeUpdate NoAnswer(Verdict? known, RecipientAddress address, ProbeOutcome outcome, VerdictTimes times, long now)
    {
        if (known is null or { Status: VerdictStatus.Unknown })
            return New(VerdictStatus.Unknown, address.Key, outcome, times, now);
        known.RetryAfter = now + Milliseconds(times.UnknownExpire);
        return new(known, Changed: false);
    }

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;
}

namespace RcptVerify.Verification;

/// <summary>What to do with a remembered verdict.</summary>
public enum FreshnessAction : byte
{
    /// <summary>Say it.</summary>
    Serve,

    /// <summary>Say it, and probe again in the background.</summary>
    ServeAndRefresh,

    /// <summary>Probe first; see <see cref="FreshnessDecision.Stands"/> for what holds when that brings no answer.</summary>
    RefreshFirst,

    /// <summary>It no longer counts.</summary>
    Gone,
}

/// <summary>The judgement on a remembered verdict.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Stands">For <see cref="FreshnessAction.RefreshFirst"/>: the verdict may be said if the probe brings no answer.</param>
public readonly record struct FreshnessDecision(FreshnessAction Action, bool Stands = false);

/// <summary>
/// Refresh is not expiry: a pure function of a verdict, the times and the clock. Where it differs from Postfix's
/// verify.c: a refusal is probed again before it is repeated (verify.c answers first and asks later), a known good
/// outlives its expiry while the backend is down, and "unknown" lives for seconds, not for three hours.
/// </summary>
public static class Freshness
{
    /// <summary>A verdict dated further ahead than this was written by another clock: 60 000 ms.</summary>
    public const long MaxClockSkew = 60_000;

    /// <summary>Longest life of a verdict marked accept_all, without grace: 1 h.</summary>
    public static readonly TimeSpan AcceptAllExpire = TimeSpan.FromHours(1);

    /// <summary>Longest life of a verdict marked accept_all because the measurement brought no result: 5 min.</summary>
    public static readonly TimeSpan UnmeasuredExpire = TimeSpan.FromMinutes(5);

    /// <summary>Judges <paramref name="verdict"/>.</summary>
    /// <param name="verdict">What is remembered.</param>
    /// <param name="times">The route's times.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public static FreshnessDecision Evaluate(Verdict verdict, VerdictTimes times, long now)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(times);
        long age = now - verdict.Updated;
        // The clock went back, or another node's runs ahead: ask again rather than trust a date that never grows old.
        if (age < -MaxClockSkew)
            age = verdict.Status == VerdictStatus.Unknown ? long.MaxValue : Milliseconds(RefreshTime(verdict, times));
        return verdict.Status switch
        {
            VerdictStatus.Deliverable => Positive(verdict, age, times, now),
            VerdictStatus.Undeliverable => Negative(age, times),
            _ => new(age < Milliseconds(times.UnknownExpire) ? FreshnessAction.Serve : FreshnessAction.Gone),
        };
    }

    /// <summary>When a verdict may be dropped from a store, in Unix milliseconds.</summary>
    /// <param name="status">What is known.</param>
    /// <param name="updated">When the answer arrived, in Unix milliseconds.</param>
    /// <param name="times">The route's times.</param>
    /// <param name="acceptAll">It is marked (<see cref="ProbeReply.AcceptAll"/>).</param>
    /// <param name="unmeasured">It is marked for want of a measurement (<see cref="ProbeOutcome.IsUnmeasured"/>).</param>
    public static long GoneAt(VerdictStatus status, long updated, VerdictTimes times, bool acceptAll = false, bool unmeasured = false)
    {
        ArgumentNullException.ThrowIfNull(times);
        return updated + status switch
        {
            VerdictStatus.Deliverable when acceptAll && unmeasured => Math.Min(Milliseconds(UnmeasuredExpire), MarkedExpire(times)),
            VerdictStatus.Deliverable when acceptAll => MarkedExpire(times),
            VerdictStatus.Deliverable => Milliseconds(times.PositiveExpire) + Milliseconds(times.PositiveGrace),
            VerdictStatus.Undeliverable => Milliseconds(times.NegativeExpire),
            _ => Milliseconds(times.UnknownExpire),
        };
    }

    /// <summary>Whether a new probe has to wait (<see cref="Verdict.RetryAfter"/>). A pause longer than any we make comes from a clock that was set back.</summary>
    /// <param name="verdict">What is remembered.</param>
    /// <param name="times">The route's times.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public static bool IsPaused(Verdict verdict, VerdictTimes times, long now)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(times);
        long left = verdict.RetryAfter - now;
        return left > 0 && (left <= Milliseconds(times.UnknownExpire) || left <= Milliseconds(times.DemotionInterval));
    }

    private static FreshnessDecision Positive(Verdict verdict, long age, VerdictTimes times, long now)
    {
        if (verdict.Reply.AcceptAll)
            return new(age < MarkedExpire(times) && now < verdict.GoneAt ? FreshnessAction.Serve : FreshnessAction.Gone);
        long expire = Milliseconds(times.PositiveExpire);
        if (age < expire)
            return new(WantsConfirmation(verdict, times, now) || WantsRefresh(verdict, age, times) ? FreshnessAction.ServeAndRefresh : FreshnessAction.Serve);
        return age < expire + Milliseconds(times.PositiveGrace) ? new(FreshnessAction.RefreshFirst, Stands: true) : new(FreshnessAction.Gone);
    }

    /// <summary>
    /// Refused once, and the second word is due: whoever had scheduled that probe may have been restarted since. A date ahead
    /// is one of a clock that was set back.
    /// </summary>
    private static bool WantsConfirmation(Verdict verdict, VerdictTimes times, long now)
    {
        long doubted = now - verdict.RefusedSince;
        return verdict.Refusals > 0 && (doubted < 0 || doubted >= Milliseconds(times.DemotionInterval));
    }

    private static long MarkedExpire(VerdictTimes times) => Math.Min(Milliseconds(AcceptAllExpire), Milliseconds(times.PositiveExpire));

    private static FreshnessDecision Negative(long age, VerdictTimes times)
    {
        if (age < Milliseconds(times.NegativeRecheck))
            return new(FreshnessAction.Serve);
        if (age < Milliseconds(times.NegativeRefresh))
            return new(FreshnessAction.RefreshFirst, Stands: true);
        return new(age < Milliseconds(times.NegativeExpire) ? FreshnessAction.RefreshFirst : FreshnessAction.Gone);
    }

    private static TimeSpan RefreshTime(Verdict verdict, VerdictTimes times) =>
        verdict.Status == VerdictStatus.Deliverable ? times.PositiveRefresh : times.NegativeRefresh;

    /// <summary>
    /// Past the refresh time less up to a tenth, by the address: addresses learnt in one burst are not probed again in one.
    /// </summary>
    private static bool WantsRefresh(Verdict verdict, long age, VerdictTimes times)
    {
        long refresh = Milliseconds(times.PositiveRefresh);
        if (age < refresh - refresh / 10)
            return false;
        uint hash = 2166136261; // FNV-1a; spread is all that is asked of it
        foreach (byte b in verdict.Address)
            hash = (hash ^ b) * 16777619;
        return age >= refresh - (long)(refresh / 10.0 * (hash / (double)uint.MaxValue));
    }

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;
}

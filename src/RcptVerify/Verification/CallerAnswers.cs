namespace RcptVerify.Verification;

/// <summary>
/// What a caller is told of a verdict, or of a probe that has ended: a refusal only where the server's word counts, every doubt as
/// <see cref="VerificationOutcome.Unknown"/>. No lock, no allocation.
/// </summary>
/// <param name="trust">Whose refusals do not count.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerAnswers(RouteTrust trust, TimeProvider time)
{
    private const string Distrusted = "the server refuses its known goods";

    /// <summary>No route speaks for the domain.</summary>
    public static VerificationResult Unrouted => new(VerificationOutcome.NoRoute, VerdictSource.Address, null, null, null);

    /// <summary>Nobody can say now.</summary>
    /// <param name="route">The recipient's route.</param>
    /// <param name="reply">What a server said, where one said something.</param>
    /// <param name="reason">Why there is no verdict, for the log; null where the reply says it.</param>
    /// <param name="source">Where the answer comes from.</param>
    public static VerificationResult Unanswered(Route route, ProbeReply? reply, string? reason, VerdictSource source = VerdictSource.Cache) =>
        new(VerificationOutcome.Unknown, source, route, reply, reason);

    /// <summary>A verdict that may be served.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="route">The recipient's route.</param>
    public VerificationResult Said(Verdict verdict, VerdictSource source, Route route) => verdict.Status switch
    {
        VerdictStatus.Undeliverable when trust.HasDistrusted && trust.Taints(verdict, route, Now()) => Unanswered(route, verdict.Reply, Distrusted, source),
        VerdictStatus.Deliverable => new(VerificationOutcome.Deliverable, source, route, verdict.Reply, null),
        VerdictStatus.Undeliverable => new(VerificationOutcome.Undeliverable, source, route, verdict.Reply, null),
        _ => Unanswered(route, verdict.Reply, null, source),
    };

    /// <summary>No probe has brought an answer: what was known where it still stands, else that nobody can say.</summary>
    /// <param name="known">What was known.</param>
    /// <param name="route">The recipient's route.</param>
    /// <param name="reply">What a server said, where one said something.</param>
    /// <param name="reason">Why there is no answer, for the log.</param>
    /// <param name="source">Where the answer comes from if nothing stands.</param>
    public VerificationResult Stale(Verdict? known, Route route, ProbeReply? reply, string? reason, VerdictSource source = VerdictSource.Cache) =>
        StandsNow(known, route) ? Said(known!, VerdictSource.Stale, route) : Unanswered(route, reply, reason, source);

    /// <summary>What a probe has brought.</summary>
    /// <param name="conclusion">How it ended.</param>
    /// <param name="route">The recipient's route as it was when the caller asked.</param>
    public VerificationResult Of(ProbeConclusion conclusion, Route route)
    {
        Verdict verdict = conclusion.Verdict;
        // A reload while the probe was under way: what another server said is no answer to this caller.
        if (!verdict.Reply.StillCountsFor(route))
            return Unanswered(route, null, "the route has changed since the probe began", VerdictSource.Probe);
        if (conclusion.Discounted && verdict.Status != VerdictStatus.Deliverable)
            return Unanswered(route, conclusion.Outcome?.Reply, Distrusted, VerdictSource.Probe);
        if (conclusion.Outcome is { Status: VerdictStatus.Unknown } failed)
            return Stale(verdict, route, conclusion.Doubt is null ? failed.Reply : null, conclusion.Doubt, VerdictSource.Probe);
        return Said(verdict, VerdictSource.Probe, route);
    }

    /// <summary>Whether a verdict may still be said although the probe brought no answer.</summary>
    private bool StandsNow(Verdict? known, Route route)
    {
        if (known is null or { Status: VerdictStatus.Unknown })
            return false;
        FreshnessDecision decision = Freshness.Evaluate(known, route.Times, Now());
        return decision.Stands || decision.Action is FreshnessAction.Serve or FreshnessAction.ServeAndRefresh;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}

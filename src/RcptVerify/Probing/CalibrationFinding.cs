using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>What a measurement came to.</summary>
public enum CalibrationResult : byte
{
    /// <summary>The server refuses an unknown user at the target found.</summary>
    Tells,

    /// <summary>It accepts a random address at every stage allowed.</summary>
    AcceptAll,

    /// <summary>It answers, but nothing that proves a stage: a temporary failure, a refusal that is not about the user, a refused canary.</summary>
    Inconclusive,

    /// <summary>It could not be asked. Not kept.</summary>
    Trouble,
}

/// <summary>The stage at which one server tells known from unknown recipients of one domain.</summary>
/// <param name="Result">In one word.</param>
/// <param name="Target">Where to probe: the target found, or <see cref="ProbeTarget.Rcpt"/> where none was.</param>
/// <param name="Evidence">The outcome that decided.</param>
/// <param name="MeasuredAt">The clock's timestamp.</param>
public sealed record CalibrationFinding(CalibrationResult Result, ProbeTarget Target, ProbeOutcome Evidence, long MeasuredAt)
{
    /// <summary>Whether what decided was said of the route's canary, not of a random address.</summary>
    public bool IsOfCanary { get; init; }

    /// <summary>Whether a 4xx stood in the way: the next measurement may well come to something.</summary>
    internal bool IsTemporary => Result == CalibrationResult.Inconclusive && Evidence.Reply.Code is >= 400 and < 500;

    /// <summary>Whether a probe refused an unknown user where this finding says that it would not.</summary>
    /// <param name="outcome">A probe made by this finding.</param>
    internal bool IsContradictedBy(ProbeOutcome outcome) =>
        outcome.Status == VerdictStatus.Undeliverable && (Result != CalibrationResult.Tells || outcome.Reply.Stage != Evidence.Reply.Stage);
}

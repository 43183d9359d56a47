using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>Which of two words about one address holds: of two verdicts, or of a verdict and a removal. Pure functions.</summary>
internal static class VerdictPrecedence
{
    /// <summary>
    /// Whether what is known makes room for what is offered: it does not while it is alive and newer, or definite where the other is
    /// unknown.
    /// </summary>
    /// <param name="known">What memory holds.</param>
    /// <param name="offered">A verdict that was learnt earlier or elsewhere.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public static bool GivesWay(Verdict known, Verdict offered, long now)
    {
        if (known.GoneAt <= now)
            return true;
        if ((known.Status == VerdictStatus.Unknown) != (offered.Status == VerdictStatus.Unknown))
            return known.Status == VerdictStatus.Unknown;
        // A date ahead is of a clock that was set back since: what this one has dated is the newer of the two.
        bool knownAhead = known.Updated - now > Freshness.MaxClockSkew;
        if (knownAhead != offered.Updated - now > Freshness.MaxClockSkew)
            return knownAhead;
        // A refusal that does not yet undo a known good leaves its date alone.
        return known.Updated < offered.Updated
            || (known.Updated == offered.Updated && known.Status == offered.Status && known.Refusals < offered.Refusals);
    }

    /// <summary>Whether it was asked after its address was removed; a date that cannot be is no proof of it.</summary>
    /// <param name="verdict">What memory holds.</param>
    /// <param name="removedAt">When the address was removed, in Unix milliseconds; 0: it was not.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public static bool IsAfter(Verdict verdict, long removedAt, long now) =>
        verdict.Asked > removedAt && (removedAt == 0 || !Verdict.IsAhead(verdict.Asked, now));
}

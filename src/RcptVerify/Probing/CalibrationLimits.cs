namespace RcptVerify.Probing;

/// <summary>How long a measurement counts, and how many are kept.</summary>
internal static class CalibrationLimits
{
    /// <summary>A stage that tells is measured again after 1 h: a filter agent switched off must not go unnoticed for long.</summary>
    public static readonly TimeSpan TellsLife = TimeSpan.FromHours(1);

    /// <summary>Accept-all and inconclusive are measured again after 10 min: either is a state to get out of.</summary>
    public static readonly TimeSpan SilentLife = TimeSpan.FromMinutes(10);

    /// <summary>Pairs kept: 10 000. Strangers choose the domains of a route for <c>*</c>; past this all are measured anew.</summary>
    public const int MaxPairs = 10_000;
}

namespace RcptVerify.Probing;

/// <summary>How long a measurement counts, and how many are kept.</summary>
internal static class CalibrationLimits
{
    /// <summary>A stage that tells is measured again after 1 h: a filter agent switched off must not go unnoticed for long.</summary>
    public static readonly TimeSpan TellsLife = TimeSpan.FromHours(1);

    /// <summary>Accept-all and inconclusive are measured again after 10 min: either is a state to get out of.</summary>
    public static readonly TimeSpan SilentLife = TimeSpan.FromMinutes(10);

    /// <summary>A measurement that was to renew one, and brought no answer, is repeated after 1 min.</summary>
    public static readonly TimeSpan RetryLife = TimeSpan.FromMinutes(1);

    /// <summary>What is older, because nobody has asked meanwhile, is no longer served while it is measured again: 24 h.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>Pairs kept: 10 000. Strangers choose the domains of a route for <c>*</c>; past this all are measured anew.</summary>
    public const int MaxPairs = 10_000;

    /// <summary>
    /// How long accept-all counts where its measurement ends with a message to a random address: 10 min, 1 h, 6 h, as it is found
    /// again and again.
    /// </summary>
    private static readonly TimeSpan[] SentLives = [SilentLife, TimeSpan.FromHours(1), TimeSpan.FromHours(6)];

    /// <summary>Time until the next message to a random address.</summary>
    /// <param name="found">How often accept-all has been found without a break, at least 1.</param>
    public static TimeSpan SentLife(int found) => SentLives[Math.Min(found, SentLives.Length) - 1];
}

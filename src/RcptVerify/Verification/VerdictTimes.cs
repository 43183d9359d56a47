namespace RcptVerify.Verification;

/// <summary>
/// How long verdicts live, under Postfix's names (<c>address_verify_positive_expire_time</c> …) and with its defaults
/// where Postfix has one. All greater than zero; a refresh time is at most the expiry time of its kind.
/// </summary>
public sealed record VerdictTimes
{
    /// <summary>A known good is forgotten after this time without confirmation. Default 31 d, as Postfix.</summary>
    public TimeSpan PositiveExpire { get; init; } = TimeSpan.FromDays(31);

    /// <summary>A known good is probed again in the background past this age. Default 7 d, as Postfix.</summary>
    public TimeSpan PositiveRefresh { get; init; } = TimeSpan.FromDays(7);

    /// <summary>An expired known good still stands for this long while the backend brings no answer. Default 7 d; Postfix has none.</summary>
    public TimeSpan PositiveGrace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A refusal is forgotten after this time. Default 3 d, as Postfix.</summary>
    public TimeSpan NegativeExpire { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Up to this age a refusal still stands when a probe brings no answer. Default 3 h, as Postfix.</summary>
    public TimeSpan NegativeRefresh { get; init; } = TimeSpan.FromHours(3);

    /// <summary>Past this age a refusal is probed before it is said again. Default 5 min; Postfix has none.</summary>
    public TimeSpan NegativeRecheck { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long "nobody can say now" is remembered. Default 30 s; Postfix: 3 h.</summary>
    public TimeSpan UnknownExpire { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Least time between the two refusals that demote a known good: 60 s.</summary>
    public TimeSpan DemotionInterval { get; init; } = TimeSpan.FromSeconds(60);
}

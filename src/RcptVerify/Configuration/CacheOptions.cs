namespace RcptVerify.Configuration;

/// <summary>
/// The <c>[cache]</c> section. Times are at least 1 s and at most ten years; the recheck time does not exceed the refresh time,
/// and the refresh time not the expiry time (Postfix's address_verify_{positive,negative}_{refresh,expire}_time).
/// </summary>
public sealed record CacheOptions
{
    /// <summary><c>memory</c>, or <c>sqlite:</c> and an absolute path. Default <c>sqlite:/var/lib/rcptverify/cache.db</c>.</summary>
    public string Store { get; init; } = Keys.Times.Store.DefaultValue;

    /// <summary>Connection string of the shared Redis, which may hold a password: not for logs. Default empty: none.</summary>
    public string Redis { get; init; } = Keys.Times.Redis.DefaultValue;

    /// <summary>PEM file of the authorities that vouch for Redis. Default empty: the system's.</summary>
    public string RedisCaFile { get; init; } = Keys.Times.RedisCaFile.DefaultValue;

    /// <summary>PEM file of our certificate for Redis. Default empty: none.</summary>
    public string RedisCertFile { get; init; } = Keys.Times.RedisCertFile.DefaultValue;

    /// <summary>PEM file of its key. Default empty: it is in <see cref="RedisCertFile"/>.</summary>
    public string RedisKeyFile { get; init; } = Keys.Times.RedisKeyFile.DefaultValue;

    /// <summary>When a deliverable verdict is forgotten. Default 31 d.</summary>
    public TimeSpan PositiveExpireTime { get; init; } = Keys.Times.PositiveExpire.DefaultValue;

    /// <summary>When a deliverable verdict is served and probed again in the background. Default 7 d.</summary>
    public TimeSpan PositiveRefreshTime { get; init; } = Keys.Times.PositiveRefresh.DefaultValue;

    /// <summary>How long past its expiry a deliverable verdict is served while the backend is down. From 0 s, default 7 d.</summary>
    public TimeSpan PositiveGraceTime { get; init; } = Keys.Times.PositiveGrace.DefaultValue;

    /// <summary>When an undeliverable verdict is forgotten. Default 3 d.</summary>
    public TimeSpan NegativeExpireTime { get; init; } = Keys.Times.NegativeExpire.DefaultValue;

    /// <summary>Until when an undeliverable verdict stands if a new probe brings no answer. Default 3 h.</summary>
    public TimeSpan NegativeRefreshTime { get; init; } = Keys.Times.NegativeRefresh.DefaultValue;

    /// <summary>From when on an undeliverable verdict is probed before it is served. Default 5 m.</summary>
    public TimeSpan NegativeRecheckTime { get; init; } = Keys.Times.NegativeRecheck.DefaultValue;

    /// <summary>How long a probe without a verdict is not repeated. Default 30 s.</summary>
    public TimeSpan UnknownExpireTime { get; init; } = Keys.Times.UnknownExpire.DefaultValue;

    /// <summary>Most verdicts kept in memory. 1 to 100 million, default 1 million.</summary>
    public int MaxEntries { get; init; } = Keys.Times.MaxEntries.DefaultValue;

    /// <summary>Most undeliverable and unknown verdicts of one route. 0 to 100 million, default 0: a quarter of <see cref="MaxEntries"/>.</summary>
    public int MaxNegatives { get; init; } = Keys.Times.MaxNegatives.DefaultValue;
}

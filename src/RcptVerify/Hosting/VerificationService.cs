using Microsoft.Extensions.Logging;
using RcptVerify.Caching;
using RcptVerify.Configuration;
using RcptVerify.Endpoints;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Hosting;

/// <summary>Everything behind the doors, put together from one configuration, and kept across a reload.</summary>
internal sealed class VerificationService : IAsyncDisposable
{
    private readonly RcptVerifyOptions _started;
    private readonly ILogger _log;
    private readonly SmtpProber _prober;
    private readonly NextHops _nextHops;
    private readonly ClockWatch _clock;

    public VerificationService(RcptVerifyOptions options, TimeProvider time, ILoggerFactory logs)
    {
        _started = options;
        _log = logs.CreateLogger<VerificationService>();
        _prober = new SmtpProber(time, new SmtpPoolLimits(), logs.CreateLogger<SmtpProber>());
        Memory = new MemoryVerdictStore(options.Cache.MaxEntries, time);
        SqliteVerdictStore? file = FileOf(options.Cache, time, logs);
        File = file;
        Readiness = new Readiness(() => file?.IsOpening == true, () => file?.Trouble.Length > 0);
        RedisVerdictStore? redis = options.Cache.Redis.Length == 0
            ? null
            : new(ServerOf(options.Cache), new RedisStoreLimits(), time, logs.CreateLogger<RedisVerdictStore>());
        IVerdictLevel?[] levels = [redis, file];
        _clock = new ClockWatch(Memory, time);
        Store = new TieredVerdictCache(Memory, [.. levels.OfType<IVerdictLevel>()], time);
        LimitRoutes(options);
        redis?.Start(Store);
        file?.Start(Store.Offer, options.Cache.MaxEntries);
        _nextHops = new NextHops(time, logs.CreateLogger<NextHops>()) { Settings = NextHopsOf(options) };
        Verifier = new RecipientVerifier(
            RouteTableFactory.Create(options), Store, _prober, time, logs.CreateLogger<RecipientVerifier>(), redis?.Locks, _nextHops);
        PolicyDoor = new PolicyDoorSettings { Limits = new DoorLimits { IdleTime = options.Policy.MaxIdleTime } };
        SocketmapDoor = new SocketmapDoorSettings { Limits = new DoorLimits { IdleTime = options.Socketmap.MaxIdleTime } };
        MilterDoor = new MilterDoorSettings { Rules = RulesOf(options) };
        SetDoors(options);
    }

    /// <summary>The cache's first level.</summary>
    public MemoryVerdictStore Memory { get; }

    public TieredVerdictCache Store { get; }

    /// <summary>The file behind memory; null where there is none.</summary>
    public SqliteVerdictStore? File { get; }

    /// <summary>What <c>/readyz</c> says.</summary>
    public Readiness Readiness { get; }

    /// <summary>The cache for the admin door.</summary>
    public CacheAccess Access => new(Memory, Store, File, () => Verifier.Routes, name => _nextHops.Settings?.Route(name, []));

    public RecipientVerifier Verifier { get; }

    public PolicyDoorSettings PolicyDoor { get; }

    public SocketmapDoorSettings SocketmapDoor { get; }

    public MilterDoorSettings MilterDoor { get; }

    /// <summary>Takes over routes, replies and times. Sockets and the cache stay as they are.</summary>
    public void Apply(RcptVerifyOptions options)
    {
        LimitRoutes(options);
        Verifier.Routes = RouteTableFactory.Create(options);
        _nextHops.Settings = NextHopsOf(options);
        SetDoors(options);
        MilterDoor.Rules = RulesOf(options);
        foreach ((string setting, _) in SettledAtStart(options).Except(SettledAtStart(_started)))
            Log.RestartNeeded(_log, setting);
    }

    /// <summary>What a reload cannot change, and its value.</summary>
    private static IEnumerable<(string Setting, object Value)> SettledAtStart(RcptVerifyOptions options) =>
    [
        ("milter.listen", string.Join(' ', options.Milter.Listen)),
        ("milter.socket_mode", options.Milter.SocketMode),
        ("milter.socket_group", options.Milter.SocketGroup),
        ("policy.listen", string.Join(' ', options.Policy.Listen)),
        ("policy.socket_mode", options.Policy.SocketMode),
        ("policy.socket_group", options.Policy.SocketGroup),
        ("policy.max_idle_time", options.Policy.MaxIdleTime),
        ("socketmap.listen", string.Join(' ', options.Socketmap.Listen)),
        ("socketmap.socket_mode", options.Socketmap.SocketMode),
        ("socketmap.socket_group", options.Socketmap.SocketGroup),
        ("socketmap.max_idle_time", options.Socketmap.MaxIdleTime),
        ("admin section", options.Admin with { Token = "", TokenFile = "" }),
        ("cache.max_entries", options.Cache.MaxEntries),
        ("cache.store", options.Cache.Store),
        ("cache.redis", ServerOf(options.Cache)),
    ];

    private static RedisServerSettings ServerOf(CacheOptions cache) =>
        new(cache.Redis) { CaFile = cache.RedisCaFile, CertFile = cache.RedisCertFile, KeyFile = cache.RedisKeyFile };

    private void SetDoors(RcptVerifyOptions options)
    {
        PolicyDoor.Rules = new()
        {
            AnswerWithin = options.Policy.AnswerWithin,
            AtData = options.Policy.AnswerAt == AnswerAt.Data,
            Mixed = options.Policy.Mixed,
            Reply = RouteTableFactory.RepliesOf(options.Reply),
        };
        SocketmapDoor.AnswerWithin = options.Socketmap.AnswerWithin;
        SocketmapDoor.NoRoute = options.Socketmap.NoRoute;
        SocketmapDoor.DryRun = options.Reply.DryRun;
    }

    private static MilterDoorRules RulesOf(RcptVerifyOptions options) => new()
    {
        AnswerWithin = options.Milter.AnswerWithin,
        SkipClients = options.Milter.SkipClients,
        SkipAuthenticated = options.Milter.SkipAuthenticated,
        RouteFromRcptHost = options.Milter.RouteFromRcptHost,
        AtData = options.Milter.AnswerAt == AnswerAt.Data,
        Mixed = options.Milter.Mixed,
        Reply = RouteTableFactory.RepliesOf(options.Reply),
    };

    /// <summary>Routes to next hops are limited as they are made.</summary>
    private NextHopSettings? NextHopsOf(RcptVerifyOptions options) => RouteTableFactory.NextHopsOf(options) is not { } settings ? null : settings with
    {
        Route = (name, servers) =>
        {
            Memory.Limit(name, options.Cache.MaxNegatives);
            return settings.Route(name, servers);
        },
    };

    private void LimitRoutes(RcptVerifyOptions options)
    {
        foreach (RouteOptions route in options.Routes)
            Memory.Limit(route.Domains[0], route.Cache.MaxNegatives);
    }

    public async ValueTask DisposeAsync()
    {
        _clock.Dispose();
        Verifier.Stop();
        await _prober.DisposeAsync();
        Verifier.Dispose();
        await Store.DisposeAsync(); // last: until here verdicts may come in
    }

    private static SqliteVerdictStore? FileOf(CacheOptions options, TimeProvider time, ILoggerFactory logs)
    {
        const string Scheme = "sqlite:";
        return options.Store.StartsWith(Scheme, StringComparison.Ordinal)
            ? new(options.Store[Scheme.Length..], new SqliteStoreLimits { MaxRows = options.MaxEntries }, time, logs.CreateLogger<SqliteVerdictStore>())
            : null;
    }
}

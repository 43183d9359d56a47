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

    public VerificationService(RcptVerifyOptions options, TimeProvider time, ILoggerFactory logs)
    {
        _started = options;
        _log = logs.CreateLogger<VerificationService>();
        _prober = new SmtpProber(time, new SmtpPoolLimits(), logs.CreateLogger<SmtpProber>());
        Store = new MemoryVerdictStore(options.Cache.MaxEntries, time);
        LimitRoutes(options);
        Verifier = new RecipientVerifier(RouteTableFactory.Create(options), Store, _prober, time, logs.CreateLogger<RecipientVerifier>());
        PolicyDoor = new PolicyDoorSettings
        {
            AnswerWithin = options.Policy.AnswerWithin,
            Limits = new DoorLimits { IdleTime = options.Policy.MaxIdleTime },
        };
    }

    public MemoryVerdictStore Store { get; }

    public RecipientVerifier Verifier { get; }

    public PolicyDoorSettings PolicyDoor { get; }

    /// <summary>Takes over routes, replies and times. Sockets and the cache stay as they are.</summary>
    public void Apply(RcptVerifyOptions options)
    {
        LimitRoutes(options);
        Verifier.Routes = RouteTableFactory.Create(options);
        PolicyDoor.AnswerWithin = options.Policy.AnswerWithin;
        if (!options.Policy.Listen.SequenceEqual(_started.Policy.Listen))
            Log.RestartNeeded(_log, "policy.listen");
        if (options.Policy.MaxIdleTime != _started.Policy.MaxIdleTime)
            Log.RestartNeeded(_log, "policy.max_idle_time");
        if (options.Cache.MaxEntries != _started.Cache.MaxEntries)
            Log.RestartNeeded(_log, "cache.max_entries");
    }

    private void LimitRoutes(RcptVerifyOptions options)
    {
        foreach (RouteOptions route in options.Routes)
            Store.Limit(route.Domains[0], route.Cache.MaxNegatives);
    }

    public async ValueTask DisposeAsync()
    {
        Verifier.Stop();
        await _prober.DisposeAsync();
        Verifier.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Caching;
using RcptVerify.IntegrationTests.Backends;
using RcptVerify.TestKit.Processes;
using RcptVerify.Verification;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Memory, Redis and verifier of one node, as the daemon puts them together.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TimeProvider _time;
    private readonly MemoryVerdictStore _memory;
    private readonly RecipientVerifier _verifier;

    private RedisNode(RedisServerSettings server, CountingBackend backend, TimeProvider time, RedisStoreLimits limits, TimeProvider? waits)
    {
        _time = time;
        _memory = new MemoryVerdictStore(100_000, time);
        Redis = new RedisVerdictStore(server, limits with { SyncInterval = TimeSpan.FromSeconds(1) }, time, Log, waits ?? TimeProvider.System);
        Cache = new TieredVerdictCache(_memory, [Redis], waits ?? time);
        Redis.Start(Cache);
        Route = LiveVerifier.RouteTo("example.com", [25], target: ProbeTarget.Rcpt);
        _verifier = new RecipientVerifier(new RouteTable([Route]), Cache, backend, time, NullLogger<RecipientVerifier>.Instance, Redis.Locks);
    }

    public RecordedLog<RedisVerdictStore> Log { get; } = new();

    public Route Route { get; }

    public RedisVerdictStore Redis { get; }

    public TieredVerdictCache Cache { get; }

    public static Task<RedisNode> StartAsync(string connection, CountingBackend backend, TimeProvider? time = null, bool wait = true, RedisStoreLimits? limits = null) =>
        StartAsync(new RedisServerSettings(connection), backend, time, wait, limits);

    /// <param name="server">Which Redis.</param>
    /// <param name="backend">Whom it probes.</param>
    /// <param name="time">Its clock; the real one by default.</param>
    /// <param name="wait">Whether it uses Redis before this returns.</param>
    /// <param name="limits">How long it waits for Redis; the defaults by default.</param>
    /// <param name="waits">The clock by which its callers wait for Redis; the real one by default.</param>
    public static async Task<RedisNode> StartAsync(
        RedisServerSettings server, CountingBackend backend, TimeProvider? time = null, bool wait = true, RedisStoreLimits? limits = null,
        TimeProvider? waits = null)
    {
        RedisNode node = new(server, backend, time ?? TimeProvider.System, limits ?? new RedisStoreLimits(), waits);
        if (wait)
            await node.UntilUpAsync();
        return node;
    }

    /// <summary>Its clock, in Unix milliseconds.</summary>
    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Waits so long that before and after are told apart whatever the reading of Redis' clock is off by
    /// (<see cref="RedisClock.Tolerance"/>, on each side).
    /// </summary>
    public static Task MuchLaterAsync()
    {
        long began = TimeProvider.System.GetTimestamp();
        return Eventually.HoldsAsync(() => TimeProvider.System.GetElapsedTime(began).TotalMilliseconds > 6 * RedisClock.Tolerance, "time that passes", Patience);
    }

    /// <summary>Waits until it uses Redis again after words may have been missed.</summary>
    /// <param name="generation">Before the loss.</param>
    public Task UntilBackAsync(int generation) =>
        Eventually.HoldsAsync(() => Redis.IsUp && Redis.Generation != generation, "Redis in use again", Patience);

    public Task UntilUpAsync() => Eventually.HoldsAsync(() => Redis.IsUp, "Redis in use", Patience);

    public async Task<VerificationOutcome> AskAsync(string recipient) =>
        (await _verifier.VerifyAsync(new RecipientQuery(Encoding.UTF8.GetBytes(recipient), default, Patience))).Outcome;

    /// <summary>What memory holds.</summary>
    public Verdict? Remembered(string address) => _memory.TryGet(Encoding.UTF8.GetBytes(address), out Verdict? verdict) ? verdict : null;

    public Task UntilAsync(string address, Predicate<Verdict?> holds) =>
        Eventually.HoldsAsync(() => holds(Remembered(address)), $"memory on {address}", Patience);

    public async ValueTask DisposeAsync()
    {
        _verifier.Stop();
        _verifier.Dispose();
        await Cache.DisposeAsync();
    }
}

/// <summary>A server behind all nodes that counts who it is asked about. Local parts beginning with "no" are unknown.</summary>
internal sealed class CountingBackend : IRecipientProber
{
    public ConcurrentQueue<string> Probes { get; } = new();

    /// <summary>Ends the wait of probes, where the test wants them to wait.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Where set, everybody is unknown, or nobody can say.</summary>
    public VerdictStatus? Answer { get; set; }

    public async Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken)
    {
        Probes.Enqueue(address.ToString());
        await Task.Yield();
        await Gate;
        VerdictStatus status = Answer ?? (address.ToString().StartsWith("no", StringComparison.Ordinal) ? VerdictStatus.Undeliverable : VerdictStatus.Deliverable);
        (int code, string enhanced) = status switch
        {
            VerdictStatus.Deliverable => (250, "2.1.5"),
            VerdictStatus.Undeliverable => (550, "5.1.1"),
            _ => (452, "4.3.1"),
        };
        return new(status, OutcomeScope.Address, new ProbeReply(code, enhanced, "said so", "127.0.0.1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, route.Name));
    }
}

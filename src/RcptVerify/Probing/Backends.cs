using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>One server as it is asked with one way of probing: its sessions and its health.</summary>
internal sealed class Backend(ServerEndpoint server, SmtpConnectionPool pool, BackendHealth health, TimeProvider time)
{
    private int _users;
    private long _usedAt = time.GetTimestamp();

    public ServerEndpoint Server { get; } = server;

    public SmtpConnectionPool Pool { get; } = pool;

    public BackendHealth Health { get; } = health;

    /// <summary>How long nobody has asked it; zero while somebody does.</summary>
    public TimeSpan Rest => Volatile.Read(ref _users) > 0 ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _usedAt));

    /// <summary>Somebody is about to ask it.</summary>
    public void Touch() => Volatile.Write(ref _usedAt, time.GetTimestamp());

    /// <summary>Probes there, and takes note of how that went.</summary>
    public async Task<ProbeOutcome> AskAsync(RecipientAddress address, Route route, ProbeTarget target, ProbeTicket ticket, TimeSpan budget)
    {
        Interlocked.Increment(ref _users);
        try
        {
            ProbeOutcome outcome = await Pool.ProbeAsync(address, route, target, ticket, budget);
            // What was left of the time by the servers before may have been too little for this one.
            if (outcome.Reply.Code != 0 || budget * 2 >= route.Probe.Timeout)
                Health.Record(outcome);
            return outcome;
        }
        finally
        {
            Touch();
            Interlocked.Decrement(ref _users);
        }
    }
}

/// <summary>
/// All servers that were asked. Those of the configuration stay; those that DNS named, and so perhaps a stranger, are at
/// most <see cref="MxLimits.MaxServersKept"/>, and make place for others when nobody has asked them for a while.
/// </summary>
internal sealed class Backends(SmtpPoolLimits limits, TimeProvider time, ILogger log, SmtpTranscript? transcript) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(ServerEndpoint, ProbeSettings), Lazy<Backend>> _all = new();
    private readonly Lock _lock = new();
    private readonly RepeatGuard _named = new(time);
    private readonly RepeatGuard _found = new(time);
    private int _foundCount;

    /// <summary>Longer than a probe keeps a server in its hand before it asks it.</summary>
    internal static TimeSpan MinRest { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The server, or null where there are too many of them.</summary>
    public Backend? Find(ServerEndpoint server, ProbeSettings settings)
    {
        if (server.DnsName.Length == 0)
            return _all.GetOrAdd((server, settings), key => new(() => Create(key.Item1, key.Item2))).Value;
        lock (_lock)
        {
            if (!_all.TryGetValue((server, settings), out Lazy<Backend>? backend))
            {
                if (_foundCount >= MxLimits.MaxServersKept)
                    ForgetTired();
                if (_foundCount >= MxLimits.MaxServersKept)
                    return null;
                backend = _all.GetOrAdd((server, settings), new Lazy<Backend>(Create(server, settings)));
                _foundCount++;
            }

            backend.Value.Touch();
            return backend.Value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Backend> backend in _all.Values)
            await backend.Value.Pool.DisposeAsync();
    }

    private Backend Create(ServerEndpoint server, ProbeSettings settings) => new(
        server,
        new SmtpConnectionPool(server, settings, limits, time, log, transcript),
        new BackendHealth(server.Name, time, log, server.DnsName.Length == 0 ? _named : _found),
        time);

    private void ForgetTired()
    {
        foreach (((ServerEndpoint, ProbeSettings) key, Lazy<Backend> backend) in _all)
        {
            if (key.Item1.DnsName.Length == 0 || backend.Value.Rest < MinRest || !_all.TryRemove(key, out _))
                continue;
            _foundCount--;
            _ = backend.Value.Pool.DisposeAsync().AsTask();
        }
    }
}

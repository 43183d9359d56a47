using Microsoft.Extensions.Logging;
using RcptVerify.Verification;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts in Redis, where all nodes find them. A look-up is one GETRANGE; a write is one script that compares and sets
/// (<see cref="RedisScripts.Put"/>) and tells the other nodes. An address that was removed leaves a tombstone, a purge a time
/// (<see cref="RedisPurges"/>): nothing that was asked before comes back.
/// <para>
/// Redis slow or gone: look-ups are unavailable at once (<see cref="RedisHealth"/>), what is learnt waits, one verdict an address, at
/// most <see cref="RedisStoreLimits.MaxPending"/>, and is written when Redis is back.
/// </para>
/// <para>
/// Security: whoever can write to Redis can say who exists. What comes from there is checked field by field, its size is capped, and
/// it still counts only for the route, server and target it names. Weaknesses: a Redis that fails over to a replica may forget its last
/// second of writes; one whose clock is set back by more than a minute hides new verdicts behind purges for that long.
/// </para>
/// </summary>
public sealed class RedisVerdictStore : ISharedVerdictLevel
{
    private static readonly TimeProvider RealTime = TimeProvider.System;

    private readonly RedisStoreLimits _limits;
    private readonly RedisTrouble _trouble;
    private readonly RedisReader _reader;
    private readonly RedisWriter _writer;
    private readonly RedisPending _pending;
    private IRemoteChanges? _changes;
    private int _writes;
    private int _checkedAnew;
    private Task _writing = Task.CompletedTask;

    /// <summary>Creates a store; nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="server">Which Redis.</param>
    /// <param name="limits">Caps and times.</param>
    /// <param name="time">The clock that dates verdicts.</param>
    /// <param name="log">Trouble and its end.</param>
    public RedisVerdictStore(RedisServerSettings server, RedisStoreLimits limits, TimeProvider time, ILogger<RedisVerdictStore> log)
        : this(server, limits, time, log, RealTime)
    {
    }

    /// <param name="server">Which Redis.</param>
    /// <param name="limits">Caps and times.</param>
    /// <param name="time">The clock that dates verdicts.</param>
    /// <param name="log">Trouble and its end.</param>
    /// <param name="waits">The clock by which callers wait.</param>
    internal RedisVerdictStore(RedisServerSettings server, RedisStoreLimits limits, TimeProvider time, ILogger<RedisVerdictStore> log, TimeProvider waits)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        Link = new RedisLink(server, limits, time, log, Receive, scope => _changes?.Purge(scope), CaughtUpAsync);
        _trouble = new RedisTrouble(Link.Name, log);
        _reader = new RedisReader(Link, limits, _trouble, waits);
        _writer = new RedisWriter(Link, limits, _trouble, _reader.Read);
        _pending = new RedisPending(Link, limits, _writer, _trouble);
        Locks = new RedisProbeLocks(Link, limits, _reader.Read, waits);
    }

    /// <inheritdoc/>
    public TimeSpan FindWithin => _limits.FindWithin * 2; // FindAsync keeps the time itself

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public int Generation => Link.Generation;

    /// <summary>Whether Redis is being asked now.</summary>
    public bool IsUp => Link.Health.IsUp;

    /// <summary>The locks that make it one probe an address.</summary>
    public RedisProbeLocks Locks { get; }

    internal RedisLink Link { get; }

    /// <summary>Begins to connect, in the background.</summary>
    /// <param name="changes">Is told what other nodes change.</param>
    public void Start(IRemoteChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        _changes = changes;
        Locks.Changes = changes;
        _writer.Changes = changes;
        Link.Start();
    }

    /// <inheritdoc/>
    public bool IsPurged(Verdict verdict) => Link.IsPurged(verdict);

    /// <inheritdoc/>
    public async ValueTask<LevelAnswer> FindAsync(byte[] address)
    {
        LevelAnswer stands = Link.Database is { } redis ? await _reader.FindAsync(redis, address) : LevelAnswer.Unavailable;
        return _pending.IsEmpty ? stands : _pending.Later(address, stands);
    }

    /// <inheritdoc/>
    public async ValueTask FindAllAsync(ReadOnlyMemory<byte[]> addresses, Memory<LevelAnswer> answers)
    {
        answers.Span.Clear();
        if (Link.Database is not { } redis)
            return;
        await _reader.FindAllAsync(redis, addresses, answers);
        for (int i = 0; !_pending.IsEmpty && i < answers.Length; i++)
            answers.Span[i] = _pending.Later(addresses.Span[i], answers.Span[i]);
    }

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (Link.Database is { } redis && !_pending.Contains(verdict.Address) && Volatile.Read(ref _writes) < _limits.MaxWrites)
            Locks.Written(verdict.Address, WriteAsync(redis, verdict));
        else
            _pending.Add(verdict);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> address)
    {
        byte[] key = address.ToArray();
        long now = Link.Clock.Now;
        if (Link.Database is not { } redis || !await _writer.TryRemoveAsync(redis, key, 0))
            _pending.AddRemoval(key, now);
    }

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(PurgeScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        long now = Link.Clock.Now;
        Link.Purge(scope, now);
        _pending.Drop(scope);
        string field = RedisPurges.FieldOf(scope);
        if (Link.Database is not { } redis || !await _writer.TryPurgeAsync(redis, field, now + Link.Clock.Offset))
            _pending.AddPurge(field, now);
    }

    /// <summary>Writes what waits, within a second, and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        Locks.Stop();
        _pending.Close();
        if (IsUp)
            await (_pending.WriteAsync(paced: false).WaitAsync(_limits.SyncWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)UntilWrittenAsync().WaitAsync(_limits.SyncWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Link.DisposeAsync();
    }

    private async Task UntilWrittenAsync()
    {
        while (Volatile.Read(ref _writes) > 0 && IsUp)
            await Task.Delay(TimeSpan.FromMilliseconds(5), RealTime);
    }

    private async Task WriteAsync(IDatabase redis, Verdict verdict)
    {
        Interlocked.Increment(ref _writes);
        try
        {
            await _writer.PutAsync(redis, verdict);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (e is RedisServerException refusal && _trouble.IsGivenUp(refusal))
                return;
            _pending.Add(verdict);
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    /// <summary>After each synchronisation: has memory checked anew where words were missed, and writes what waits.</summary>
    private async Task CaughtUpAsync()
    {
        if (Link.Database is not { } redis)
            return;
        await _pending.WritePurgesAsync(redis);
        int generation = Link.Generation;
        if (generation != _checkedAnew)
        {
            _checkedAnew = generation;
            _changes?.CheckAnew();
        }

        // Not waited for: it may take many times as long as until the next synchronisation.
        if (!_writing.IsCompleted)
            return;
        await _writing; // its defects are told as those of this loop
        if (!_pending.IsEmpty)
            _writing = Task.Run(() => _pending.WriteAsync(paced: true));
    }

    private void Receive(ReadOnlyMemory<byte> payload)
    {
        if (!RedisMessage.TryRead(payload.Span, out RedisMessage message))
        {
            _trouble.Garbage("a message that is none");
            return;
        }

        if (message.Sender == Link.Node)
            return;
        if (message.Kind == RedisMessageKind.Purged)
        {
            Purged(message);
            return;
        }

        byte[] address = message.Name.ToArray();
        LevelAnswer told = _reader.Read(address, message.Value.ToArray());
        if (told.RemovedAt > 0)
            _changes?.Forget(address, told.RemovedAt);
        if (told.Verdict is { } verdict)
            _changes?.Learn(verdict);
        if (message.Kind == RedisMessageKind.Probed)
            Locks.Told(address, message.Flags, told.Verdict);
    }

    private void Purged(RedisMessage message)
    {
        if (RedisPurges.ScopeOf(System.Text.Encoding.UTF8.GetString(message.Name)) is { } scope
            && !VerdictRecord.IsTooFarAhead(message.Number - Link.Clock.Offset, Link.Clock.Now)
            && Link.Purges.Add(scope, message.Number) is { } news)
        {
            _changes?.Purge(news);
        }
    }
}

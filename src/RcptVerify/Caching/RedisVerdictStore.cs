using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
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
    private readonly ILogger _log;
    private readonly ProbeReplyPool _replies = new();
    private readonly ConcurrentDictionary<byte[], PendingChange> _pending = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<string, long> _pendingPurges = new(StringComparer.Ordinal);
    private readonly RepeatGuard _garbageLines = new(RealTime);
    private readonly RepeatGuard _forbiddenLines = new(RealTime, perMinute: 1);
    private IRemoteChanges? _changes;
    private int _pendingCount;
    private int _writes;
    private long _givenUp;
    private int _checkedAnew;
    private Task _writing = Task.CompletedTask;
    private volatile bool _closing;

    /// <summary>Creates a store; nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="server">Which Redis.</param>
    /// <param name="limits">Caps and times.</param>
    /// <param name="time">The clock that dates verdicts.</param>
    /// <param name="log">Trouble and its end.</param>
    public RedisVerdictStore(RedisServerSettings server, RedisStoreLimits limits, TimeProvider time, ILogger<RedisVerdictStore> log)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        _log = log;
        Link = new RedisLink(server, limits, time, log, Receive, scope => _changes?.Purge(scope), CaughtUpAsync);
        Locks = new RedisProbeLocks(Link, limits, Read);
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
        Link.Start();
    }

    /// <inheritdoc/>
    public bool IsPurged(Verdict verdict) => Link.Purges.Cover(verdict, Link.Clock.Offset);

    /// <inheritdoc/>
    public ValueTask<LevelAnswer> FindAsync(byte[] address)
    {
        if (_pending.TryGetValue(address, out PendingChange? waiting))
            return new(waiting.Answer);
        return Link.Database is { } redis ? FindAsync(redis, address) : new(LevelAnswer.Unavailable);
    }

    /// <inheritdoc/>
    public async ValueTask FindAllAsync(ReadOnlyMemory<byte[]> addresses, Memory<LevelAnswer> answers)
    {
        answers.Span.Clear();
        if (Link.Database is not { } redis)
            return;
        Task<RedisValue>[] asked = new Task<RedisValue>[addresses.Length];
        try
        {
            // A pipeline and no MGET: the keys are of many slots, and only GETRANGE bounds what comes back.
            IBatch batch = redis.CreateBatch();
            for (int i = 0; i < asked.Length; i++)
                asked[i] = batch.StringGetRangeAsync(RedisKeys.Verdict(addresses.Span[i]), 0, SharedRecord.MaxBytes);
            batch.Execute();
        }
        catch (Exception e) when (e is RedisException or ObjectDisposedException)
        {
            return;
        }

        // From the end: mostly all have come when the last one has.
        for (int i = asked.Length - 1; i >= 0; i--)
        {
            byte[] address = addresses.Span[i];
            if (!asked[i].IsCompleted)
                await ((Task)asked[i].WaitAsync(_limits.SyncWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            LevelAnswer answer = asked[i].IsCompletedSuccessfully ? Read(address, await asked[i])
                : Failed(asked[i], address) ? LevelAnswer.Nothing
                : LevelAnswer.Unavailable;
            answers.Span[i] = _pending.TryGetValue(address, out PendingChange? waiting) ? waiting.Answer : answer;
        }
    }

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (Link.Database is { } redis && !_pending.ContainsKey(verdict.Address) && Volatile.Read(ref _writes) < _limits.MaxWrites)
            Locks.Written(verdict.Address, WriteAsync(redis, verdict));
        else
            Wait(verdict.Address, new PendingChange(verdict, verdict.Asked));
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> address)
    {
        byte[] key = address.ToArray();
        long now = Link.Clock.Now;
        if (Link.Database is not { } redis || !await RemoveAsync(redis, key, 0))
            Wait(key, new PendingChange(null, now));
    }

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(PurgeScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        long now = Link.Clock.Now + Link.Clock.Offset;
        Link.Purges.Add(scope, now);
        foreach ((byte[] address, PendingChange change) in _pending)
        {
            if (change.Verdict is { } verdict && scope.Covers(verdict) && _pending.TryRemove(new(address, change)))
                Interlocked.Decrement(ref _pendingCount);
        }

        string field = RedisPurges.FieldOf(scope);
        if (Link.Database is not { } redis || !await PurgeAsync(redis, field, now))
            _pendingPurges[field] = now;
    }

    /// <summary>Writes what waits, within a second, and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        Locks.Stop();
        _closing = true;
        if (IsUp)
            await ((Task)WritePendingAsync(paced: false).WaitAsync(_limits.SyncWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)UntilWrittenAsync().WaitAsync(_limits.SyncWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Link.DisposeAsync();
    }

    private async Task UntilWrittenAsync()
    {
        while (Volatile.Read(ref _writes) > 0 && IsUp)
            await Task.Delay(TimeSpan.FromMilliseconds(5), RealTime);
    }

    private async ValueTask<LevelAnswer> FindAsync(IDatabase redis, byte[] address)
    {
        Task<RedisValue> asked = redis.StringGetRangeAsync(RedisKeys.Verdict(address), 0, SharedRecord.MaxBytes);
        await ((Task)asked.WaitAsync(_limits.FindWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asked.IsCompletedSuccessfully)
        {
            return Failed(asked, address) ? LevelAnswer.Nothing : LevelAnswer.Unavailable;
        }

        Link.Health.InTime();
        return Read(address, await asked);
    }

    /// <summary>What a value says, purges considered.</summary>
    private LevelAnswer Read(byte[] address, RedisValue value)
    {
        if (value.IsNullOrEmpty)
            return LevelAnswer.Nothing;
        ReadOnlyMemory<byte> bytes = value;
        SharedRecordKind kind = SharedRecord.Decode(
            bytes.Span, address, _replies, Link.Clock.Offset, Link.Clock.Now, out Verdict? verdict, out long removedAt);
        if (kind == SharedRecordKind.None)
            TellGarbage(address);
        return verdict is null || IsPurged(verdict) ? new LevelAnswer(true, null, removedAt) : new LevelAnswer(true, verdict);
    }

    /// <summary>An answer that did not come, or was an error. True: the error is about this key, a value of another type.</summary>
    private bool Failed(Task asked, byte[] address)
    {
        if (!asked.IsCompleted)
        {
            Link.Health.Late();
            return false;
        }

        if (asked.Exception?.InnerException is RedisServerException e)
        {
            if (e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
            {
                TellGarbage(address);
                return true;
            }

            TellRefused(e.Message);
            return false;
        }

        Link.Health.Late();
        return false;
    }

    private async Task WriteAsync(IDatabase redis, Verdict verdict)
    {
        Interlocked.Increment(ref _writes);
        try
        {
            await PutAsync(redis, verdict);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (e is RedisServerException refusal && IsGivenUp(refusal))
                return;
            Wait(verdict.Address, new PendingChange(verdict, verdict.Asked));
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    private async Task PutAsync(IDatabase redis, Verdict verdict)
    {
        long offset = Link.Clock.Offset;
        if (Link.Purges.Cover(verdict, offset))
            return;
        (long all, long negatives) = Link.Purges.Since(verdict.Address);
        RedisResult result = await redis.ScriptEvaluateAsync(RedisScripts.Put, [RedisKeys.Verdict(verdict.Address)],
        [
            SharedRecord.Encode(verdict, offset), verdict.GoneAt + offset, verdict.Updated + offset, verdict.Asked + offset, (int)verdict.Status,
            verdict.Reply.AcceptAll ? 1 : 0, (int)verdict.Refusals, all, negatives, (long)VerdictRecordLimits.MaxLife.TotalMilliseconds,
            RedisKeys.Changes.ToString(), RedisMessage.About(Link.Node, RedisMessageKind.Changed, verdict.Address), 60_000,
        ]);
        var reply = (RedisResult[])result!;
        if (reply.Length > 1)
            Yield(verdict, (int)reply[0], Read(verdict.Address, (RedisValue)reply[1]));
    }

    /// <summary>Others knew better.</summary>
    private void Yield(Verdict mine, int result, LevelAnswer theirs)
    {
        if (theirs.RemovedAt > 0)
            _changes?.Forget(mine.Address, theirs.RemovedAt);
        if (theirs.Verdict is not { } verdict)
            return;
        // A known good in doubt is older than the refusal that memory took for the last word.
        if (result == 3 || (mine.Status == VerdictStatus.Undeliverable && verdict.Status == VerdictStatus.Deliverable))
            _changes?.Forget(mine.Address, mine.Asked);
        _changes?.Learn(verdict);
    }

    private async Task<bool> RemoveAsync(IDatabase redis, byte[] address, long at)
    {
        Task<RedisResult> asked = redis.ScriptEvaluateAsync(RedisScripts.Remove, [RedisKeys.Verdict(address)],
        [
            at, (long)_limits.TombstoneLife.TotalMilliseconds, RedisKeys.Changes.ToString(),
            RedisMessage.About(Link.Node, RedisMessageKind.Changed, address),
        ]);
        return await SucceedsAsync(asked);
    }

    private Task<bool> PurgeAsync(IDatabase redis, string field, long at) =>
        SucceedsAsync(redis.ScriptEvaluateAsync(RedisScripts.Purge, [RedisKeys.Purges], [field, at, RedisKeys.Changes.ToString(), RedisMessage.Purge(Link.Node)]));

    /// <summary>True where nothing is left to do: written, or refused for good.</summary>
    private async Task<bool> SucceedsAsync(Task asked)
    {
        await asked.WaitAsync(_limits.SyncWithin, RealTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asked.Exception?.InnerException is RedisServerException e ? IsGivenUp(e) : asked.IsCompletedSuccessfully;
    }

    private void Wait(byte[] address, PendingChange change)
    {
        if (_pending.AddOrUpdate(address, change, (_, old) => Newer(old, change)) != change)
            return;
        if (Interlocked.Increment(ref _pendingCount) <= _limits.MaxPending)
            return;
        Interlocked.Exchange(ref _pendingCount, _pending.Count); // coalesced ones were counted more than once
        if (_pending.Count <= _limits.MaxPending || !_pending.TryRemove(new(address, change)))
            return;
        Interlocked.Increment(ref _givenUp);
        if (_garbageLines.MayPass(out _))
            Log.RedisPendingLost(_log, Link.Name, Interlocked.Exchange(ref _givenUp, 0));
    }

    /// <summary>A temporary failure does not take the place of an answer that waits.</summary>
    private static PendingChange Newer(PendingChange old, PendingChange change) =>
        change.At < old.At || (change.Verdict is { Status: VerdictStatus.Unknown } && old.Verdict is { Status: not VerdictStatus.Unknown }) ? old : change;

    /// <summary>After each synchronisation: has memory checked anew where words were missed, and writes what waits.</summary>
    private async Task CaughtUpAsync()
    {
        if (Link.Database is not { } redis)
            return;
        await WritePendingPurgesAsync(redis);
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
            _writing = Task.Run(() => WritePendingAsync(paced: true));
    }

    private async Task WritePendingPurgesAsync(IDatabase redis)
    {
        foreach ((string field, long at) in _pendingPurges)
        {
            if (await PurgeAsync(redis, field, at))
                _pendingPurges.TryRemove(new(field, at));
        }
    }

    /// <param name="paced">In small batches with pauses: a Redis that comes back has callers to answer.</param>
    private async Task WritePendingAsync(bool paced)
    {
        if (Link.Database is not { } redis)
            return;
        await WritePendingPurgesAsync(redis);
        List<KeyValuePair<byte[], PendingChange>> batch = new(_limits.BatchSize);
        foreach (KeyValuePair<byte[], PendingChange> change in _pending)
        {
            batch.Add(change);
            if (batch.Count < _limits.BatchSize)
                continue;
            if (!IsUp || (paced && _closing) || !await WriteAsync(redis, batch))
                return; // with the next synchronisation
            if (paced)
                await Task.Delay(_limits.BatchPause, RealTime);
        }

        await WriteAsync(redis, batch); // what came meanwhile is written with the next synchronisation
    }

    /// <returns>Whether all were written; those are out of the list of what waits.</returns>
    private async Task<bool> WriteAsync(IDatabase redis, List<KeyValuePair<byte[], PendingChange>> batch)
    {
        bool[] done = await Task.WhenAll(batch.Select(change => WriteAsync(redis, change.Key, change.Value)));
        for (int i = 0; i < done.Length; i++)
        {
            if (done[i] && _pending.TryRemove(batch[i]))
                Interlocked.Decrement(ref _pendingCount);
        }

        batch.Clear();
        return !Array.Exists(done, ok => !ok);
    }

    private Task<bool> WriteAsync(IDatabase redis, byte[] address, PendingChange change) =>
        change.Verdict is null ? RemoveAsync(redis, address, change.At + Link.Clock.Offset) : SucceedsAsync(PutAsync(redis, change.Verdict));

    private void Receive(ReadOnlyMemory<byte> payload)
    {
        if (!RedisMessage.TryRead(payload.Span, out RedisMessage message))
        {
            if (_garbageLines.MayPass(out long held))
                Log.RedisGarbage(_log, Link.Name, "a message that is none", held);
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
        LevelAnswer told = Read(address, message.Value.ToArray());
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

    private void TellGarbage(byte[] address)
    {
        if (_garbageLines.MayPass(out long held))
            Log.RedisGarbage(_log, Link.Name, "no verdict under " + LogEscape.Text(System.Text.Encoding.UTF8.GetString(address)), held);
    }

    private void TellRefused(string error)
    {
        if (_garbageLines.MayPass(out long held))
            Log.RedisRefused(_log, Link.Name, Shown(error), held);
    }

    /// <summary>An error in place of a write. True: it is about our user's rights, so the same change would be refused for ever.</summary>
    private bool IsGivenUp(RedisServerException e)
    {
        if (!IsForbidden(e.Message))
        {
            TellRefused(e.Message);
            return false;
        }

        if (_forbiddenLines.MayPass(out long held))
            Log.RedisForbidden(_log, Link.Name, Shown(e.Message), held);
        return true;
    }

    /// <summary>Redis' words for a missing right: the first for a command, the others for what a script calls (Redis 6 to 7.0, and later).</summary>
    private static bool IsForbidden(string error) =>
        error.StartsWith("NOPERM", StringComparison.Ordinal)
        || error.StartsWith("ERR The user executing the script can't ", StringComparison.Ordinal)
        || error.StartsWith("ERR ACL failure in script", StringComparison.Ordinal);

    private static string Shown(string error) => LogEscape.Text(error.Length > 200 ? error[..200] : error);

    /// <summary>A change that waits: a verdict, or null for a removal, and since when it counts.</summary>
    private sealed record PendingChange(Verdict? Verdict, long At)
    {
        public LevelAnswer Answer => new(true, Verdict, Verdict is null ? At : 0);
    }
}

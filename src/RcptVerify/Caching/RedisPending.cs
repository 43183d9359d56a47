using System.Collections.Concurrent;
using RcptVerify.Verification;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// Changes that wait for Redis, one an address, at most <see cref="RedisStoreLimits.MaxPending"/>: what is learnt while it is away.
/// </summary>
internal sealed class RedisPending(RedisLink link, RedisStoreLimits limits, RedisWriter writer, RedisTrouble trouble)
{
    private static readonly TimeProvider RealTime = TimeProvider.System;

    private readonly ConcurrentDictionary<byte[], PendingChange> _changes = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<string, long> _purges = new(StringComparer.Ordinal);
    private int _count;
    private long _givenUp;
    private volatile bool _closing;

    /// <summary>Whether nothing waits, purges apart.</summary>
    public bool IsEmpty => _changes.IsEmpty;

    /// <summary>Whether a change of that address waits.</summary>
    public bool Contains(byte[] address) => _changes.ContainsKey(address);

    /// <summary>What waits for an address; not what was purged since, here or elsewhere.</summary>
    public bool TryGet(byte[] address, out LevelAnswer answer)
    {
        bool waits = _changes.TryGetValue(address, out PendingChange? change) && (change.Verdict is null || !link.IsPurged(change.Verdict));
        answer = waits ? change!.Answer : default;
        return waits;
    }

    /// <summary>What counts of an address: what stands in Redis, or what waits, whichever is later. <see cref="RedisScripts.Put"/> will decide likewise.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="stands">What Redis says.</param>
    public LevelAnswer Later(byte[] address, LevelAnswer stands)
    {
        if (!TryGet(address, out LevelAnswer waits) || !stands.Answered)
            return waits.Answered ? waits : stands;
        bool yields = waits.Verdict is { } mine
            ? mine.Asked <= stands.RemovedAt || (stands.Verdict is { } theirs && YieldsTo(mine, theirs))
            : waits.RemovedAt < stands.RemovedAt || waits.RemovedAt < stands.Verdict?.Asked;
        return yields ? stands : waits;
    }

    /// <summary>A known good that is refused by a node which had not known it is in doubt, not gone.</summary>
    private static bool YieldsTo(Verdict mine, Verdict theirs) =>
        (mine.Status == VerdictStatus.Undeliverable && theirs is { Status: VerdictStatus.Deliverable, Reply.AcceptAll: false })
        || (mine.Status == VerdictStatus.Unknown ? theirs.Status != VerdictStatus.Unknown : theirs.Status != VerdictStatus.Unknown && mine.Updated < theirs.Updated);

    /// <summary>Has a verdict wait.</summary>
    public void Add(Verdict verdict) => Add(verdict.Address, new PendingChange(verdict, verdict.Asked));

    /// <summary>Has a removal wait.</summary>
    /// <param name="address">Kept.</param>
    /// <param name="at">Since when, by our clock.</param>
    public void AddRemoval(byte[] address, long at) => Add(address, new PendingChange(null, at));

    /// <summary>Has a purge wait.</summary>
    /// <param name="field">Its scope's name.</param>
    /// <param name="at">Since when, by our clock.</param>
    public void AddPurge(string field, long at) => _purges[field] = at;

    /// <summary>Drops the verdicts that a purge covers.</summary>
    public void Drop(PurgeScope scope)
    {
        foreach ((byte[] address, PendingChange change) in _changes)
        {
            if (change.Verdict is { } verdict && scope.Covers(verdict) && _changes.TryRemove(new(address, change)))
                Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Ends the writing at a pace: all that waits is to be written now, or never.</summary>
    public void Close() => _closing = true;

    /// <summary>Writes the purges that wait.</summary>
    public async Task WritePurgesAsync(IDatabase redis)
    {
        foreach ((string field, long at) in _purges)
        {
            if (await writer.TryPurgeAsync(redis, field, at + link.Clock.Offset))
                _purges.TryRemove(new(field, at));
        }
    }

    /// <summary>Writes what waits, purges first; what cannot be written goes on waiting.</summary>
    /// <param name="paced">In small batches with pauses: a Redis that comes back has callers to answer.</param>
    public async Task WriteAsync(bool paced)
    {
        if (link.Database is not { } redis)
            return;
        await WritePurgesAsync(redis);
        List<KeyValuePair<byte[], PendingChange>> batch = new(limits.BatchSize);
        foreach (KeyValuePair<byte[], PendingChange> change in _changes)
        {
            batch.Add(change);
            if (batch.Count < limits.BatchSize)
                continue;
            if (!link.Health.IsUp || (paced && _closing) || !await WriteAsync(redis, batch))
                return; // with the next synchronisation
            if (paced)
                await Task.Delay(limits.BatchPause, RealTime);
        }

        await WriteAsync(redis, batch); // what came meanwhile is written with the next synchronisation
    }

    /// <returns>Whether all were written; those are out of the list of what waits.</returns>
    private async Task<bool> WriteAsync(IDatabase redis, List<KeyValuePair<byte[], PendingChange>> batch)
    {
        bool[] done = await Task.WhenAll(batch.Select(change => WriteAsync(redis, change.Key, change.Value)));
        for (int i = 0; i < done.Length; i++)
        {
            if (done[i] && _changes.TryRemove(batch[i]))
                Interlocked.Decrement(ref _count);
        }

        batch.Clear();
        return !Array.Exists(done, ok => !ok);
    }

    private Task<bool> WriteAsync(IDatabase redis, byte[] address, PendingChange change) => change.Verdict is null
        ? writer.TryRemoveAsync(redis, address, change.At + link.Clock.Offset)
        : writer.TryPutAsync(redis, change.Verdict);

    private void Add(byte[] address, PendingChange change)
    {
        if (_changes.AddOrUpdate(address, change, (_, old) => Newer(old, change)) != change)
            return;
        if (Interlocked.Increment(ref _count) <= limits.MaxPending)
            return;
        Interlocked.Exchange(ref _count, _changes.Count); // coalesced ones were counted more than once
        if (_changes.Count <= limits.MaxPending || !_changes.TryRemove(new(address, change)))
            return;
        Interlocked.Increment(ref _givenUp);
        trouble.Lost(ref _givenUp);
    }

    /// <summary>A temporary failure does not take the place of an answer that waits.</summary>
    private static PendingChange Newer(PendingChange old, PendingChange change) =>
        change.At < old.At || (change.Verdict is { Status: VerdictStatus.Unknown } && old.Verdict is { Status: not VerdictStatus.Unknown }) ? old : change;

    /// <summary>A change that waits: a verdict, or null for a removal, and since when it counts.</summary>
    private sealed record PendingChange(Verdict? Verdict, long At)
    {
        public LevelAnswer Answer => new(true, Verdict, Verdict is null ? At : 0);
    }
}

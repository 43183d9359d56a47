using RcptVerify.Verification;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// Changes to Redis: each is one script that compares, sets and tells the other nodes (<see cref="RedisScripts"/>). Where others knew
/// better, memory learns it.
/// </summary>
internal sealed class RedisWriter(RedisLink link, RedisStoreLimits limits, RedisTrouble trouble, Func<byte[], RedisValue, LevelAnswer> read)
{
    private static readonly TimeProvider RealTime = TimeProvider.System;

    /// <summary>The least time between two refusals that demote a known good, in ms.</summary>
    private const int DemotionInterval = 60_000;

    /// <summary>Is told what others knew better.</summary>
    public IRemoteChanges? Changes { get; set; }

    /// <summary>Writes a verdict unless what stands there is newer.</summary>
    /// <exception cref="RedisException">It could not be done.</exception>
    /// <exception cref="TimeoutException">Nor was it known in time whether it was.</exception>
    public async Task PutAsync(IDatabase redis, Verdict verdict)
    {
        long offset = link.Clock.Offset;
        if (link.Purges.Cover(verdict, offset) || Verdict.IsAhead(verdict.Asked, link.Clock.Now))
            return; // with a date ahead it would outlive removals and newer answers; the next probe of that address is shared again
        (long all, long negatives) = link.Purges.Since(verdict.Address);
        RedisResult result = await redis.ScriptEvaluateAsync(RedisScripts.Put, [RedisKeys.Verdict(verdict.Address)],
        [
            SharedRecord.Encode(verdict, offset), verdict.GoneAt + offset, verdict.Updated + offset, verdict.Asked + offset, (int)verdict.Status,
            verdict.Reply.AcceptAll ? 1 : 0, (int)verdict.Refusals, all, negatives, (long)VerdictRecordLimits.MaxLife.TotalMilliseconds,
            RedisKeys.Changes.ToString(), RedisMessage.About(link.Node, RedisMessageKind.Changed, verdict.Address), DemotionInterval,
        ]);
        var reply = (RedisResult[])result!;
        if (reply.Length > 1)
            Yield(verdict, (int)reply[0], read(verdict.Address, (RedisValue)reply[1]));
    }

    /// <summary>Writes a verdict. True where nothing is left to do: written, or refused for good.</summary>
    public Task<bool> TryPutAsync(IDatabase redis, Verdict verdict) => SucceedsAsync(PutAsync(redis, verdict));

    /// <summary>Leaves a tombstone. True where nothing is left to do.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="address">Whose.</param>
    /// <param name="at">Since when, by Redis' clock; 0: now.</param>
    public Task<bool> TryRemoveAsync(IDatabase redis, byte[] address, long at) => SucceedsAsync(redis.ScriptEvaluateAsync(
        RedisScripts.Remove, [RedisKeys.Verdict(address)],
        [
            at, (long)limits.TombstoneLife.TotalMilliseconds, RedisKeys.Changes.ToString(),
            RedisMessage.About(link.Node, RedisMessageKind.Changed, address),
        ]));

    /// <summary>Purges. True where nothing is left to do.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="field">The scope's name.</param>
    /// <param name="at">Since when, by Redis' clock.</param>
    public Task<bool> TryPurgeAsync(IDatabase redis, string field, long at) => SucceedsAsync(redis.ScriptEvaluateAsync(
        RedisScripts.Purge, [RedisKeys.Purges], [field, at, RedisKeys.Changes.ToString(), RedisMessage.Purge(link.Node)]));

    /// <summary>Others knew better.</summary>
    private void Yield(Verdict mine, int result, LevelAnswer theirs)
    {
        if (theirs.RemovedAt > 0)
            Changes?.Forget(mine.Address, theirs.RemovedAt);
        if (theirs.Verdict is not { } verdict)
            return;
        // A known good in doubt is older than the refusal that memory took for the last word.
        if (result == 3 || (mine.Status == VerdictStatus.Undeliverable && verdict.Status == VerdictStatus.Deliverable))
            Changes?.Forget(mine.Address, mine.Asked);
        Changes?.Learn(verdict);
    }

    private async Task<bool> SucceedsAsync(Task asked)
    {
        await asked.WaitAsync(limits.SyncWithin, RealTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asked.Exception?.InnerException is RedisServerException e ? trouble.IsGivenUp(e) : asked.IsCompletedSuccessfully;
    }
}

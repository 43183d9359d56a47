using RcptVerify.Verification;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>Look-ups in Redis: one GETRANGE an address, which bounds what comes back whoever wrote it.</summary>
/// <param name="link">The connection.</param>
/// <param name="limits">Caps and times.</param>
/// <param name="trouble">Is told what is wrong there.</param>
/// <param name="waits">The clock that ends waits: the real one, whatever clock dates verdicts.</param>
internal sealed class RedisReader(RedisLink link, RedisStoreLimits limits, RedisTrouble trouble, TimeProvider waits)
{
    private readonly ProbeReplyPool _replies = new();

    /// <summary>For a caller who waits, at most <see cref="RedisStoreLimits.FindWithin"/>.</summary>
    public async ValueTask<LevelAnswer> FindAsync(IDatabase redis, byte[] address)
    {
        Task<RedisValue> asked = redis.StringGetRangeAsync(RedisKeys.Verdict(address), 0, SharedRecord.MaxBytes);
        await ((Task)asked.WaitAsync(limits.FindWithin, waits)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asked.IsCompletedSuccessfully)
            return Failed(asked, address) ? LevelAnswer.Nothing : LevelAnswer.Unavailable;
        link.Health.InTime();
        return Read(address, await asked);
    }

    /// <summary>For nobody who waits. Answers that did not come stay unavailable.</summary>
    public async ValueTask FindAllAsync(IDatabase redis, ReadOnlyMemory<byte[]> addresses, Memory<LevelAnswer> answers)
    {
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
                await ((Task)asked[i].WaitAsync(limits.SyncWithin, waits)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            LevelAnswer answer = asked[i].IsCompletedSuccessfully ? Read(address, await asked[i])
                : Failed(asked[i], address) ? LevelAnswer.Nothing
                : LevelAnswer.Unavailable;
            answers.Span[i] = answer;
        }
    }

    /// <summary>What a value says, purges considered.</summary>
    public LevelAnswer Read(byte[] address, RedisValue value)
    {
        if (value.IsNullOrEmpty)
            return LevelAnswer.Nothing;
        ReadOnlyMemory<byte> bytes = value;
        SharedRecordKind kind = SharedRecord.Decode(
            bytes.Span, address, _replies, link.Clock.Offset, link.Clock.Now, out Verdict? verdict, out long removedAt);
        if (kind == SharedRecordKind.None)
            trouble.NoVerdict(address);
        return verdict is null || link.IsPurged(verdict) ? new LevelAnswer(true, null, removedAt) : new LevelAnswer(true, verdict);
    }

    /// <summary>An answer that did not come, or was an error. True: the error is about this key, a value of another type.</summary>
    private bool Failed(Task asked, byte[] address)
    {
        if (!asked.IsCompleted)
        {
            link.Health.Late();
            return false;
        }

        if (asked.Exception?.InnerException is RedisServerException e)
        {
            if (e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
            {
                trouble.NoVerdict(address);
                return true;
            }

            trouble.Refused(e.Message);
            return false;
        }

        link.Health.Late();
        return false;
    }
}

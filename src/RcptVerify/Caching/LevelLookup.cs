using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Looks up in the levels behind memory, and settles what memory holds by what they say: what it lacks is brought to it, what is gone
/// there is forgotten, what the shared level has lost is given back to it. Callers who ask about one address at once share one look-up.
/// </summary>
/// <param name="memory">What is settled.</param>
/// <param name="levels">What is asked.</param>
/// <param name="changes">Changes memory.</param>
/// <param name="time">The clock.</param>
internal sealed class LevelLookup(MemoryVerdictStore memory, VerdictLevels levels, MemoryChanges changes, TimeProvider time)
{
    /// <summary>A verdict in the shared level that is older than memory's by this much is an earlier one, and not the same one by another clock: 1 s.</summary>
    private const long LostAfter = 1000;

    private readonly ConcurrentDictionary<byte[], Task> _recalls = new(Utf8KeyComparer.Instance);

    /// <summary>Asks the levels in their order until one of them knows, or has the right to say that nobody does.</summary>
    /// <param name="address">Canonical address. Kept, not to be written to.</param>
    public async ValueTask RecallAsync(byte[] address)
    {
        if (_recalls.TryGetValue(address, out Task? running))
        {
            await running;
            return;
        }

        TaskCompletionSource mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        running = _recalls.GetOrAdd(address, mine.Task);
        if (!ReferenceEquals(running, mine.Task))
        {
            await running;
            return;
        }

        try
        {
            await LookThroughAsync(address);
        }
        finally
        {
            _recalls.TryRemove(address, out _);
            mine.SetResult();
        }
    }

    /// <summary>Looks up in the shared level what memory holds.</summary>
    /// <param name="addresses">Canonical addresses. Kept, not to be written to.</param>
    /// <param name="settled">Gets, in the order of the addresses, whether the level said anything that still counts.</param>
    public async Task LookAsync(ReadOnlyMemory<byte[]> addresses, bool[] settled)
    {
        LevelAnswer[] answers = new LevelAnswer[addresses.Length];
        LookupMark[] began = new LookupMark[addresses.Length];
        for (int i = 0; i < began.Length; i++)
            began[i] = changes.Mark(addresses.Span[i]);
        await levels.Shared!.FindAllAsync(addresses, answers);
        for (int i = 0; i < began.Length; i++)
            settled[i] = Settle(began[i], answers[i], levels.SharedAt);
    }

    private async Task LookThroughAsync(byte[] address)
    {
        LookupMark began = changes.Mark(address);
        for (int i = 0; i < levels.Count; i++)
        {
            LevelAnswer answer = await levels.AskAsync(i, address);
            Settle(began, answer, i);
            if (answer.Verdict is not null || (answer.Answered && levels[i].IsShared))
                return;
        }
    }

    /// <summary>Takes over what a level says.</summary>
    /// <returns>False where nothing came of it: it did not say, or the address may have been removed since it was asked.</returns>
    private bool Settle(in LookupMark began, LevelAnswer answer, int level)
    {
        Taking taking = answer.Verdict is null ? Taking.Known : changes.Take(began, answer.Verdict, level);
        if (taking != Taking.Known)
            return taking == Taking.Taken;
        if (answer.Answered && levels[level].IsShared)
            Confirm(began, answer);
        return answer.Answered;
    }

    /// <summary>What memory holds was looked up in the shared level: it is gone, or may be said again.</summary>
    private void Confirm(in LookupMark began, LevelAnswer answer)
    {
        if (!memory.TryGet(began.Address, out Verdict? known) || known!.Generation == began.Generation)
            return;
        ISharedVerdictLevel shared = levels.Shared!;
        if (!VerdictPrecedence.IsAfter(known, answer.RemovedAt, time.GetUtcNow().ToUnixTimeMilliseconds()) || shared.IsPurged(known))
        {
            changes.Forget(began.Address, Math.Max(answer.RemovedAt, known.Asked));
            return;
        }

        // A refusal by a node that had not known the others' known good puts it in doubt, no more: the level will say so as well.
        if (known.Status == VerdictStatus.Undeliverable && answer.Verdict is { Status: VerdictStatus.Deliverable, Reply.AcceptAll: false } good)
        {
            changes.Replace(known, good);
            shared.Put(known);
            return;
        }

        known.Generation = began.Generation;
        // It has lost it: restarted, short of memory, or failed over to a replica that had not got it yet.
        if (answer.Verdict is null || (known.Status != VerdictStatus.Unknown && known.Updated - answer.Verdict.Updated >= LostAfter))
            shared.Put(known);
    }
}

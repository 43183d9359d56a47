using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Memory in front of slower levels, which are asked in their order when memory has no answer. Each verdict is put into all
/// of them. With Redis and a file: memory, then Redis, and the file only while Redis cannot say; the file's main use is then
/// the next start.
/// <para>
/// Where a level is shared, memory is trusted for as long as no word of the others can have been missed; what it took in before that
/// is looked up once more (<see cref="ISharedVerdictLevel.Generation"/>), in the background (<see cref="MemoryRecheck"/>). Until then
/// a known good is said all the same; a refusal is looked up before it is said. While that level is out of order memory is as good as
/// it gets.
/// </para>
/// <para>
/// Callers who ask about one address at once share one look-up. A level that takes too long counts as unavailable.
/// </para>
/// </summary>
public sealed class TieredVerdictCache : IVerdictStore, IRemoteChanges, IAsyncDisposable
{
    /// <summary>A verdict in the shared level that is older than memory's by this much is an earlier one, and not the same one by another clock: 1 s.</summary>
    private const long LostAfter = 1000;

    private readonly MemoryVerdictStore _memory;
    private readonly IReadOnlyList<IVerdictLevel> _levels;
    private readonly ISharedVerdictLevel? _shared;
    private readonly int _sharedAt;
    private readonly MemoryRecheck? _recheck;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<byte[], Task> _recalls = new(Utf8KeyComparer.Instance);

    /// <summary>Of two verdicts for one address the newer one must stay: looking and putting is one step, in these.</summary>
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Stripe())];

    /// <summary>Creates a cache.</summary>
    /// <param name="memory">The first level.</param>
    /// <param name="levels">Those behind it, in the order in which they are asked; the cache disposes of them. May be empty.</param>
    /// <param name="time">The clock.</param>
    /// <param name="recheck">The pace at which memory is checked anew; null for the defaults.</param>
    public TieredVerdictCache(MemoryVerdictStore memory, IReadOnlyList<IVerdictLevel> levels, TimeProvider time, RecheckLimits? recheck = null)
    {
        _memory = memory;
        _levels = levels;
        _sharedAt = levels.ToList().FindIndex(level => level is ISharedVerdictLevel);
        _shared = _sharedAt < 0 ? null : (ISharedVerdictLevel)levels[_sharedAt];
        _time = time;
        if (_shared is not null)
            _recheck = new MemoryRecheck(memory, _shared, LookAsync, time, recheck ?? new RecheckLimits());
    }

    /// <inheritdoc/>
    public bool HasMore => _levels.Count > 0;

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict) => _memory.TryGet(address, out verdict);

    /// <inheritdoc/>
    public bool IsWorthAnnouncing => _memory.IsWorthAnnouncing;

    /// <inheritdoc/>
    public uint Announce(ReadOnlySpan<byte> address) => _memory.Announce(address);

    /// <inheritdoc/>
    public void Approach(uint announced) => _memory.Approach(announced);

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        verdict.Generation = Generation;
        lock (StripeOf(verdict.Address).Lock)
        {
            _memory.Put(verdict);
        }

        PutFrom(0, verdict);
    }

    /// <inheritdoc/>
    public bool IsTrusted(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (_shared is null)
            return true;
        int generation = _shared.Generation;
        if (verdict.Generation == generation || !_shared.IsUp)
            return true;
        if (verdict.Status != VerdictStatus.Deliverable || _shared.IsPurged(verdict))
            return false;
        _recheck!.Hasten(verdict, generation);
        return true;
    }

    /// <inheritdoc/>
    void IRemoteChanges.CheckAnew() => _recheck?.Begin();

    /// <inheritdoc/>
    void IRemoteChanges.Learn(Verdict verdict)
    {
        verdict.Generation = Generation;
        if (Offer(verdict))
            PutUnshared(verdict);
    }

    /// <inheritdoc/>
    void IRemoteChanges.Forget(byte[] address, long removedAt)
    {
        Stripe stripe = StripeOf(address);
        lock (stripe.Lock)
        {
            stripe.Removals++; // what a look-up under way brings may be what was removed
            if (_memory.TryGet(address, out Verdict? known) && IsAfter(known!, removedAt))
                return;
            _memory.Remove(address);
        }

        ForgetUnshared(level => level.RemoveAsync(address));
    }

    /// <inheritdoc/>
    void IRemoteChanges.Purge(PurgeScope scope)
    {
        CountRemoval();
        _memory.Purge(scope);
        ForgetUnshared(level => level.PurgeAsync(scope));
    }

    /// <summary>
    /// Takes a verdict that was learnt earlier or elsewhere into memory, unless memory knows as much already: something
    /// newer that is still alive, or something definite where the verdict is unknown.
    /// </summary>
    /// <param name="verdict">What a level brings.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Offer(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        lock (StripeOf(verdict.Address).Lock)
            return OfferLocked(verdict);
    }

    /// <summary>Takes a verdict that was learnt elsewhere into all levels, unless one of them knows as much already.</summary>
    /// <param name="verdict">An imported verdict.</param>
    /// <returns>Whether it was taken.</returns>
    public async ValueTask<bool> ImportAsync(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (HasMore && !_memory.TryGet(verdict.Address, out _))
            await RecallAsync(verdict.Address);
        return Import(verdict);
    }

    private bool Import(Verdict verdict)
    {
        verdict.Generation = Generation;
        lock (StripeOf(verdict.Address).Lock)
        {
            if (!OfferLocked(verdict))
                return false;
            PutFrom(0, verdict);
            return true;
        }
    }

    /// <summary>
    /// Forgets an address in all levels, so that nothing of it comes back: neither what a level was asked about before, nor
    /// what was on its way into one. What a probe under way brings later is new, and stays.
    /// </summary>
    /// <param name="address">Canonical address.</param>
    /// <returns>Whether memory knew it.</returns>
    public async ValueTask<bool> RemoveAsync(ReadOnlyMemory<byte> address)
    {
        Stripe stripe = StripeOf(address.Span);
        foreach (IVerdictLevel level in _levels)
        {
            await level.RemoveAsync(address);
            // In this order: what a look-up has taken from here and handed on before stands in the levels that are still to come.
            lock (stripe.Lock)
                stripe.Removals++;
        }

        lock (stripe.Lock)
            return _memory.Remove(address.Span);
    }

    /// <summary>Forgets all that a scope covers in all levels, in the same way.</summary>
    /// <param name="scope">What to forget.</param>
    /// <returns>How many of them memory had.</returns>
    public async ValueTask<int> PurgeAsync(PurgeScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        foreach (IVerdictLevel level in _levels)
        {
            await level.PurgeAsync(scope);
            CountRemoval();
        }

        return _memory.Purge(scope);
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_recheck is not null)
            await _recheck.DisposeAsync();
        foreach (IVerdictLevel level in _levels)
            await level.DisposeAsync();
    }

    private async Task LookThroughAsync(byte[] address)
    {
        Question question = QuestionAbout(address);
        for (int i = 0; i < _levels.Count; i++)
        {
            LevelAnswer answer = await AskAsync(_levels[i], address);
            Settle(question, answer, i);
            if (answer.Verdict is not null || (answer.Answered && _levels[i].IsShared))
                return;
        }
    }

    /// <summary>Looks up in the shared level what memory holds.</summary>
    private async Task LookAsync(ReadOnlyMemory<byte[]> addresses, bool[] settled)
    {
        LevelAnswer[] answers = new LevelAnswer[addresses.Length];
        Question[] questions = new Question[addresses.Length];
        for (int i = 0; i < questions.Length; i++)
            questions[i] = QuestionAbout(addresses.Span[i]);
        await _shared!.FindAllAsync(addresses, answers);
        for (int i = 0; i < questions.Length; i++)
            settled[i] = Settle(questions[i], answers[i], _sharedAt);
    }

    /// <summary>Before asking: what changes meanwhile is asked for again.</summary>
    private Question QuestionAbout(byte[] address)
    {
        int generation = Generation;
        Stripe stripe = StripeOf(address);
        lock (stripe.Lock)
            return new(address, generation, stripe, stripe.Removals);
    }

    /// <summary>Takes over what a level says.</summary>
    /// <returns>False where nothing came of it: it did not say, or the address may have been removed since it was asked.</returns>
    private bool Settle(in Question question, LevelAnswer answer, int level)
    {
        if (answer.Verdict is { } verdict)
        {
            verdict.Generation = question.Generation;
            lock (question.Stripe.Lock)
            {
                if (question.Stripe.Removals != question.Removals)
                    return false;
                if (OfferLocked(verdict))
                {
                    PutFrom(level + 1, verdict);
                    return true;
                }
            }
        }

        if (answer.Answered && _levels[level].IsShared)
            Confirm(question, answer);
        return answer.Answered;
    }

    /// <summary>What memory holds was looked up in the shared level: it is gone, or may be said again.</summary>
    private void Confirm(in Question question, LevelAnswer answer)
    {
        if (!_memory.TryGet(question.Address, out Verdict? known) || known!.Generation == question.Generation)
            return;
        if (!IsAfter(known, answer.RemovedAt) || _shared!.IsPurged(known))
        {
            ((IRemoteChanges)this).Forget(question.Address, Math.Max(answer.RemovedAt, known.Asked));
            return;
        }

        // A refusal by a node that had not known the others' known good puts it in doubt, no more: the level will say so as well.
        if (known.Status == VerdictStatus.Undeliverable && answer.Verdict is { Status: VerdictStatus.Deliverable, Reply.AcceptAll: false } good)
        {
            Replace(known, good);
            _shared.Put(known);
            return;
        }

        known.Generation = question.Generation;
        // It has lost it: restarted, short of memory, or failed over to a replica that had not got it yet.
        if (answer.Verdict is null || (known.Status != VerdictStatus.Unknown && known.Updated - answer.Verdict.Updated >= LostAfter))
            _shared.Put(known);
    }

    private void Replace(Verdict known, Verdict by)
    {
        lock (StripeOf(known.Address).Lock)
        {
            if (_memory.TryGet(known.Address, out Verdict? now) && ReferenceEquals(now, known))
                _memory.Put(by);
        }
    }

    /// <summary>Whether it was asked after its address was removed; a date that cannot be is no proof of it.</summary>
    private bool IsAfter(Verdict verdict, long removedAt) =>
        verdict.Asked > removedAt && (removedAt == 0 || !Verdict.IsAhead(verdict.Asked, _time.GetUtcNow().ToUnixTimeMilliseconds()));

    private async ValueTask<LevelAnswer> AskAsync(IVerdictLevel level, byte[] address)
    {
        ValueTask<LevelAnswer> asked = level.FindAsync(address);
        if (asked.IsCompletedSuccessfully)
            return asked.Result;
        Task<LevelAnswer> answer = asked.AsTask();
        await ((Task)answer.WaitAsync(level.FindWithin, _time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.IsCompletedSuccessfully ? await answer : LevelAnswer.Unavailable;
    }

    private void PutFrom(int level, Verdict verdict)
    {
        for (int i = level; i < _levels.Count; i++)
            _levels[i].Put(verdict);
    }

    private void PutUnshared(Verdict verdict)
    {
        foreach (IVerdictLevel level in _levels)
        {
            if (!level.IsShared)
                level.Put(verdict);
        }
    }

    private void ForgetUnshared(Func<IVerdictLevel, ValueTask> forget)
    {
        foreach (IVerdictLevel level in _levels)
        {
            if (!level.IsShared)
                _ = forget(level).AsTask();
        }
    }

    private bool OfferLocked(Verdict verdict)
    {
        if (_memory.TryGet(verdict.Address, out Verdict? known) && !GivesWay(known!, verdict))
            return false;
        _memory.Put(verdict);
        return true;
    }

    private void CountRemoval()
    {
        foreach (Stripe stripe in _stripes)
        {
            lock (stripe.Lock)
                stripe.Removals++;
        }
    }

    private int Generation => _shared?.Generation ?? 0;

    private bool GivesWay(Verdict known, Verdict offered)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (known.GoneAt <= now)
            return true;
        if ((known.Status == VerdictStatus.Unknown) != (offered.Status == VerdictStatus.Unknown))
            return known.Status == VerdictStatus.Unknown;
        // A date ahead is of a clock that was set back since: what this one has dated is the newer of the two.
        bool knownAhead = known.Updated - now > Freshness.MaxClockSkew;
        if (knownAhead != offered.Updated - now > Freshness.MaxClockSkew)
            return knownAhead;
        // A refusal that does not yet undo a known good leaves its date alone.
        return known.Updated < offered.Updated
            || (known.Updated == offered.Updated && known.Status == offered.Status && known.Refusals < offered.Refusals);
    }

    private Stripe StripeOf(ReadOnlySpan<byte> address) => _stripes[Utf8KeyComparer.Instance.GetHashCode(address) & (_stripes.Length - 1)];

    /// <summary>What is asked, and what was so when it was.</summary>
    private readonly record struct Question(byte[] Address, int Generation, Stripe Stripe, long Removals);

    /// <summary>A lock for a part of the addresses, and how often something was removed among them.</summary>
    private sealed class Stripe
    {
        public readonly Lock Lock = new();
        public long Removals;
    }
}

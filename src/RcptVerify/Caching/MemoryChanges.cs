using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// All that changes memory, and what the levels behind it are told of that. Of two verdicts for one address the newer one stays, and
/// what was removed does not come back by a look-up that began before: looking and putting is one step, in <see cref="AddressStripes"/>.
/// </summary>
/// <param name="memory">What is changed.</param>
/// <param name="levels">Those behind it.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryChanges(MemoryVerdictStore memory, VerdictLevels levels, TimeProvider time)
{
    private readonly AddressStripes _stripes = new();

    /// <summary>Takes what a probe has found, everywhere.</summary>
    /// <param name="verdict">The new verdict of its address.</param>
    public void Put(Verdict verdict)
    {
        verdict.Generation = levels.Generation;
        lock (_stripes.Of(verdict.Address).Lock)
        {
            memory.Put(verdict);
        }

        levels.PutFrom(0, verdict);
    }

    /// <summary>Takes a verdict into memory unless that knows as much already.</summary>
    /// <param name="verdict">What was learnt earlier or elsewhere.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Offer(Verdict verdict)
    {
        lock (_stripes.Of(verdict.Address).Lock)
            return OfferLocked(verdict);
    }

    /// <summary>Takes what another node has learnt and shared, unless memory knows as much already.</summary>
    /// <param name="verdict">Its verdict.</param>
    public void Learn(Verdict verdict)
    {
        verdict.Generation = levels.Generation;
        if (Offer(verdict))
            levels.PutUnshared(verdict);
    }

    /// <summary>Takes a verdict that nobody here has, everywhere, unless memory knows as much already.</summary>
    /// <param name="verdict">An imported verdict.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Import(Verdict verdict)
    {
        verdict.Generation = levels.Generation;
        lock (_stripes.Of(verdict.Address).Lock)
        {
            if (!OfferLocked(verdict))
                return false;
            levels.PutFrom(0, verdict);
            return true;
        }
    }

    /// <summary>Before asking a level: what changes meanwhile is asked for again.</summary>
    /// <param name="address">Canonical address.</param>
    public LookupMark Mark(byte[] address)
    {
        int generation = levels.Generation;
        AddressStripe stripe = _stripes.Of(address);
        lock (stripe.Lock)
            return new(address, generation, stripe, stripe.Removals);
    }

    /// <summary>Takes what a look-up brings into memory and the levels that were not asked.</summary>
    /// <param name="began">When it began.</param>
    /// <param name="verdict">What it brings.</param>
    /// <param name="level">The place of the level that it comes from.</param>
    public Taking Take(in LookupMark began, Verdict verdict, int level)
    {
        verdict.Generation = began.Generation;
        lock (began.Stripe.Lock)
        {
            if (began.Stripe.Removals != began.Removals)
                return Taking.Overtaken;
            if (!OfferLocked(verdict))
                return Taking.Known;
            levels.PutFrom(level + 1, verdict);
            return Taking.Taken;
        }
    }

    /// <summary>Exchanges one verdict in memory, unless another has come meanwhile.</summary>
    /// <param name="known">What memory held.</param>
    /// <param name="by">What it is to hold.</param>
    public void Replace(Verdict known, Verdict by)
    {
        lock (_stripes.Of(known.Address).Lock)
        {
            if (memory.TryGet(known.Address, out Verdict? now) && ReferenceEquals(now, known))
                memory.Put(by);
        }
    }

    /// <summary>Forgets what others have removed from the shared level.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="removedAt">When, in Unix milliseconds: what was asked later stays.</param>
    public void Forget(byte[] address, long removedAt)
    {
        AddressStripe stripe = _stripes.Of(address);
        lock (stripe.Lock)
        {
            stripe.CountRemoval();
            if (memory.TryGet(address, out Verdict? known) && VerdictPrecedence.IsAfter(known!, removedAt, time.GetUtcNow().ToUnixTimeMilliseconds()))
                return;
            memory.Remove(address);
        }

        levels.ForgetUnshared(level => level.RemoveAsync(address));
    }

    /// <summary>Forgets what others have purged from the shared level.</summary>
    /// <param name="scope">What.</param>
    public void Forget(PurgeScope scope)
    {
        _stripes.CountRemoval();
        memory.Purge(scope);
        levels.ForgetUnshared(level => level.PurgeAsync(scope));
    }

    /// <summary>Forgets an address everywhere.</summary>
    /// <param name="address">Canonical address.</param>
    /// <returns>Whether memory knew it.</returns>
    public async ValueTask<bool> RemoveAsync(ReadOnlyMemory<byte> address)
    {
        AddressStripe stripe = _stripes.Of(address.Span);
        for (int i = 0; i < levels.Count; i++)
        {
            await levels[i].RemoveAsync(address);
            // In this order: what a look-up has taken from here and handed on before stands in the levels that are still to come.
            stripe.CountRemoval();
        }

        lock (stripe.Lock)
            return memory.Remove(address.Span);
    }

    /// <summary>Forgets all that a scope covers everywhere, in the same way.</summary>
    /// <param name="scope">What to forget.</param>
    /// <returns>How many of them memory had.</returns>
    public async ValueTask<int> PurgeAsync(PurgeScope scope)
    {
        for (int i = 0; i < levels.Count; i++)
        {
            await levels[i].PurgeAsync(scope);
            _stripes.CountRemoval();
        }

        return memory.Purge(scope);
    }

    private bool OfferLocked(Verdict verdict)
    {
        if (memory.TryGet(verdict.Address, out Verdict? known) && !VerdictPrecedence.GivesWay(known!, verdict, time.GetUtcNow().ToUnixTimeMilliseconds()))
            return false;
        memory.Put(verdict);
        return true;
    }
}

using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts in memory, at most a given number of them. A full store takes the new verdict and gives up old ones:
/// unknowns first, then refusals, then known goods, each in the order of their arrival, so that a dictionary attack
/// pushes out refusals and not the recipients that exist. Where all others rank higher it is the new one that goes.
/// Refusals and unknowns together hold at most half of the places, known goods as many as are free: half of the store is
/// theirs at any time. Which route they belong to makes no difference: an attack on one can push out the refusals of
/// another, which costs a probe each.
/// <para>
/// Lookups take no lock and allocate nothing. A verdict that was replaced leaves its place in the queue of arrivals
/// behind; such places are passed over, and swept out once they are many.
/// </para>
/// </summary>
public sealed class MemoryVerdictStore : IVerdictStore
{
    /// <summary>Places looked at on each insertion: more than one, so that sweeping outruns filling.</summary>
    private const int SweptPerPut = 2;

    /// <summary>Replaced places that are not worth a sweep.</summary>
    private const int ToleratedReplaced = 1024;

    private readonly ConcurrentDictionary<byte[], Verdict> _entries = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], Verdict>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly Arrivals[] _arrivals = [new(), new(), new()];
    private readonly TimeProvider _time;
    private readonly int _maxNegatives;
    private int _count;

    /// <summary>Creates an empty store.</summary>
    /// <param name="maxEntries">Most verdicts kept, at least 1.</param>
    /// <param name="time">The clock.</param>
    public MemoryVerdictStore(int maxEntries, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        MaxEntries = maxEntries;
        _maxNegatives = Math.Max(maxEntries / 2, 1);
        _time = time;
        _lookup = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Most verdicts kept.</summary>
    public int MaxEntries { get; }

    /// <summary>Verdicts kept now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict) => _lookup.TryGetValue(address, out verdict);

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        while (!_entries.TryAdd(verdict.Address, verdict))
        {
            if (!_entries.TryGetValue(verdict.Address, out Verdict? old))
                continue;
            if (ReferenceEquals(old, verdict))
                return; // it has its place already
            if (!_entries.TryUpdate(verdict.Address, verdict, old))
                continue;
            Interlocked.Increment(ref ArrivalsOf(old.Status).Replaced);
            Interlocked.Decrement(ref ArrivalsOf(old.Status).Kept);
            Interlocked.Decrement(ref _count);
            break;
        }

        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref ArrivalsOf(verdict.Status).Kept);
        ArrivalsOf(verdict.Status).Queue.Enqueue(verdict);
        Sweep();
        while (Negatives > _maxNegatives && GiveUpOneNegative())
        {
        }

        while (Count > MaxEntries && GiveUpOne())
        {
        }
    }

    private Arrivals ArrivalsOf(VerdictStatus status) => _arrivals[(int)status];

    private void Sweep()
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (Arrivals arrivals in _arrivals)
        {
            for (int i = 0; i < SweptPerPut && arrivals.Queue.TryPeek(out Verdict? oldest); i++)
            {
                if (Counts(oldest, now))
                    break;
                if (!arrivals.Queue.TryDequeue(out Verdict? taken))
                    break;
                if (Counts(taken, now))
                    arrivals.Queue.Enqueue(taken); // another thread took the one we had looked at
                else
                    Drop(arrivals, taken);
            }

            if (Volatile.Read(ref arrivals.Replaced) > ToleratedReplaced + (Count / 2))
                SweepReplaced(arrivals);
        }
    }

    /// <summary>One turn of the queue: places of verdicts that still count go to its end, in their order.</summary>
    private void SweepReplaced(Arrivals arrivals)
    {
        if (Interlocked.Exchange(ref arrivals.Sweeping, 1) != 0)
            return;
        for (int left = arrivals.Queue.Count; left > 0 && arrivals.Queue.TryDequeue(out Verdict? verdict); left--)
        {
            if (IsCurrent(verdict))
                arrivals.Queue.Enqueue(verdict);
            else
                Interlocked.Decrement(ref arrivals.Replaced);
        }

        Volatile.Write(ref arrivals.Sweeping, 0);
    }

    private int Negatives =>
        Volatile.Read(ref ArrivalsOf(VerdictStatus.Unknown).Kept) + Volatile.Read(ref ArrivalsOf(VerdictStatus.Undeliverable).Kept);

    private bool GiveUpOneNegative() => GiveUpFrom(VerdictStatus.Unknown) || GiveUpFrom(VerdictStatus.Undeliverable);

    private bool GiveUpOne() => GiveUpOneNegative() || GiveUpFrom(VerdictStatus.Deliverable);

    private bool GiveUpFrom(VerdictStatus status)
    {
        Arrivals arrivals = ArrivalsOf(status);
        while (arrivals.Queue.TryDequeue(out Verdict? oldest))
        {
            if (Drop(arrivals, oldest))
                return true;
        }

        return false;
    }

    private bool Counts(Verdict verdict, long now) => verdict.GoneAt > now && IsCurrent(verdict);

    private bool IsCurrent(Verdict verdict) => _entries.TryGetValue(verdict.Address, out Verdict? current) && ReferenceEquals(current, verdict);

    /// <summary>Forgets a verdict whose place has been taken from the queue. False where a newer one had replaced it.</summary>
    private bool Drop(Arrivals arrivals, Verdict verdict)
    {
        if (_entries.TryRemove(new KeyValuePair<byte[], Verdict>(verdict.Address, verdict)))
        {
            Interlocked.Decrement(ref arrivals.Kept);
            Interlocked.Decrement(ref _count);
            return true;
        }

        Interlocked.Decrement(ref arrivals.Replaced);
        return false;
    }

    /// <summary>The verdicts of one status in the order of their arrival.</summary>
    private sealed class Arrivals
    {
        public readonly ConcurrentQueue<Verdict> Queue = new();
        public int Kept;
        public int Replaced;
        public int Sweeping;
    }
}

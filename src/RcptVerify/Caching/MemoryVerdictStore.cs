using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts in memory, at most a given number of them. A full store takes the new verdict and gives up old ones:
/// unknowns first, then refusals, then known goods, each in the order of their arrival, so that a dictionary attack
/// pushes out refusals and not the recipients that exist. Where all others rank higher it is the new one that goes.
/// Refusals and unknowns together hold at most half of the places, known goods as many as are free: half of the store is
/// theirs at any time. Those of one route hold at most that route's share (<see cref="Limit"/>), past which its own oldest
/// ones go: an attack on one route pushes out nothing of another until two or more are attacked at once.
/// <para>
/// Lookups take no lock and allocate nothing. A refusal or an unknown stands in two queues of arrivals, that of all routes and
/// its route's. A verdict that was replaced, or given up at its place in the other queue, leaves its place
/// behind; such places are passed over, and swept out once they are many.
/// </para>
/// </summary>
public sealed class MemoryVerdictStore : IVerdictStore
{
    /// <summary>Places looked at on each insertion: more than one, so that sweeping outruns filling.</summary>
    private const int SweptPerPut = 2;

    /// <summary>Replaced places that are not worth a sweep: in a queue of all routes, and in one of a route.</summary>
    private const int ToleratedReplaced = 1024, ToleratedReplacedOfRoute = 64;

    private readonly VerdictTable _entries;
    private readonly Arrivals[] _arrivals = [new(ToleratedReplaced), new(ToleratedReplaced), new(ToleratedReplaced)];
    private readonly ConcurrentDictionary<string, RouteShare> _shares = new();
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
        DefaultShare = Math.Max(maxEntries / 4, 1);
        _time = time;
        _entries = new VerdictTable(maxEntries);
    }

    /// <summary>Most verdicts kept.</summary>
    public int MaxEntries { get; }

    /// <summary>Most refusals and unknowns of a route that has no share of its own: a quarter of all places.</summary>
    public int DefaultShare { get; }

    /// <summary>Verdicts kept now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict) => (verdict = _entries.Find(address)) is not null;

    /// <inheritdoc/>
    public bool IsWorthAnnouncing => _entries.IsLarge;

    /// <inheritdoc/>
    public uint Announce(ReadOnlySpan<byte> address) => _entries.Announce(address);

    /// <inheritdoc/>
    public void Approach(uint announced) => _entries.Approach(announced);

    /// <summary>Sets the share of a route in the refusals and unknowns; counts from its next verdict on.</summary>
    /// <param name="route">Its name.</param>
    /// <param name="maxNegatives">Most of them kept, at least 1; 0 for <see cref="DefaultShare"/>.</param>
    public void Limit(string route, int maxNegatives)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxNegatives);
        ShareOf(route).Max = maxNegatives == 0 ? DefaultShare : maxNegatives;
    }

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        Verdict? old = _entries.Put(verdict);
        if (ReferenceEquals(old, verdict))
            return; // it has its place already
        if (old is not null)
            Uncount(old, at: null);
        Interlocked.Increment(ref _count);
        Enqueue(ArrivalsOf(verdict.Status), verdict);
        RouteShare? share = verdict.Status == VerdictStatus.Deliverable ? null : ShareOf(verdict.Reply.RouteName);
        if (share is not null)
            Enqueue(share.ArrivalsOf(verdict.Status), verdict);
        Sweep(share);
        while (share is not null && share.Negatives > share.Max && GiveUpOneNegative(share))
        {
        }

        while (Negatives > _maxNegatives && GiveUpOneNegative())
        {
        }

        while (Count > MaxEntries && GiveUpOne())
        {
        }
    }

    /// <summary>Forgets an address.</summary>
    /// <param name="address">Canonical address.</param>
    /// <returns>Whether there was something to forget.</returns>
    public bool Remove(ReadOnlySpan<byte> address)
    {
        if (_entries.Remove(address) is not { } verdict)
            return false;
        Uncount(verdict, at: null);
        return true;
    }

    /// <summary>Forgets all that a scope covers. Walks through everything, and hinders nobody meanwhile.</summary>
    /// <param name="scope">What to forget.</param>
    /// <returns>How many were forgotten.</returns>
    public int Purge(PurgeScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Forget(scope.Covers);
    }

    /// <summary>Forgets what is no known good and is dated further ahead than clocks differ: the clock was set back since.</summary>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    /// <returns>How many were forgotten.</returns>
    public int ForgetAhead(long now) =>
        Forget(verdict => verdict.Status != VerdictStatus.Deliverable && verdict.Updated - now > Freshness.MaxClockSkew);

    private int Forget(Func<Verdict, bool> covers)
    {
        int forgotten = 0;
        foreach (Verdict verdict in _entries.Enumerate())
        {
            if (!covers(verdict) || !_entries.Remove(verdict))
                continue;
            Uncount(verdict, at: null);
            forgotten++;
        }

        return forgotten;
    }

    /// <summary>The verdicts as they are met on a walk through all of them; those that come or go meanwhile may be missed.</summary>
    public IEnumerable<Verdict> Enumerate() => _entries.Enumerate();

    private Arrivals ArrivalsOf(VerdictStatus status) => _arrivals[(int)status];

    private RouteShare ShareOf(string route) => _shares.GetOrAdd(route, static (_, max) => new(max), DefaultShare);

    private static void Enqueue(Arrivals arrivals, Verdict verdict)
    {
        Interlocked.Increment(ref arrivals.Kept);
        arrivals.Queue.Enqueue(verdict);
    }

    /// <summary>A verdict is no longer kept.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="at">The queue from which its place was taken; null for none: its places stay behind.</param>
    private void Uncount(Verdict verdict, Arrivals? at)
    {
        Interlocked.Decrement(ref _count);
        Leave(ArrivalsOf(verdict.Status));
        if (verdict.Status != VerdictStatus.Deliverable)
            Leave(ShareOf(verdict.Reply.RouteName).ArrivalsOf(verdict.Status));

        void Leave(Arrivals arrivals)
        {
            Interlocked.Decrement(ref arrivals.Kept);
            // Here and not where one is put: a route that is no longer asked about must not keep its dead.
            if (arrivals != at && Interlocked.Increment(ref arrivals.Replaced) > arrivals.ToleratedReplaced + (Volatile.Read(ref arrivals.Kept) / 2))
                SweepReplaced(arrivals);
        }
    }

    private void Sweep(RouteShare? share)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (Arrivals arrivals in _arrivals)
            Sweep(arrivals, now);
        foreach (Arrivals arrivals in share?.Arrivals ?? [])
            Sweep(arrivals, now);
    }

    private void Sweep(Arrivals arrivals, long now)
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
    }

    /// <summary>One turn of the queue: places of verdicts that still count go to its end, in their order.</summary>
    private void SweepReplaced(Arrivals arrivals)
    {
        if (Interlocked.Exchange(ref arrivals.Sweeping, 1) != 0)
            return;
        for (int left = arrivals.Queue.Count; left > 0 && arrivals.Queue.TryDequeue(out Verdict? verdict); left--)
        {
            if (_entries.Holds(verdict))
                arrivals.Queue.Enqueue(verdict);
            else
                Interlocked.Decrement(ref arrivals.Replaced);
        }

        Volatile.Write(ref arrivals.Sweeping, 0);
    }

    private int Negatives =>
        Volatile.Read(ref ArrivalsOf(VerdictStatus.Unknown).Kept) + Volatile.Read(ref ArrivalsOf(VerdictStatus.Undeliverable).Kept);

    private bool GiveUpOneNegative(RouteShare share) =>
        GiveUpFrom(share.ArrivalsOf(VerdictStatus.Unknown)) || GiveUpFrom(share.ArrivalsOf(VerdictStatus.Undeliverable));

    private bool GiveUpOneNegative() => GiveUpFrom(ArrivalsOf(VerdictStatus.Unknown)) || GiveUpFrom(ArrivalsOf(VerdictStatus.Undeliverable));

    private bool GiveUpOne() => GiveUpOneNegative() || GiveUpFrom(ArrivalsOf(VerdictStatus.Deliverable));

    private bool GiveUpFrom(Arrivals arrivals)
    {
        while (arrivals.Queue.TryDequeue(out Verdict? oldest))
        {
            if (Drop(arrivals, oldest))
                return true;
        }

        return false;
    }

    private bool Counts(Verdict verdict, long now) => verdict.GoneAt > now && _entries.Holds(verdict);

    /// <summary>Forgets a verdict whose place has been taken from the queue. False where a newer one had replaced it.</summary>
    private bool Drop(Arrivals arrivals, Verdict verdict)
    {
        if (_entries.Remove(verdict))
        {
            Uncount(verdict, arrivals);
            return true;
        }

        Interlocked.Decrement(ref arrivals.Replaced);
        return false;
    }

    /// <summary>The refusals and unknowns of one route.</summary>
    private sealed class RouteShare(int max)
    {
        public readonly Arrivals[] Arrivals = [new(ToleratedReplacedOfRoute), new(ToleratedReplacedOfRoute)];
        public volatile int Max = max;

        public int Negatives =>
            Volatile.Read(ref ArrivalsOf(VerdictStatus.Unknown).Kept) + Volatile.Read(ref ArrivalsOf(VerdictStatus.Undeliverable).Kept);

        public Arrivals ArrivalsOf(VerdictStatus status) => Arrivals[status == VerdictStatus.Unknown ? 0 : 1];
    }

    /// <summary>The verdicts of one status in the order of their arrival.</summary>
    private sealed class Arrivals(int toleratedReplaced)
    {
        public readonly int ToleratedReplaced = toleratedReplaced;
        public readonly ConcurrentQueue<Verdict> Queue = new();
        public int Kept;
        public int Replaced;
        public int Sweeping;
    }
}

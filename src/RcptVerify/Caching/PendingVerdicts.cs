using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts on their way to a slow store, and addresses to be forgotten there; one change an address, the newest; at most a
/// given number, the oldest give way. Those taken to be written stay visible until they are.
/// <para>
/// A purge takes out what waits at once, and goes before all that waits when it is written: what came before it is covered,
/// what comes after it is not.
/// </para>
/// </summary>
/// <param name="capacity">Most changes waiting, at least 1.</param>
internal sealed class PendingVerdicts(int capacity)
{
    private readonly Lock _lock = new();
    private Changes _waiting = new();
    private Changes? _taken;

    /// <summary>Whether any wait.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
                return _waiting.Any;
        }
    }

    /// <summary>Adds a verdict.</summary>
    /// <param name="verdict">The newest one of its address.</param>
    /// <param name="lost">Whether another one had to give way.</param>
    /// <returns>Whether it is the first one waiting.</returns>
    public bool Add(Verdict verdict, out bool lost) => Add(verdict.Address, verdict, out lost);

    /// <summary>Adds an address to be forgotten.</summary>
    /// <param name="address">Kept, not to be written to.</param>
    /// <param name="lost">Whether another change had to give way.</param>
    /// <returns>Whether it is the first one waiting.</returns>
    public bool AddRemoval(byte[] address, out bool lost) => Add(address, null, out lost);

    /// <summary>Forgets what waits and is covered, and has the store forget it.</summary>
    /// <returns>Whether it is the first one waiting.</returns>
    public bool AddPurge(PurgeScope scope)
    {
        lock (_lock)
        {
            bool first = !_waiting.Any;
            _waiting.Forget(scope);
            _waiting.Purges.Add(scope);
            return first;
        }
    }

    /// <summary>Looks among those waiting and those being written.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="verdict">The verdict; null where the address is to be forgotten.</param>
    /// <returns>Whether any change to this address is on its way.</returns>
    public bool TryGet(byte[] address, out Verdict? verdict)
    {
        lock (_lock)
        {
            if (_waiting.ByAddress.TryGetValue(address, out verdict))
                return true;
            if (_taken is null || !_taken.ByAddress.TryGetValue(address, out verdict))
                return false;
            if (verdict is not null && _waiting.Forgets(verdict))
                verdict = null;
            return true;
        }
    }

    /// <summary>Whether what the store holds is to be forgotten by a purge that it has not been told yet.</summary>
    /// <param name="stored">What the store holds.</param>
    public bool Forgets(Verdict stored)
    {
        lock (_lock)
        {
            return _waiting.Forgets(stored) || _taken?.Forgets(stored) == true
                || (_waiting.ByAddress.TryGetValue(stored.Address, out Verdict? waiting) && waiting is null)
                || (_taken is not null && _taken.ByAddress.TryGetValue(stored.Address, out Verdict? taken) && taken is null);
        }
    }

    /// <summary>Takes all that wait, in the order in which their addresses came; <see cref="Written"/> or <see cref="PutBack"/> must follow.</summary>
    public PendingChanges Take()
    {
        lock (_lock)
        {
            _taken = _waiting;
            _waiting = new();
            List<Verdict> verdicts = new(_taken.ByAddress.Count);
            List<byte[]> removals = [];
            foreach (byte[] address in _taken.Order)
            {
                if (_taken.ByAddress[address] is { } verdict)
                    verdicts.Add(verdict);
                else
                    removals.Add(address);
            }

            return new(_taken.Purges, removals, verdicts);
        }
    }

    /// <summary>Those taken are in the store.</summary>
    public void Written()
    {
        lock (_lock)
            _taken = null;
    }

    /// <summary>Those taken could not be written: they wait again, before the newer ones.</summary>
    /// <returns>How many had to give way.</returns>
    public int PutBack()
    {
        lock (_lock)
        {
            if (_taken is null)
                return 0;
            (Changes newer, _waiting, _taken) = (_waiting, _taken, null);
            foreach (PurgeScope scope in newer.Purges)
            {
                _waiting.Forget(scope);
                _waiting.Purges.Add(scope);
            }

            foreach (byte[] address in newer.Order)
                _waiting.Set(address, newer.ByAddress[address]);

            int lost = 0;
            for (; _waiting.ByAddress.Count > capacity; lost++)
                _waiting.DropOldest();
            return lost;
        }
    }

    private bool Add(byte[] address, Verdict? change, out bool lost)
    {
        lock (_lock)
        {
            bool first = !_waiting.Any;
            _waiting.Set(address, change);
            lost = _waiting.ByAddress.Count > capacity;
            if (lost)
                _waiting.DropOldest();
            return first;
        }
    }

    /// <summary>One set of changes.</summary>
    private sealed class Changes
    {
        public readonly Dictionary<byte[], Verdict?> ByAddress = new(Utf8KeyComparer.Instance);
        public readonly Queue<byte[]> Order = new();
        public readonly List<PurgeScope> Purges = [];

        public bool Any => ByAddress.Count > 0 || Purges.Count > 0;

        public void Set(byte[] address, Verdict? change)
        {
            if (ByAddress.TryAdd(address, change))
                Order.Enqueue(address);
            else
                ByAddress[address] = change;
        }

        public bool Forgets(Verdict verdict) => Purges.Exists(scope => scope.Covers(verdict));

        public void Forget(PurgeScope scope)
        {
            if (scope.Kind == PurgeKind.All)
                Purges.Clear();
            bool any = false;
            foreach ((byte[] address, Verdict? change) in ByAddress)
            {
                if (change is not null && scope.Covers(change))
                    any |= ByAddress.Remove(address);
            }

            if (!any)
                return;
            byte[][] left = [.. Order.Where(ByAddress.ContainsKey)];
            Order.Clear();
            foreach (byte[] address in left)
                Order.Enqueue(address);
        }

        public void DropOldest() => ByAddress.Remove(Order.Dequeue());
    }
}

/// <summary>What a store is told at one time, in this order: purges, addresses to forget, verdicts.</summary>
/// <param name="Purges">Scopes to forget.</param>
/// <param name="Removals">Addresses to forget.</param>
/// <param name="Verdicts">Verdicts to keep.</param>
internal sealed record PendingChanges(IReadOnlyList<PurgeScope> Purges, IReadOnlyList<byte[]> Removals, IReadOnlyList<Verdict> Verdicts);

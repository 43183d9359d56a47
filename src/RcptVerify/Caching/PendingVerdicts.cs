using System.Diagnostics.CodeAnalysis;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts on their way to a slow store: one an address, the newest; at most a given number, the oldest give way. Those
/// taken to be written stay visible until they are.
/// </summary>
/// <param name="capacity">Most verdicts waiting, at least 1.</param>
internal sealed class PendingVerdicts(int capacity)
{
    private readonly Lock _lock = new();
    private Dictionary<byte[], Verdict> _waiting = new(Utf8KeyComparer.Instance);
    private Queue<byte[]> _order = new();
    private Dictionary<byte[], Verdict>? _taken;
    private Queue<byte[]> _takenOrder = new();

    /// <summary>Whether any wait.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
                return _waiting.Count > 0;
        }
    }

    /// <summary>Adds a verdict.</summary>
    /// <param name="verdict">The newest one of its address.</param>
    /// <param name="lost">Whether another one had to give way.</param>
    /// <returns>Whether it is the first one waiting.</returns>
    public bool Add(Verdict verdict, out bool lost)
    {
        lock (_lock)
        {
            lost = false;
            if (!_waiting.TryAdd(verdict.Address, verdict))
            {
                _waiting[verdict.Address] = verdict;
                return false;
            }

            _order.Enqueue(verdict.Address);
            if (_waiting.Count > capacity)
                lost = _waiting.Remove(_order.Dequeue());
            return _waiting.Count == 1;
        }
    }

    /// <summary>Looks among those waiting and those being written.</summary>
    public bool TryGet(byte[] address, [NotNullWhen(true)] out Verdict? verdict)
    {
        lock (_lock)
            return _waiting.TryGetValue(address, out verdict) || (_taken is not null && _taken.TryGetValue(address, out verdict));
    }

    /// <summary>Takes all that wait, in the order in which their addresses came; <see cref="Written"/> or <see cref="PutBack"/> must follow.</summary>
    public IReadOnlyList<Verdict> Take()
    {
        lock (_lock)
        {
            (_taken, _takenOrder) = (_waiting, _order);
            (_waiting, _order) = (new(Utf8KeyComparer.Instance), new());
            List<Verdict> taken = new(_taken.Count);
            foreach (byte[] address in _takenOrder)
                taken.Add(_taken[address]);
            return taken;
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
            (Dictionary<byte[], Verdict> newer, Queue<byte[]> newerOrder) = (_waiting, _order);
            (_waiting, _order) = (_taken, _takenOrder);
            _taken = null;
            foreach (byte[] address in newerOrder)
            {
                if (!_waiting.ContainsKey(address))
                    _order.Enqueue(address);
                _waiting[address] = newer[address];
            }

            int lost = 0;
            for (; _waiting.Count > capacity; lost++)
                _waiting.Remove(_order.Dequeue());
            return lost;
        }
    }
}

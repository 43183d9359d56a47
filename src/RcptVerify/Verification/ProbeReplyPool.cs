using System.Collections.Concurrent;

namespace RcptVerify.Verification;

/// <summary>
/// Shares equal <see cref="ProbeReply"/> instances. Bounded: a server that puts a serial number into each reply fills
/// it once, after which replies are simply not shared any more.
/// </summary>
public sealed class ProbeReplyPool
{
    /// <summary>Most replies shared. A server has a few dozen different texts; refusals that echo the address are many.</summary>
    public const int MaxEntries = 4096;

    private readonly ConcurrentDictionary<ProbeReply, ProbeReply> _known = new();
    private int _count;

    /// <summary>The shared instance equal to <paramref name="reply"/>, or <paramref name="reply"/> itself.</summary>
    /// <param name="reply">A reply just received or read from a store.</param>
    public ProbeReply Share(ProbeReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (_known.TryGetValue(reply, out ProbeReply? known))
            return known;
        if (Volatile.Read(ref _count) >= MaxEntries || !_known.TryAdd(reply, reply))
            return reply;
        Interlocked.Increment(ref _count);
        return reply;
    }
}

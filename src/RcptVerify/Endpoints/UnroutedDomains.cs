using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>
/// Domains without a route that were told of: one line each per <see cref="Interval"/>, however often they are asked about. At most
/// <see cref="MaxDomains"/> are kept; past that no more are told of until old ones make place, looked for once a minute.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class UnroutedDomains(TimeProvider time)
{
    /// <summary>Most domains kept: 1000. Strangers may choose them, below a domain whose subdomains are all relayed.</summary>
    public const int MaxDomains = 1000;

    private readonly ConcurrentDictionary<byte[], long> _told = new(Utf8KeyComparer.Instance);
    private long _sweptAt = long.MinValue;

    /// <summary>Until a domain is told of again: an hour.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromHours(1);

    private static TimeSpan SweepInterval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a domain is to be told of now; then it is not for <see cref="Interval"/>. No lock and no allocation where it is not.</summary>
    /// <param name="domain">Canonical domain.</param>
    public bool MayTell(ReadOnlySpan<byte> domain)
    {
        bool isKept = _told.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(domain, out long toldAt);
        if (isKept && time.GetElapsedTime(toldAt) < Interval)
            return false;
        if (!isKept && !HasPlace())
            return false;
        long now = time.GetTimestamp();
        byte[] key = domain.ToArray();
        return isKept ? _told.TryUpdate(key, now, toldAt) : _told.TryAdd(key, now);
    }

    private bool HasPlace()
    {
        long swept = Volatile.Read(ref _sweptAt);
        if (swept != long.MinValue && time.GetElapsedTime(swept) < SweepInterval)
            return false; // it was full a moment ago
        if (_told.Count < MaxDomains)
            return true;
        foreach ((byte[] domain, long toldAt) in _told)
        {
            if (time.GetElapsedTime(toldAt) >= Interval)
                _told.TryRemove(new(domain, toldAt));
        }

        bool hasPlace = _told.Count < MaxDomains;
        Volatile.Write(ref _sweptAt, hasPlace ? long.MinValue : time.GetTimestamp());
        return hasPlace;
    }
}

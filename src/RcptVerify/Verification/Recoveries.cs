using System.Collections.Concurrent;

namespace RcptVerify.Verification;

/// <summary>
/// Which backends had trouble and have answered since. Trouble at connect, greeting, EHLO, MAIL or a 421 is the backend's and only lent
/// to the address that met it: once the backend answers anybody again, what was remembered of its trouble is out of date.
/// <para>
/// A backend is a route, since whichever of its servers answers, all its recipients can be asked about; with servers that DNS names it is
/// the one server, since such a route may speak for every domain. At most <see cref="MaxBackends"/> are kept; past that, trouble is
/// remembered for its whole time.
/// </para>
/// </summary>
internal sealed class Recoveries
{
    /// <summary>Most backends in trouble kept: 1000; DNS, and so perhaps a stranger, names some.</summary>
    public const int MaxBackends = 1000;

    private const long InTrouble = long.MinValue;

    private readonly ConcurrentDictionary<string, long> _since = new(StringComparer.Ordinal);
    private long _last = InTrouble;

    /// <summary>Takes note of a probe that has ended.</summary>
    /// <param name="route">The route asked.</param>
    /// <param name="outcome">What the probe found.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public void Observe(Route route, ProbeOutcome outcome, long now)
    {
        string key = KeyOf(route, outcome.Reply);
        if (outcome.Scope == OutcomeScope.Address)
        {
            if (_since.TryGetValue(key, out long since) && since == InTrouble && _since.TryUpdate(key, now, InTrouble))
                Volatile.Write(ref _last, now);
        }
        else if (outcome.Reply.IsBackendTrouble)
        {
            if (_since.Count < MaxBackends || _since.ContainsKey(key))
                _since[key] = InTrouble;
        }
    }

    /// <summary>Whether a verdict says no more than that the backend had trouble, which is over. No lock, no allocation.</summary>
    /// <param name="verdict">What is remembered.</param>
    /// <param name="route">Its route.</param>
    public bool Outdates(Verdict verdict, Route route) =>
        verdict is { Status: VerdictStatus.Unknown, Reply.IsBackendTrouble: true } && IsBackSince(verdict.Updated, verdict.Reply, route);

    /// <summary>Whether a probe that brought no answer to a known verdict was before the backend's recovery (<see cref="Verdict.RetryAfter"/>). No lock, no allocation.</summary>
    /// <param name="verdict">What is remembered.</param>
    /// <param name="route">Its route.</param>
    public bool EndsPause(Verdict verdict, Route route) =>
        IsBackSince(verdict.RetryAfter - (route.Times.UnknownExpire.Ticks / TimeSpan.TicksPerMillisecond), verdict.Reply, route);

    private bool IsBackSince(long time, ProbeReply reply, Route route) =>
        Volatile.Read(ref _last) > time && _since.TryGetValue(KeyOf(route, reply), out long since) && since > time;

    private static string KeyOf(Route route, ProbeReply reply) => route.Mx is null ? route.Name : reply.Server;
}

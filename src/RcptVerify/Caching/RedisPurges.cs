using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// The purges known: since when, by Redis' clock, nothing that was asked before counts any more. Purges are the epochs of the shared
/// store: a verdict carries when its probe began, and one that began before a purge does not come back, whoever writes it, and
/// however late. Times only grow.
/// </summary>
/// <param name="max">Most domains remembered; past it a purge counts for everything.</param>
internal sealed class RedisPurges(int max)
{
    private const string All = "all";
    private const string Negatives = "negatives";
    private const string DomainStart = "domain:";

    private readonly ConcurrentDictionary<string, (long At, PurgeScope Scope)> _domains = new(StringComparer.Ordinal);
    private long _all;
    private long _negatives;

    /// <summary>The name of a scope in Redis.</summary>
    public static string FieldOf(PurgeScope scope) => scope.Kind switch
    {
        PurgeKind.All => All,
        PurgeKind.Negatives => Negatives,
        _ => DomainStart + scope.Domain,
    };

    /// <summary>The scope of a name; null where it is none.</summary>
    public static PurgeScope? ScopeOf(string field) => field switch
    {
        All => PurgeScope.All,
        Negatives => PurgeScope.Negatives,
        _ => field.StartsWith(DomainStart, StringComparison.Ordinal) ? PurgeScope.OfDomain(field[DomainStart.Length..]) : null,
    };

    /// <summary>Takes note of a purge.</summary>
    /// <returns>The scope that is to be forgotten now; null where that is old news.</returns>
    public PurgeScope? Add(PurgeScope scope, long at)
    {
        if (scope.Kind == PurgeKind.Domain && _domains.Count >= max && !_domains.ContainsKey(scope.Domain))
            scope = PurgeScope.All;
        return scope.Kind switch
        {
            PurgeKind.All => Raise(ref _all, at),
            PurgeKind.Negatives => Raise(ref _negatives, at),
            _ => RaiseDomain(scope, at),
        }
            ? scope
            : null;
    }

    /// <summary>Scopes and times in turns, as Redis keeps them.</summary>
    public IEnumerable<(string Field, long At)> List()
    {
        if (Volatile.Read(ref _all) > 0)
            yield return (All, Volatile.Read(ref _all));
        if (Volatile.Read(ref _negatives) > 0)
            yield return (Negatives, Volatile.Read(ref _negatives));
        foreach ((long at, PurgeScope scope) in _domains.Values)
            yield return (FieldOf(scope), at);
    }

    /// <summary>Since when verdicts about an address count, all and those that are not deliverable, by Redis' clock.</summary>
    public (long All, long Negatives) Since(ReadOnlySpan<byte> address)
    {
        long all = Volatile.Read(ref _all);
        if (!_domains.IsEmpty)
        {
            foreach ((long at, PurgeScope scope) in _domains.Values)
            {
                if (at > all && scope.CoversAddress(address))
                    all = at;
            }
        }

        return (all, Volatile.Read(ref _negatives));
    }

    /// <summary>Whether a verdict was asked for before a purge that covers it.</summary>
    /// <param name="verdict">A verdict.</param>
    /// <param name="offset">Redis' clock less ours.</param>
    public bool Cover(Verdict verdict, long offset)
    {
        (long all, long negatives) = Since(verdict.Address);
        long asked = verdict.Asked + offset;
        return asked <= all || (verdict.Status != VerdictStatus.Deliverable && asked <= negatives);
    }

    private bool RaiseDomain(PurgeScope scope, long at)
    {
        bool raised = false;
        _domains.AddOrUpdate(scope.Domain, _ => { raised = true; return (at, scope); }, (_, old) =>
        {
            raised = at > old.At;
            return raised ? (at, scope) : old;
        });
        return raised;
    }

    private static bool Raise(ref long time, long at)
    {
        for (long old = Volatile.Read(ref time); at > old; old = Volatile.Read(ref time))
        {
            if (Interlocked.CompareExchange(ref time, at, old) == old)
                return true;
        }

        return false;
    }
}

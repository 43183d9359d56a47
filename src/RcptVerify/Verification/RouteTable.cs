using System.Collections.Frozen;
using System.Text;

namespace RcptVerify.Verification;

/// <summary>
/// Finds the route of a recipient domain, most specific first as Postfix's transport_maps do: the domain itself, then
/// <c>.parent</c>, <c>.grandparent</c> …, then <c>*</c>. Immutable: a reload swaps the whole table.
/// </summary>
public sealed class RouteTable
{
    private readonly FrozenDictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> _byDomain;
    private readonly bool _hasSubdomains;
    private readonly Route? _default;

    /// <summary>Creates a table. A domain named twice keeps its first route; the configuration refuses that earlier.</summary>
    /// <param name="routes">The routes.</param>
    public RouteTable(IReadOnlyList<Route> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        Routes = routes;
        Dictionary<byte[], Route> byDomain = new(Utf8KeyComparer.Instance);
        foreach (Route route in routes)
        {
            foreach (string domain in route.Domains)
            {
                if (domain == "*")
                    _default ??= route;
                else
                    byDomain.TryAdd(Encoding.UTF8.GetBytes(domain), route);
                _hasSubdomains |= domain[0] == '.';
            }
        }

        _byDomain = byDomain.ToFrozenDictionary(Utf8KeyComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>All routes, in the order of the configuration.</summary>
    public IReadOnlyList<Route> Routes { get; }

    /// <summary>The route of <paramref name="domain"/>, or null. No allocation.</summary>
    /// <param name="domain">Canonical domain.</param>
    public Route? Find(ReadOnlySpan<byte> domain)
    {
        if (_byDomain.TryGetValue(domain, out Route? route))
            return route;
        return (_hasSubdomains ? FindParent(domain) : null) ?? _default;
    }

    private Route? FindParent(ReadOnlySpan<byte> domain)
    {
        if (domain.IsEmpty || domain[0] == '[')
            return null; // an address literal has no parents
        for (int dot; (dot = domain.IndexOf((byte)'.')) >= 0; domain = domain[(dot + 1)..])
        {
            if (_byDomain.TryGetValue(domain[dot..], out Route? route))
                return route;
        }

        return null;
    }
}

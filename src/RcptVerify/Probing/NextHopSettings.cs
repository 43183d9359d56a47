using System.Net;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>Which next hops may be asked, and how.</summary>
public sealed record NextHopSettings
{
    /// <summary>Where every address of a next hop must lie. Default none: no next hop may be asked.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>How MX hosts are looked up; its port is the next hop's.</summary>
    public MxSettings Mx { get; init; } = new();

    /// <summary>Makes the route of a name to servers.</summary>
    public required Func<string, IReadOnlyList<ServerEndpoint>, Route> Route { get; init; }
}

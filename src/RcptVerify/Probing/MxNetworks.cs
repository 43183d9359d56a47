using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Probing;

/// <summary>
/// The addresses that are no mail server on the public Internet (IANA special-purpose address registries, RFC 6890): a stranger
/// who could make us connect to one would reach what a firewall keeps from him.
/// </summary>
internal static class MxNetworks
{
    private static readonly IPNetwork[] Special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>What IANA has given out for global unicast; all else is not routed, or embeds an IPv4 address.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // 2001::/23 holds Teredo and others of the protocol's own, 2002::/16 (6to4) embeds any IPv4 address.
    private static readonly IPNetwork[] Special6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(n => IPNetwork.Parse(n))];

    /// <summary>Whether an address is one of the public Internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Special4.Any(n => n.Contains(address))
            : Global6.Contains(address) && !Special6.Any(n => n.Contains(address));
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RcptVerify.Verification;

/// <summary>What counts as one SMTP client: an IPv4 address, or an IPv6 /64, which one host can fill.</summary>
internal static class ClientNetwork
{
    /// <summary>The network's number; 0 for what is no address.</summary>
    /// <param name="client">The client's address as text.</param>
    public static ulong Of(ReadOnlySpan<byte> client)
    {
        if (Ipv4Text.TryParse(client, out uint ipv4))
            return Of(ipv4);
        return !client.IsEmpty && IPAddress.TryParse(client, out IPAddress? address) ? Of(address) : 0;
    }

    /// <summary>The network's number.</summary>
    /// <param name="ipv4">An IPv4 address, in host order.</param>
    public static ulong Of(uint ipv4) => ipv4 | 0xFFFF_0000_0000_0000UL; // ffff::/16 is multicast, no client's

    /// <summary>The network's number.</summary>
    /// <param name="address">IPv4, or IPv6.</param>
    public static ulong Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return Of(Ipv4Text.ValueOf(address));
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return MemoryMarshal.Read<ulong>(bytes);
    }
}

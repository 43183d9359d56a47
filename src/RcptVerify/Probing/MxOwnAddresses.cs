using System.Net;
using System.Net.NetworkInformation;

namespace RcptVerify.Probing;

/// <summary>The addresses of this host's network interfaces, read again after a minute: they come and go.</summary>
internal sealed class MxOwnAddresses(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private HashSet<IPAddress> _addresses = [];
    private long? _readAt;

    /// <summary>All of them, without scope and never IPv4 in an IPv6 form.</summary>
    public IReadOnlySet<IPAddress> Now
    {
        get
        {
            lock (_lock)
            {
                if (_readAt is not long at || time.GetElapsedTime(at) >= Life)
                {
                    _addresses = [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => Plain(a.Address))];
                    _readAt = time.GetTimestamp();
                }

                return _addresses;
            }
        }
    }

    /// <summary>An address as it compares.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
}

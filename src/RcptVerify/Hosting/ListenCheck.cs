using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Telemetry;

namespace RcptVerify.Hosting;

/// <summary>
/// Looks before the start whether every socket of the configuration can be had, and says of each that cannot: which door, which
/// address, and why. Kestrel's own words for it name neither, and come with a stack trace.
/// </summary>
internal static class ListenCheck
{
    /// <summary>Tries all addresses; nothing listens on them afterwards.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="admin">The admin door's addresses.</param>
    /// <param name="log">Stale socket files removed.</param>
    /// <exception cref="IOException">One or more cannot be had.</exception>
    public static void ThrowIfImpossible(RcptVerifyOptions options, AdminEndpoints admin, ILogger log)
    {
        List<string> troubles = [];
        List<IPEndPoint> ours = [];
        foreach ((string door, IReadOnlyList<ListenAddress> addresses) in (ReadOnlySpan<(string, IReadOnlyList<ListenAddress>)>)
            [("policy", options.Policy.Listen), ("socketmap", options.Socketmap.Listen), ("milter", options.Milter.Listen)])
        {
            foreach (ListenAddress address in addresses)
                Look(door, address.ToString(), () => Doors.EndPointsOf(address));
        }

        foreach (EndPoint endpoint in admin.All)
            Look("admin", endpoint is IPEndPoint ? $"inet:{endpoint}" : $"unix:{endpoint}", () => [endpoint]);
        if (troubles.Count > 0)
            throw new IOException(string.Join("; ", troubles));

        void Look(string door, string address, Func<IEnumerable<EndPoint>> endpoints)
        {
            try
            {
                foreach (EndPoint endpoint in endpoints())
                {
                    if ((endpoint is IPEndPoint ip ? WhyNot(ip, ours) : WhyNot(endpoint.ToString()!, log)) is not string why)
                        continue;
                    troubles.Add($"{door}: cannot listen on {address}: {why}");
                    return;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                troubles.Add($"{door}: cannot listen on {address}: {SystemWords.Of(e)}");
            }
        }
    }

    /// <summary>Why nothing can listen on a TCP address; null where it can.</summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="ours">Addresses that were looked at before; this one is added.</param>
    public static string? WhyNot(IPEndPoint endpoint, List<IPEndPoint>? ours = null)
    {
        if (ours is not null && endpoint.Port != 0)
        {
            if (ours.Exists(other => other.Port == endpoint.Port && (other.Address.Equals(endpoint.Address) || IsAny(other) || IsAny(endpoint))))
                return "this configuration names that address and port twice";
            ours.Add(endpoint);
        }

        try
        {
            // Bound as Kestrel does it, and not listening: whoever connects meanwhile is refused as before the start.
            SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint).Dispose();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"the address is in use (does a RcptVerify run already? 'ss -ltnp' tells who has it)",
                SocketError.AccessDenied => $"user {Environment.UserName} may not use port {endpoint.Port}; ports below 1024 are root's",
                SocketError.AddressNotAvailable => "this host has no such address",
                _ => e.Message,
            };
        }
    }

    private static bool IsAny(IPEndPoint endpoint) => endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);

    private static string? WhyNot(string path, ILogger log)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            return $"the folder {folder} does not exist";
        if (!UnixSocketFile.MayCreateIn(folder))
            return $"user {Environment.UserName} may not create files in {folder}";
        UnixSocketFile.RemoveStale(path, log);
        return null;
    }
}

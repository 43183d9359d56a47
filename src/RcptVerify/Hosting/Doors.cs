using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Endpoints;

namespace RcptVerify.Hosting;

/// <summary>Binds the doors' sockets to their connection handlers.</summary>
internal static class Doors
{
    /// <summary>
    /// Gives Kestrel every address of the configuration. Unix sockets are created closed to everybody else; their mode
    /// and group follow once they are bound (<see cref="OpenUnixSockets"/>).
    /// </summary>
    /// <returns>The endpoints, whose ports are the real ones once the server has started.</returns>
    /// <exception cref="IOException">A socket file is in use, or a host name has no address.</exception>
    public static IReadOnlyList<ListenOptions> Bind(KestrelServerOptions kestrel, RcptVerifyOptions options, ILogger log)
    {
        kestrel.AddServerHeader = false;
        List<ListenOptions> bound = [];
        foreach (ListenAddress address in options.Policy.Listen)
        {
            Listen(kestrel, address, log, door =>
            {
                door.UseConnectionHandler<PolicyConnectionHandler>();
                bound.Add(door);
            });
        }

        return bound;
    }

    /// <summary>Gives Kestrel the admin door's addresses, for HTTP.</summary>
    /// <exception cref="IOException">A socket file is in use.</exception>
    public static void BindAdmin(KestrelServerOptions kestrel, AdminEndpoints admin, ILogger log)
    {
        foreach (EndPoint endpoint in admin.All)
        {
            bool unix = endpoint is System.Net.Sockets.UnixDomainSocketEndPoint;
            if (unix)
                UnixSocketFile.RemoveStale(endpoint.ToString()!, log);
            kestrel.Listen(endpoint, door =>
            {
                door.Protocols = HttpProtocols.Http1;
                if (!unix)
                    return;
                door.Use(next => connection =>
                {
                    connection.Features.Set(new CameByUnixSocket());
                    return next(connection);
                });
            });
        }
    }

    /// <summary>Opens the bound Unix sockets to those whom the configuration names.</summary>
    /// <exception cref="IOException">Mode or group cannot be set.</exception>
    public static void OpenUnixSockets(RcptVerifyOptions options)
    {
        foreach (ListenAddress address in options.Policy.Listen.Where(a => a.Kind == ListenAddressKind.Unix))
            UnixSocketFile.SetAccess(address.Path, options.Policy.SocketMode, options.Policy.SocketGroup);
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, ILogger log, Action<ListenOptions> door)
    {
        if (address.Kind == ListenAddressKind.Unix)
        {
            UnixSocketFile.RemoveStale(address.Path, log);
            kestrel.ListenUnixSocket(address.Path, door);
            return;
        }

        foreach (IPAddress ip in AddressesOf(address.Host))
            kestrel.Listen(ip, address.Port, door);
    }

    private static IPAddress[] AddressesOf(string host)
    {
        if (host is "*" or "")
            return [IPAddress.IPv6Any];
        if (IPAddress.TryParse(host, out IPAddress? ip))
            return [ip];
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new IOException($"inet:{host}: no such host to listen on", e);
        }
    }

    /// <summary>An endpoint in Postfix's notation.</summary>
    public static string NameOf(ListenOptions endpoint) =>
        endpoint.SocketPath is string path ? $"unix:{path}" : $"inet:{endpoint.IPEndPoint}";
}

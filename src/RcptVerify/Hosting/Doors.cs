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
    /// <returns>The doors with their endpoints, whose ports are the real ones once the server has started.</returns>
    /// <exception cref="IOException">A socket file is in use, or a host name has no address.</exception>
    public static IReadOnlyList<BoundDoor> Bind(KestrelServerOptions kestrel, RcptVerifyOptions options, ILogger log)
    {
        kestrel.AddServerHeader = false;
        List<BoundDoor> bound = [];
        Bind<PolicyConnectionHandler>("policy", options.Policy.Listen);
        Bind<SocketmapConnectionHandler>("socketmap", options.Socketmap.Listen);
        Bind<MilterConnectionHandler>("milter", options.Milter.Listen);
        return bound;

        void Bind<THandler>(string door, IReadOnlyList<ListenAddress> addresses)
            where THandler : ConnectionHandler
        {
            foreach (ListenAddress address in addresses)
            {
                Listen(kestrel, address, log, endpoint =>
                {
                    endpoint.UseConnectionHandler<THandler>();
                    bound.Add(new(door, endpoint));
                });
            }
        }
    }

    /// <summary>Gives Kestrel the admin door's addresses, for HTTP.</summary>
    /// <exception cref="IOException">A socket file is in use.</exception>
    public static void BindAdmin(KestrelServerOptions kestrel, AdminEndpoints admin, ILogger log)
    {
        AdminDoorWatch wrongDoor = new(TimeProvider.System, log);
        foreach (EndPoint endpoint in admin.All)
        {
            bool unix = endpoint is System.Net.Sockets.UnixDomainSocketEndPoint;
            if (unix)
                UnixSocketFile.RemoveStale(endpoint.ToString()!, log);
            kestrel.Listen(endpoint, door =>
            {
                door.Protocols = HttpProtocols.Http1;
                wrongDoor.WatchOver(door);
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
    public static void OpenUnixSockets(RcptVerifyOptions options, AdminEndpoints admin)
    {
        foreach (System.Net.Sockets.UnixDomainSocketEndPoint endpoint in admin.All.OfType<System.Net.Sockets.UnixDomainSocketEndPoint>())
            UnixSocketFile.SetAccess(endpoint.ToString(), options.Admin.SocketMode, options.Admin.SocketGroup);
        Open(options.Policy.Listen, options.Policy.SocketMode, options.Policy.SocketGroup);
        Open(options.Socketmap.Listen, options.Socketmap.SocketMode, options.Socketmap.SocketGroup);
        Open(options.Milter.Listen, options.Milter.SocketMode, options.Milter.SocketGroup);

        static void Open(IReadOnlyList<ListenAddress> addresses, UnixFileMode mode, string group)
        {
            foreach (ListenAddress address in addresses.Where(a => a.Kind == ListenAddressKind.Unix))
                UnixSocketFile.SetAccess(address.Path, mode, group);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, ILogger log, Action<ListenOptions> door)
    {
        if (address.Kind == ListenAddressKind.Unix)
        {
            UnixSocketFile.RemoveStale(address.Path, log);
            kestrel.ListenUnixSocket(address.Path, door);
            return;
        }

        foreach (EndPoint endpoint in EndPointsOf(address))
            kestrel.Listen(endpoint, door);
    }

    /// <summary>What an address stands for: a host name may have several.</summary>
    /// <exception cref="IOException">The host name has no address.</exception>
    public static IEnumerable<EndPoint> EndPointsOf(ListenAddress address) => address.Kind == ListenAddressKind.Unix
        ? [new System.Net.Sockets.UnixDomainSocketEndPoint(address.Path)]
        : AddressesOf(address.Host).Select(ip => new IPEndPoint(ip, address.Port));

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
            throw new IOException($"{host} is no host with an address", e);
        }
    }
}

/// <summary>A socket of a door.</summary>
/// <param name="Door">The door's name, that of its section.</param>
/// <param name="Endpoint">Where it listens.</param>
internal sealed record BoundDoor(string Door, ListenOptions Endpoint)
{
    /// <summary>Where it listens, in Postfix's notation.</summary>
    public string Address => Endpoint.SocketPath is string path ? $"unix:{path}" : $"inet:{Endpoint.IPEndPoint}";
}

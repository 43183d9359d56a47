using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace RcptVerify.Endpoints;

/// <summary>Names the other end of a connection in a log line.</summary>
internal static class PeerName
{
    /// <summary>"127.0.0.1:4711", or "unix:/path" of our own socket: a peer's end of a Unix socket has no name.</summary>
    public static string Of(ConnectionContext connection) => connection.RemoteEndPoint switch
    {
        IPEndPoint ip => ip.ToString(),
        _ when connection.LocalEndPoint is UnixDomainSocketEndPoint local => $"unix:{local}",
        EndPoint other => other.ToString() ?? "unknown",
        null => "unknown",
    };

    /// <summary>The door that it came to, in Postfix's notation: "inet:127.0.0.1:10040", "unix:/path".</summary>
    public static string OfDoor(ConnectionContext connection) => connection.LocalEndPoint switch
    {
        IPEndPoint ip => $"inet:{ip}",
        UnixDomainSocketEndPoint local => $"unix:{local}",
        _ => "of an unknown address",
    };
}

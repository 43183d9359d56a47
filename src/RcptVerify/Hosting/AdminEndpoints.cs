using System.Net;
using System.Net.Sockets;
using RcptVerify.Configuration;

namespace RcptVerify.Hosting;

/// <summary>Where the admin door listens.</summary>
/// <param name="All">Its addresses.</param>
internal sealed record AdminEndpoints(IReadOnlyList<EndPoint> All)
{
    /// <summary>Whether an address is one of them.</summary>
    public bool Contains(EndPoint endpoint) => All.Any(one => one.Equals(endpoint) || one.ToString() == endpoint.ToString());

    public static AdminEndpoints Of(AdminOptions options)
    {
        List<EndPoint> all = [];
        if (options.Socket.Length > 0)
            all.Add(new UnixDomainSocketEndPoint(options.Socket));
        if (options.Listen is { } listen)
            all.Add(new IPEndPoint(IPAddress.Parse(listen.Host), listen.Port));
        return new(all);
    }
}

/// <summary>A connection's feature: it came in through the Unix socket, whose file's mode has let it pass.</summary>
internal sealed record CameByUnixSocket;

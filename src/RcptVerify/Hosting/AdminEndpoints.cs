using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Telemetry;

namespace RcptVerify.Hosting;

/// <summary>Where the admin door listens.</summary>
/// <param name="All">Its addresses.</param>
internal sealed record AdminEndpoints(IReadOnlyList<EndPoint> All)
{
    /// <summary>Whether an address is one of them.</summary>
    public bool Contains(EndPoint endpoint) => All.Any(one => one.Equals(endpoint) || one.ToString() == endpoint.ToString());

    /// <summary>
    /// The addresses that are to be listened on. One that was chosen is an error where it is not to be had; the default is
    /// left out then: mail must not wait for a door that nobody has asked for.
    /// </summary>
    public static AdminEndpoints Of(RcptVerifyOptions options, ILogger log)
    {
        AdminOptions admin = options.Admin;
        List<EndPoint> all = [];
        if (admin.Socket.Length > 0 && (admin.IsSocketSet || MayListen(admin.Socket, log)))
            all.Add(new UnixDomainSocketEndPoint(admin.Socket));
        if (admin.Listen is { } listen)
        {
            IPEndPoint endpoint = new(IPAddress.Parse(listen.Host), listen.Port);
            if (admin.IsListenSet || IsFree(endpoint, options.Policy, log))
                all.Add(endpoint);
        }

        return new(all);
    }

    /// <summary>
    /// Whether the default socket can be had; its folder is made where that is possible, as by root who tries the daemon without
    /// systemd's RuntimeDirectory. Where it is not, one line says so: the cache commands will not find this daemon.
    /// </summary>
    internal static bool MayListen(string path, ILogger log)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            UnixSocketFile.RemoveStale(path, log);
            return true;
        }
        catch (IOException e)
        {
            Log.AdminDoorTaken(log, $"unix:{path}", e.Message, "socket");
            return false;
        }
    }

    /// <summary>Makes one folder, never those above it.</summary>
    /// <exception cref="IOException">It is missing and cannot be made, or files cannot be made in it.</exception>
    private static void CreateFolder(string folder)
    {
        // For all to enter: who may use the socket is for its own mode to say.
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (UnixSocketFile.MayCreateIn(folder))
            return;
        if (Directory.Exists(folder))
            throw new IOException($"user {Environment.UserName} may not create files in {folder}");
        if (Path.GetDirectoryName(folder) is not string above || !UnixSocketFile.MayCreateIn(above))
            throw new IOException($"the folder {folder} does not exist, and user {Environment.UserName} may not create it");
        Directory.CreateDirectory(folder, Mode);
    }

    private static bool IsFree(IPEndPoint endpoint, PolicyOptions policy, ILogger log)
    {
        try
        {
            if (policy.Listen.Any(door => door.Kind == ListenAddressKind.Inet && door.Port == endpoint.Port))
                throw new SocketException((int)SocketError.AddressAlreadyInUse);
            using Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            socket.Listen();
            return true;
        }
        catch (SocketException e)
        {
            Log.AdminDoorTaken(log, $"inet:{endpoint}", e.Message, "listen");
            return false;
        }
    }
}

/// <summary>A connection's feature: it came in through the Unix socket, whose file's mode has let it pass.</summary>
internal sealed record CameByUnixSocket;

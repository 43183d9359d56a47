using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using RcptVerify.Telemetry;

namespace RcptVerify.Hosting;

/// <summary>
/// The file of a listening Unix socket. A file left behind by a killed process is removed, but only when nobody listens
/// on it and when it is a socket at all.
/// </summary>
internal static partial class UnixSocketFile
{
    /// <summary>Makes way for a new socket at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">Somebody listens there, or it is not a socket.</exception>
    public static void RemoveStale(string path, ILogger log)
    {
        if (!Path.Exists(path))
            return;
        if (!IsSocket(path))
            throw new IOException($"{path} exists and is not a socket");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            Log.StaleSocketRemoved(log, path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"{path} exists and cannot be used: {(e.SocketErrorCode == SocketError.AccessDenied ? "permission denied" : e.Message)}", e);
        }

        throw new IOException($"another process listens on unix:{path}");
    }

    /// <summary>Whether this process may create files in a folder, access(2).</summary>
    public static bool MayCreateIn(string folder)
    {
        const int WriteAndSearch = 3; // W_OK | X_OK
        return Directory.Exists(folder) && Access(folder, WriteAndSearch) == 0;
    }

    /// <summary>Sets mode and group of a socket that is bound already.</summary>
    /// <exception cref="IOException">The group does not exist, or the file is not ours.</exception>
    public static void SetAccess(string path, UnixFileMode mode, string group)
    {
        if (group.Length > 0)
        {
            uint gid = GroupIdOf(group) ?? throw new IOException($"the group {group} of unix:{path} does not exist");
            if (ChangeOwner(path, uint.MaxValue, gid) != 0)
                throw new IOException($"cannot give unix:{path} to the group {group}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        File.SetUnixFileMode(path, mode);
    }

    /// <summary>A socket is the one kind of file that cannot be opened: ENXIO, open(2). A connection tells nothing: files refuse it too.</summary>
    private static bool IsSocket(string path)
    {
        const int NonBlocking = 0x800; // a FIFO would wait for its writer
        const int CloseOnExec = 0x80000;
        const int NoSuchDevice = 6; // ENXIO
        int descriptor = Open(path, NonBlocking | CloseOnExec);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() == NoSuchDevice;
        new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
        return false;
    }

    /// <summary>Looks the group up in /etc/group: getgrnam(3) has a struct of its own on each platform.</summary>
    private static uint? GroupIdOf(string group)
    {
        if (uint.TryParse(group, out uint number))
            return number;
        foreach (string line in File.ReadLines("/etc/group"))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && fields[0] == group && uint.TryParse(fields[2], out uint gid))
                return gid;
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    /// <summary>Sets the process's file mode mask and returns the old one.</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetMask(uint mask);
}

using System.Net;
using System.Net.Sockets;

namespace RcptVerify.TestKit.Processes;

/// <summary>Hands out loopback TCP ports for servers that cannot pick one themselves.</summary>
/// <remarks>
/// The ports lie below the kernel's range for outgoing connections (32768 on Linux unless changed), so no client takes one between
/// our look and the server's bind. Within a process none comes twice; two processes start at different places.
/// </remarks>
public static class FreePort
{
    private const int First = 12000;
    private const int Count = 20000;
    private static int _next = (int)((uint)Environment.ProcessId * 397 % Count);

    /// <summary>A port on 127.0.0.1 nobody listens on.</summary>
    /// <exception cref="InvalidOperationException">Every port of the range is taken.</exception>
    public static int Next()
    {
        for (int tried = 0; tried < Count; tried++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {First + Count}.");
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}

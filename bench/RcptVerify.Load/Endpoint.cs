using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Load;

/// <summary>A socket address in Postfix's notation, <c>inet:HOST:PORT</c> (HOST a numeric address) or <c>unix:/path</c>.</summary>
internal static class Endpoint
{
    private const int Backlog = 4096;

    public static EndPoint Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return new UnixDomainSocketEndPoint(text[5..]);
        }

        int colon = text.LastIndexOf(':');
        return text.StartsWith("inet:", StringComparison.Ordinal)
            && colon > 5
            && IPAddress.TryParse(text.AsSpan(5, colon - 5).Trim("[]"), out IPAddress? host)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? new IPEndPoint(host, port)
            : throw new LoadException(ExitCode.Usage, $"{text} is neither inet:ADDRESS:PORT nor unix:/path");
    }

    /// <summary>A connected, blocking socket without Nagle's delay.</summary>
    public static Socket Connect(EndPoint address)
    {
        Socket socket = Open(address);
        try
        {
            socket.Connect(address);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LoadException(ExitCode.SystemError, $"connect to {address}: {e.SocketErrorCode}");
        }
    }

    public static Socket Listen(EndPoint address)
    {
        if (address is UnixDomainSocketEndPoint)
        {
            File.Delete(address.ToString()!);
        }

        Socket socket = Open(address);
        try
        {
            socket.Bind(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LoadException(ExitCode.SystemError, $"listen on {address}: {e.SocketErrorCode}");
        }
    }

    private static Socket Open(EndPoint address) => address is IPEndPoint
        ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Configuration;

/// <summary>What server and listen addresses share: a host name or IP address and a port.</summary>
internal static class HostAndPort
{
    /// <summary>Splits at the last colon outside brackets and checks the host; the port's text is null where there is none.</summary>
    public static bool TrySplit(string text, out string host, out string? port)
    {
        host = "";
        port = null;
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || text.Length > close + 1 && text[close + 1] != ':')
                return false;
            port = text.Length > close + 1 ? text[(close + 2)..] : null;
            return TryIPv6(text[1..close], out host);
        }
        int colon = text.LastIndexOf(':');
        port = colon < 0 ? null : text[(colon + 1)..];
        return TryHost(colon < 0 ? text : text[..colon], out host);
    }

    /// <summary>A port from 0 to 65535, digits only.</summary>
    public static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;

    /// <summary><c>host:port</c>, IPv6 addresses in brackets.</summary>
    public static string Format(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    private static bool TryIPv6(string text, out string host)
    {
        bool read = IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        host = read ? address!.ToString() : "";
        return read;
    }

    // IPAddress reads "1" and "0x7f.1" too; only the four-part form is an address here.
    private static bool TryHost(string text, out string host)
    {
        if (IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork)
        {
            host = text;
            return address.ToString() == text;
        }
        return HostNameSyntax.TryNormalize(text, out host);
    }
}

namespace RcptVerify.Configuration;

/// <summary>A mail server to ask: <c>HOST:PORT</c>, <c>HOST</c> (port 25), <c>[IPv6]:PORT</c>.</summary>
/// <param name="Host">A host name in A-labels and lower case, or an IP address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record ServerAddress(string Host, int Port)
{
    /// <summary>SMTP's own port (RFC 5321 4.5.4.2).</summary>
    public const int DefaultPort = 25;

    /// <summary>Reads the notation above.</summary>
    public static bool TryParse(string text, out ServerAddress? address)
    {
        address = null;
        if (!HostAndPort.TrySplit(text, out string host, out string? portText))
            return false;
        int port = DefaultPort;
        if (portText is not null && (!HostAndPort.TryParsePort(portText, out port) || port == 0))
            return false;
        address = new ServerAddress(host, port);
        return true;
    }

    /// <summary>Why a text is none; null where it is one.</summary>
    /// <param name="text">What somebody wrote.</param>
    internal static string? Problem(string text)
    {
        if (TryParse(text, out _))
            return null;
        return HostAndPort.TrySplit(text, out _, out string? port) && port is not null
            ? "the port must be a whole number from 1 to 65535"
            : "expected HOST:PORT, HOST or [IPv6]:PORT";
    }

    /// <summary><c>host:port</c>, IPv6 addresses in brackets.</summary>
    public override string ToString() => HostAndPort.Format(Host, Port);
}

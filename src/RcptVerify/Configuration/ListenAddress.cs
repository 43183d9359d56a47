using System.Text;

namespace RcptVerify.Configuration;

/// <summary>What kind of socket a <see cref="ListenAddress"/> names.</summary>
public enum ListenAddressKind
{
    /// <summary>A TCP socket: host and port.</summary>
    Inet,

    /// <summary>A Unix-domain stream socket: a path.</summary>
    Unix,
}

/// <summary>
/// A socket to listen on, in Postfix's notation: <c>inet:HOST:PORT</c> (<c>inet:[::1]:10040</c> for IPv6) or <c>unix:/path</c>
/// (postconf(5), smtpd_milters and check_policy_service).
/// </summary>
public sealed record ListenAddress
{
    // sun_path holds 108 bytes on Linux, the closing NUL included: unix(7).
    private const int MaxPathBytes = 107;

    private ListenAddress(ListenAddressKind kind, string host, int port, string path) =>
        (Kind, Host, Port, Path) = (kind, host, port, path);

    /// <summary>TCP or Unix socket.</summary>
    public ListenAddressKind Kind { get; }

    /// <summary>Host name or IP address without brackets; empty for a Unix socket.</summary>
    public string Host { get; }

    /// <summary>0 to 65535, where 0 lets the system choose; 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>Absolute path, at most 107 bytes; empty for a TCP socket.</summary>
    public string Path { get; }

    /// <summary>Reads the notation above.</summary>
    /// <exception cref="FormatException">The text is none of the two forms.</exception>
    public static ListenAddress Parse(string text) => TryParse(text, out ListenAddress? address)
        ? address!
        : throw new FormatException("Expected inet:HOST:PORT or unix:/path.");

    /// <summary>Reads the notation above.</summary>
    public static bool TryParse(string text, out ListenAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (text.StartsWith("inet:", StringComparison.Ordinal))
        {
            if (HostAndPort.TrySplit(text["inet:".Length..], out string host, out string? port)
                && port is not null && HostAndPort.TryParsePort(port, out int number))
            {
                address = new ListenAddress(ListenAddressKind.Inet, host, number, "");
            }
        }
        else if (text.StartsWith("unix:/", StringComparison.Ordinal))
        {
            string path = text["unix:".Length..];
            if (path.Length > 1 && Encoding.UTF8.GetByteCount(path) <= MaxPathBytes && !path.Any(char.IsControl))
                address = new ListenAddress(ListenAddressKind.Unix, "", 0, path);
        }
        return address is not null;
    }

    /// <summary>The notation it was read from.</summary>
    public override string ToString() => Kind == ListenAddressKind.Unix ? $"unix:{Path}" : $"inet:{HostAndPort.Format(Host, Port)}";
}

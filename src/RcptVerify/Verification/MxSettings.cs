using System.Net;

namespace RcptVerify.Verification;

/// <summary>How a route finds its servers: by the recipient domain's MX records (RFC 5321 section 5.1).</summary>
public sealed record MxSettings
{
    /// <summary>TCP port of the MX hosts. Default 25.</summary>
    public int Port { get; init; } = 25;

    /// <summary>How the names of such servers end: <c>]:port</c>.</summary>
    public string NameEnd => $"]:{Port}";

    /// <summary>
    /// Strangers choose the domain, and with it whom we connect to: private networks, and others that are not the public
    /// Internet, are not asked. Default false.
    /// </summary>
    public bool PublicOnly { get; init; }

    /// <summary>Names of this host, lower case: an MX host of that name is ourselves.</summary>
    public IReadOnlyList<string> OwnNames { get; init; } = [];

    /// <summary>DNS servers to ask. Default empty: those of the system.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; init; } = [];
}

using System.Collections.Frozen;
using System.Text;

namespace RcptVerify.Verification;

/// <summary>A server that can be asked.</summary>
/// <param name="Host">Host name or IP address, without brackets: what is connected to.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
/// <param name="DnsName">Where DNS led from a name to <paramref name="Host"/>, which then is an address: that name. Default empty.</param>
public sealed record ServerEndpoint(string Host, int Port, string DnsName = "")
{
    /// <summary>
    /// The <c>server=</c> of the log: "host:port", IPv6 addresses in brackets; "name[address]:port", as Postfix writes it, where
    /// DNS led to it.
    /// </summary>
    public string Name { get; } = DnsName.Length > 0 || Host.Contains(':', StringComparison.Ordinal) ? $"{DnsName}[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>The name that its certificate has to be for.</summary>
    public string TlsName => DnsName.Length > 0 ? DnsName : Host;

    /// <summary>Whether a <see cref="Name"/> is that of a server found by DNS.</summary>
    /// <param name="name">A server's name.</param>
    public static bool IsFromDns(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.IndexOf('[', StringComparison.Ordinal) > 0;
    }

    /// <summary>The endpoint of a <see cref="Name"/>.</summary>
    /// <param name="name">As <see cref="Name"/> writes it.</param>
    /// <exception cref="FormatException">It is none.</exception>
    internal static ServerEndpoint Parse(string name)
    {
        int colon = name.LastIndexOf(':');
        int port = int.Parse(name.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        int open = name.IndexOf('[', StringComparison.Ordinal);
        return open < 0 ? new(name[..colon], port) : new(name[(open + 1)..(colon - 1)], port, name[..open]);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>How a route is probed.</summary>
public sealed record ProbeSettings
{
    /// <summary>Argument of EHLO: a host name.</summary>
    public required string Helo { get; init; }

    /// <summary>Reverse-path of the probe, without angle brackets; empty for the null sender.</summary>
    public required string Sender { get; init; }

    /// <summary>How often the sender changes (<see cref="Verification.ProbeSender"/>). Default zero: never.</summary>
    public TimeSpan SenderTtl { get; init; }

    /// <summary>The sender and how it changes with time.</summary>
    public ProbeSender ProbeSender => new(Sender, SenderTtl);

    /// <summary>A probe's budget from the moment it has its session. Default 15 s: Exchange's 5 s tarpit and a slow server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Part of it that a TCP connection may take. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most sessions to one server. Default 4: Exchange allows 20 per source, shared with the real deliveries.</summary>
    public int MaxConnections { get; init; } = 4;

    /// <summary>
    /// Refusals after which a session is given up, before the server does it. Default 4, below Exchange's MaxProtocolErrors of 5.
    /// </summary>
    public int MaxErrorsPerConnection { get; init; } = 4;

    /// <summary>
    /// Most recipients asked about in one mail transaction, at target <c>rcpt</c> and while probes wait. Default 50, as
    /// Postfix's default_destination_recipient_limit; 1 gives each its own.
    /// </summary>
    public int RecipientsPerTransaction { get; init; } = 50;

    /// <summary>
    /// Commands of one transaction go out together where the server offers PIPELINING. Default false: Exchange 2010 answered
    /// pipelined RCPTs wrongly (KB 2398431).
    /// </summary>
    public bool Pipelining { get; init; }

    /// <summary>TLS towards the servers. Default: where they offer it.</summary>
    public TlsSettings Tls { get; init; } = new();
}

/// <summary>
/// One route: the recipient domains it speaks for, the servers that know their recipients, and how verdicts are kept
/// and said. Immutable; a reload makes new ones.
/// </summary>
public sealed class Route
{
    private readonly FrozenSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _acceptedLocalParts;
    private readonly FrozenSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _acceptedAddresses;
    private readonly bool _acceptsAddresses;
    private readonly ulong _acceptedLengths; // bit n: a local part of n bytes is accepted; spares hashing nearly all others

    /// <summary>Creates a route.</summary>
    /// <param name="domains">Canonical domains, <c>.domain</c> for all subdomains, <c>*</c> for every domain; the first one names the route.</param>
    /// <param name="servers">In the order in which they are asked.</param>
    /// <param name="alwaysAccept">Local parts or addresses, matched in lower case; <c>postmaster</c> is always among them (RFC 5321 section 4.5.1).</param>
    public Route(IReadOnlyList<string> domains, IReadOnlyList<ServerEndpoint> servers, IEnumerable<string> alwaysAccept)
    {
        ArgumentNullException.ThrowIfNull(domains);
        ArgumentNullException.ThrowIfNull(servers);
        Domains = domains;
        Servers = servers;
        Name = domains[0];
        List<string> accepted = [.. alwaysAccept.Select(a => a.ToLowerInvariant()), "postmaster"];
        _acceptedLocalParts = SetOf(accepted.Where(a => !a.Contains('@', StringComparison.Ordinal)));
        _acceptedAddresses = SetOf(accepted.Where(a => a.Contains('@', StringComparison.Ordinal)));
        _acceptsAddresses = _acceptedAddresses.Set.Count > 0;
        foreach (byte[] localPart in _acceptedLocalParts.Set)
            _acceptedLengths |= LengthBit(localPart.Length);
    }

    /// <summary>The first of its domains: its name in logs and stored verdicts.</summary>
    public string Name { get; }

    /// <summary>The domains it speaks for.</summary>
    public IReadOnlyList<string> Domains { get; }

    /// <summary>The servers, in the order in which they are asked.</summary>
    public IReadOnlyList<ServerEndpoint> Servers { get; }

    /// <summary>How the servers are found by DNS; null where they are named.</summary>
    public MxSettings? Mx { get; init; }

    /// <summary>Whether it stands in no <see cref="RouteTable"/>, but was made for a next hop (<see cref="INextHops"/>). Default false.</summary>
    public bool IsByNextHop { get; init; }

    /// <summary>The most that its servers are asked. Default: no such limits.</summary>
    public ProbeCaps Caps { get; init; } = ProbeCaps.None;

    /// <summary>The stage at which these servers tell the truth.</summary>
    public ProbeTarget Target { get; init; } = ProbeTarget.Rcpt;

    /// <summary>
    /// Marks probes that go to the end of data, so that the server behind can delete them; printable, no spaces. Empty: no
    /// probe goes that far. Never shown.
    /// </summary>
    public string EodSecret { get; init; } = "";

    /// <summary>An address that exists, for proving that a stage tells and that a refusal is to be believed; empty for none.</summary>
    public string Canary { get; init; } = "";

    /// <summary>How its servers word their refusals, where that is not known of itself; read first, in this order. Default none.</summary>
    public IReadOnlyList<ReplyRule> ReplyRules { get; init; } = [];

    /// <summary>Whether the local part's case distinguishes recipients. Exchange, and nearly everybody, says no.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Delimiters of address extensions, ASCII (<see cref="Verification.RecipientDelimiter"/>). Default empty: none.</summary>
    public ReadOnlyMemory<byte> RecipientDelimiter { get; init; }

    /// <summary>How long verdicts live.</summary>
    public VerdictTimes Times { get; init; } = new();

    /// <summary>What callers are told.</summary>
    public ReplySettings Reply { get; init; } = ReplySettings.Default;

    /// <summary>How many recipients of this route a client may be refused. Default null: any number.</summary>
    public ClientLimit? ClientLimit { get; init; }

    /// <summary>How it is probed.</summary>
    public required ProbeSettings Probe { get; init; }

    /// <summary>Whether a recipient is on the <c>always_accept</c> list.</summary>
    /// <param name="key">Canonical address, local part in lower case.</param>
    /// <param name="at">Where its <c>@</c> stands.</param>
    public bool AlwaysAccepts(ReadOnlySpan<byte> key, int at) =>
        ((_acceptedLengths & LengthBit(at)) != 0 && _acceptedLocalParts.Contains(key[..at])) || (_acceptsAddresses && _acceptedAddresses.Contains(key));

    /// <summary>
    /// Whether a verdict from this server and target can come from this route as it is now. Where DNS names the servers, any
    /// that it has ever named counts: a domain does not change its recipients when its MX records change their order.
    /// </summary>
    /// <param name="server">The server's name, see <see cref="ServerEndpoint.Name"/>.</param>
    /// <param name="target">The probe's target.</param>
    public bool MayHaveAsked(string server, ProbeTarget target)
    {
        ArgumentNullException.ThrowIfNull(server);
        return (Target == ProbeTarget.Auto || target == Target) && (server.Length == 0 || IsServer(server));
    }

    private bool IsServer(string server) => Mx is null
        ? Servers.Any(s => s.Name == server)
        : ServerEndpoint.IsFromDns(server) && server.EndsWith(Mx.NameEnd, StringComparison.Ordinal);

    private static ulong LengthBit(int length) => 1UL << (length & 63);

    private static FrozenSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> SetOf(IEnumerable<string> values) =>
        values.Select(Encoding.UTF8.GetBytes).ToFrozenSet(Utf8KeyComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
}

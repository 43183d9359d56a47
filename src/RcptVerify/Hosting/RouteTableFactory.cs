using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using RcptVerify.Configuration;
using RcptVerify.Probing;
using RcptVerify.Verification;

namespace RcptVerify.Hosting;

/// <summary>Turns validated options into the routes that the verifier goes by.</summary>
internal static class RouteTableFactory
{
    public static RouteTable Create(RcptVerifyOptions options) => new([.. options.Routes.Select(Create)]);

    public static Route Create(RouteOptions options) => Create(options, [.. options.Servers.Select(s => new ServerEndpoint(s.Host, s.Port))]);

    /// <summary>The route to a next hop: it has what [cache], [probe] and [reply] say, and the defaults of a route.</summary>
    public static Route CreateByNextHop(RcptVerifyOptions options, string name, IReadOnlyList<ServerEndpoint> servers) => Create(
        new RouteOptions { Domains = [name], Cache = options.Cache, Probe = options.Probe, Reply = options.Reply }, servers, byNextHop: true);

    /// <summary>How the servers of next hops are found; null where none may be asked.</summary>
    public static NextHopSettings? NextHopsOf(RcptVerifyOptions options) => !options.Milter.RouteFromRcptHost ? null : new()
    {
        Networks = options.Milter.RouteFromRcptHostNetworks,
        Mx = MxOf(new RouteOptions { Domains = [], Probe = options.Probe }),
        Route = (name, servers) => CreateByNextHop(options, name, servers),
    };

    private static Route Create(RouteOptions options, IReadOnlyList<ServerEndpoint> servers, bool byNextHop = false) => new(options.Domains, servers, options.AlwaysAccept)
    {
        IsByNextHop = byNextHop,
        Mx = options.Mx ? MxOf(options) : null,
        Caps = new ProbeCaps(options.Probe.MaxProbes, options.Probe.ProbeRateLimit?.Count ?? 0, options.Probe.ProbeRateLimit?.Period ?? TimeSpan.Zero),
        Target = options.Target,
        EodSecret = options.EodSecret,
        Canary = options.Canary,
        ReplyRules =
        [
            .. RulesOf(ReplyCategory.NotAboutUser, options.NotAboutUserReplies),
            .. RulesOf(ReplyCategory.MailboxExists, options.MailboxExistsReplies),
            .. RulesOf(ReplyCategory.UserUnknown, options.UserUnknownReplies),
        ],
        CaseSensitive = options.CaseSensitiveLocalPart,
        RecipientDelimiter = Encoding.ASCII.GetBytes(options.RecipientDelimiter),
        Times = TimesOf(options.Cache),
        Reply = RepliesOf(options.Reply),
        ClientLimit = options.Probe.ClientRefusedLimit is { } limit ? new(limit.Count, limit.Period, options.Probe.ClientLimitExempt) : null,
        Probe = SettingsOf(options.Probe, options),
    };

    public static ReplySettings RepliesOf(ReplyOptions options) => new(options.UnknownUser, options.TempfailAction, options.DryRun);

    private static IEnumerable<ReplyRule> RulesOf(ReplyCategory category, IReadOnlyList<ReplyPattern> patterns) =>
        patterns.Select(pattern => new ReplyRule(category, "the route's configuration", pattern.Enhanced, pattern.Words, pattern.Code));

    private static VerdictTimes TimesOf(CacheOptions cache) => new()
    {
        PositiveExpire = cache.PositiveExpireTime,
        PositiveRefresh = cache.PositiveRefreshTime,
        PositiveGrace = cache.PositiveGraceTime,
        NegativeExpire = cache.NegativeExpireTime,
        NegativeRefresh = cache.NegativeRefreshTime,
        NegativeRecheck = cache.NegativeRecheckTime,
        UnknownExpire = cache.UnknownExpireTime,
    };

    private static MxSettings MxOf(RouteOptions route) => new()
    {
        Port = route.MxPort,
        PublicOnly = route.Domains.Contains("*"),
        OwnNames = [HostName, QualifiedHostName, HeloOf(route.Probe).ToLowerInvariant()],
        DnsServers = route.Probe.DnsServers,
    };

    private static string HeloOf(ProbeOptions probe) => probe.Helo.Length > 0 ? probe.Helo : HostName;

    private static ProbeSettings SettingsOf(ProbeOptions probe, RouteOptions route) => new()
    {
        Helo = HeloOf(probe),
        Sender = probe.Sender switch
        {
            "" => "double-bounce@" + HostName,
            "<>" => "",
            _ => probe.Sender,
        },
        SenderTtl = probe.SenderTtl,
        Timeout = probe.Timeout,
        ConnectTimeout = probe.ConnectTimeout,
        MaxConnections = route.MaxConnections,
        MaxErrorsPerConnection = route.MaxErrorsPerConnection,
        RecipientsPerTransaction = route.RecipientsPerTransaction,
        Pipelining = route.Pipelining,
        Tls = new TlsSettings
        {
            Level = route.Tls,
            CaFile = route.TlsCaFile,
            CertificateFile = route.TlsCertFile,
            KeyFile = route.TlsKeyFile,
            MinVersion = route.TlsMinVersion,
        },
    };

    /// <summary>As Postfix's myhostname: what gethostname(2) says.</summary>
    private static string HostName { get; } = Dns.GetHostName().ToLowerInvariant();

    /// <summary>The same with the system's DNS domain, where it has one.</summary>
    private static string QualifiedHostName { get; } = IPGlobalProperties.GetIPGlobalProperties().DomainName is { Length: > 0 } domain and not "(none)"
        && !HostName.Contains('.', StringComparison.Ordinal) ? $"{HostName}.{domain}".ToLowerInvariant() : HostName;
}

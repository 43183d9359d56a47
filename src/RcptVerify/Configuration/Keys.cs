using System.Net;
using static RcptVerify.Configuration.KeyTypes;
using static RcptVerify.Configuration.SectionNames;
using MixedAction = RcptVerify.Verification.MixedAction;
using NoRouteAnswer = RcptVerify.Verification.NoRouteAnswer;
using ProbeTarget = RcptVerify.Verification.ProbeTarget;
using TempfailAction = RcptVerify.Verification.TempfailAction;
using TlsLevel = RcptVerify.Verification.TlsLevel;
using TlsVersion = RcptVerify.Verification.TlsVersion;

namespace RcptVerify.Configuration;

/// <summary>
/// The one table of configuration keys. A key added here is read, checked, documented and offered as a spelling by itself.
/// </summary>
/// <remarks>The nested classes must not use fields of this one: <see cref="All"/> is built from them, and would be built half.</remarks>
internal static class Keys
{
    public static class PolicyDoor
    {
        public static readonly Key<IReadOnlyList<ListenAddress>> Listen = new(Policy, "listen", ListenList, "inet:127.0.0.1:10040",
            "Sockets to listen on; an empty list closes this door. Port 0 lets the system choose.");
        public static readonly Key<AnswerAt> AnswerAt = new(Policy, "answer_at", OneOf<AnswerAt>(), "rcpt",
            "The SMTP stage at which the answer is given. data: RCPT starts the probe and says DUNNO, DATA answers; main.cf must then ask at both.");
        public static readonly Key<MixedAction> Mixed = new(Policy, "mixed", OneOf<MixedAction>(), "defer",
            "What DATA answers to a message of which some recipients exist and others do not. defer: 4xx; when it comes again, RCPT refuses those that do not. "
            + "reject: the whole message is refused. Only with answer_at = \"data\".");
        public static readonly Key<TimeSpan> AnswerWithin = new(Policy, "answer_within", LookupBudget, "8s",
            "Past it the caller gets the tempfail answer; the probe goes on and the next attempt finds its result.");
        public static readonly Key<UnixFileMode> SocketMode = new(Policy, "socket_mode", KeyTypes.SocketMode, "0660",
            "Permissions of Unix sockets.");
        public static readonly Key<string> SocketGroup = new(Policy, "socket_group", Group, "",
            "Group that owns Unix sockets, usually postfix; empty: the group the daemon runs in.");
        public static readonly Key<TimeSpan> MaxIdleTime = new(Policy, "max_idle_time", Duration("1200s", "7d"), "1200s",
            "How long a connection may say nothing. Postfix sleeps a second when an idle policy socket is closed under it, "
            + "and keeps one for up to 1000 s.");
    }

    public static class MilterDoor
    {
        public static readonly Key<IReadOnlyList<ListenAddress>> Listen = new(Milter, "listen", ListenList, "",
            "Sockets to listen on; an empty list closes this door.");
        public static readonly Key<AnswerAt> AnswerAt = new(Milter, "answer_at", OneOf<AnswerAt>(), "rcpt",
            "The SMTP stage at which the answer is given. data: RCPT starts the probe and goes on, DATA answers.");
        public static readonly Key<MixedAction> Mixed = new(Milter, "mixed", OneOf<MixedAction>(), "defer",
            "What DATA answers to a message of which some recipients exist and others do not. defer: 4xx; when it comes again, RCPT refuses those that do not. "
            + "reject: the whole message is refused. Only with answer_at = \"data\".");
        public static readonly Key<TimeSpan> AnswerWithin = new(Milter, "answer_within", Duration("1s", "5m"), "60s",
            "Past it the caller gets the tempfail answer; progress packets keep Postfix waiting meanwhile.");
        public static readonly Key<IReadOnlyList<IPNetwork>> SkipClients = new(Milter, "skip_clients", Networks, "",
            "Clients whose recipients are never refused; the milter protocol does not tell Postfix's mynetworks.");
        public static readonly Key<bool> SkipAuthenticated = new(Milter, "skip_authenticated", KeyTypes.Boolean, "false",
            "true: the recipients of clients that have authenticated themselves are never refused.");
        public static readonly Key<bool> RouteFromRcptHost = new(Milter, "route_from_rcpt_host", KeyTypes.Boolean, "false",
            "true: for a domain without a route, the server that Postfix would send the mail to (macro {rcpt_host}) is asked, if every "
            + "address of it lies in route_from_rcpt_host_networks.");
        public static readonly Key<IReadOnlyList<IPNetwork>> RouteFromRcptHostNetworks = new(Milter, "route_from_rcpt_host_networks", Networks, "",
            "Networks of the servers that may be asked in this way; no other server ever is. Required with route_from_rcpt_host = true.");
        public static readonly Key<UnixFileMode> SocketMode = new(Milter, "socket_mode", KeyTypes.SocketMode, "0660",
            "Permissions of Unix sockets.");
        public static readonly Key<string> SocketGroup = new(Milter, "socket_group", Group, "",
            "Group that owns Unix sockets, usually postfix; empty: the group the daemon runs in.");
    }

    public static class SocketmapDoor
    {
        public static readonly Key<IReadOnlyList<ListenAddress>> Listen = new(Socketmap, "listen", ListenList, "",
            "Sockets to listen on, usually \"inet:127.0.0.1:10060\"; an empty list closes this door. Port 0 lets the system choose.");
        public static readonly Key<TimeSpan> AnswerWithin = new(Socketmap, "answer_within", LookupBudget, "8s",
            "Past it the caller gets TEMP; the probe goes on.");
        public static readonly Key<NoRouteAnswer> NoRoute = new(Socketmap, "no_route", OneOf<NoRouteAnswer>(), "temp",
            "The answer for a domain without a route; notfound makes Postfix refuse the mail.");
        public static readonly Key<UnixFileMode> SocketMode = new(Socketmap, "socket_mode", KeyTypes.SocketMode, "0660",
            "Permissions of Unix sockets.");
        public static readonly Key<string> SocketGroup = new(Socketmap, "socket_group", Group, "",
            "Group that owns Unix sockets, usually postfix; empty: the group the daemon runs in.");
        public static readonly Key<TimeSpan> MaxIdleTime = new(Socketmap, "max_idle_time", Duration("102s", "7d"), "120s",
            "How long a connection may say nothing. Postfix closes its side after 10 s without use, and after 100 s in any case.");
    }

    public static class AdminDoor
    {
        public static readonly Key<ListenAddress?> Listen = new(Admin, "listen", OptionalListen, "inet:127.0.0.1:10080",
            "Socket for /healthz, /readyz and, with a token, the cache commands: a loopback address; empty: none. The default port may be taken: the "
            + "log tells, and mail is served without this door.");
        public static readonly Key<string> Socket = new(Admin, "socket", OptionalFile, "/run/rcptverify/admin.sock",
            "Path of the Unix socket through which the cache commands reach the daemon; whom its mode lets in needs no token; empty: "
            + "none. The default is there when the daemon may write to its folder, or create it; the log tells where it is not.");
        public static readonly Key<UnixFileMode> SocketMode = new(Admin, "socket_mode", KeyTypes.SocketMode, "0600",
            "Permissions of the Unix socket. Whoever may write to it may read and change the cache.");
        public static readonly Key<string> SocketGroup = new(Admin, "socket_group", Group, "",
            "Group that owns the Unix socket, for those who may use it with socket_mode = \"0660\"; empty: the group the daemon runs in.");
        public static readonly Key<string> Token = new(Admin, "token", AnyText, "",
            "What the cache commands must know to come in through listen, 16 to 256 printable characters without spaces; empty: they "
            + "cannot. Better kept in token_file.");
        public static readonly Key<string> TokenFile = new(Admin, "token_file", OptionalFile, "",
            "File that holds the token and nothing else, read at start and at reload; a warning where others may read it, an error where "
            + "they may write to it.");
    }

    public static class Replies
    {
        public static readonly Key<string> UnknownUser = new(Reply, "unknown_user", RefusalReply, "550 5.1.1 User unknown",
            "The reply for a recipient that does not exist.", inRoute: true);
        public static readonly Key<TempfailAction> TempfailAction = new(Reply, "tempfail_action", OneOf<TempfailAction>(), "defer_if_permit",
            "The policy answer while the truth is unknown; dunno lets such mail in.", inRoute: true);
        public static readonly Key<bool> DryRun = new(Reply, "dry_run", KeyTypes.Boolean, "false",
            "true: every door accepts, and the log says what would have been said.", inRoute: true);
    }

    public static class Times
    {
        public static readonly Key<string> Store = new(Cache, "store", KeyTypes.Store, "sqlite:/var/lib/rcptverify/cache.db",
            "Where verdicts outlive a restart: in an SQLite file, or nowhere (memory). A file that cannot be used is no reason not to serve: "
            + "the log tells, and memory goes on alone.");
        public static readonly Key<string> Redis = new(Cache, "redis", AnyText, "",
            "Connection string of the Redis that all MX nodes share, in StackExchange.Redis' notation; empty: none.");
        public static readonly Key<string> RedisCaFile = new(Cache, "redis_ca_file", OptionalFile, "",
            "PEM file of the authorities that are trusted to vouch for Redis, with ssl=true; empty: the system's.");
        public static readonly Key<string> RedisCertFile = new(Cache, "redis_cert_file", OptionalFile, "",
            "PEM file of our own certificate for Redis, its intermediate ones behind it, which Redis asks for by default; empty: none.");
        public static readonly Key<string> RedisKeyFile = new(Cache, "redis_key_file", OptionalFile, "",
            "PEM file of its private key, without a passphrase; empty: it is in redis_cert_file.");
        public static readonly Key<TimeSpan> PositiveExpire = new(Cache, "positive_expire_time", CacheTime, "31d",
            "A known recipient is forgotten when no probe has confirmed it for so long.", inRoute: true);
        public static readonly Key<TimeSpan> PositiveRefresh = new(Cache, "positive_refresh_time", CacheTime, "7d",
            "A known recipient older than this is served and asked again in the background.", inRoute: true);
        public static readonly Key<TimeSpan> PositiveGrace = new(Cache, "positive_grace_time", Duration("0s", "3650d"), "7d",
            "A known recipient is served this long past its expiry while its server is down.", inRoute: true);
        public static readonly Key<TimeSpan> NegativeExpire = new(Cache, "negative_expire_time", CacheTime, "3d",
            "An unknown recipient is forgotten after so long.", inRoute: true);
        public static readonly Key<TimeSpan> NegativeRefresh = new(Cache, "negative_refresh_time", CacheTime, "3h",
            "A refusal older than this no longer stands when the server cannot be asked.", inRoute: true);
        public static readonly Key<TimeSpan> NegativeRecheck = new(Cache, "negative_recheck_time", CacheTime, "5m",
            "A refusal older than this is asked again before it is repeated, so that a new mailbox is not refused.", inRoute: true);
        public static readonly Key<TimeSpan> UnknownExpire = new(Cache, "unknown_expire_time", CacheTime, "30s",
            "A probe that brought no verdict is not repeated for so long; one that only met a server in trouble, no longer than until that server "
            + "answers again.", inRoute: true);
        public static readonly Key<int> MaxEntries = new(Cache, "max_entries", Integer(1, 100_000_000), "1000000",
            "Most verdicts kept in memory. Refusals and unknowns of all routes have at most half of the places.");
        public static readonly Key<int> MaxNegatives = new(Cache, "max_negatives", Integer(0, 100_000_000), "0",
            "Most refusals and unknowns of one route kept in memory, so that guessing at one route pushes out nothing of another; "
            + "0: a quarter of max_entries.", inRoute: true);
    }

    public static class Probes
    {
        public static readonly Key<string> Helo = new(Probe, "helo", OptionalHostName, "",
            "The name given in EHLO and HELO; empty: the host's name.", inRoute: true);
        public static readonly Key<string> Sender = new(Probe, "sender", OptionalSender, "",
            "The sender given in MAIL FROM; empty: double-bounce@ the host's name; <> for the null sender.", inRoute: true);
        public static readonly Key<TimeSpan> SenderTtl = new(Probe, "sender_ttl", Duration("0s", "3650d"), "0s",
            "How often the sender changes, as Postfix's address_verify_sender_ttl; 0: never.", inRoute: true);
        public static readonly Key<TimeSpan> Timeout = new(Probe, "timeout", Duration("1s", "5m"), "15s",
            "All of one probe, waiting for a slow server included. Exchange's tarpit delays a refusal by 5 s.", inRoute: true);
        public static readonly Key<TimeSpan> ConnectTimeout = new(Probe, "connect_timeout", Duration("1s", "5m"), "5s",
            "Reaching one server; then the next is tried.", inRoute: true);
        public static readonly Key<RateLimit?> ClientRefusedLimit = new(Probe, "client_refused_limit", OptionalRateLimit, "100/1h",
            "Refused recipients after which a client's new addresses are deferred without a probe; empty: no limit.", inRoute: true);
        public static readonly Key<IReadOnlyList<IPNetwork>> ClientLimitExempt = new(Probe, "client_limit_exempt", Networks, "127.0.0.0/8,::1/128",
            "Clients without that limit: this host, and relays that bring the mail of many senders.", inRoute: true);
        public static readonly Key<RateLimit?> RateLimit = new(Probe, "probe_rate_limit", OptionalRateLimit, "",
            "Most probes within a time, like \"600/1m\", to all servers of a route together; past it callers' probes wait and refreshes are "
            + "skipped; empty: no limit. Measurements of target auto come on top.", inRoute: true);
        public static readonly Key<int> MaxProbes = new(Probe, "max_probes", Integer(0, 10_000), "0",
            "Most probes at one time, to all servers of a route together; past it they wait, refreshes last; 0: no limit.", inRoute: true);
        public static readonly Key<IReadOnlyList<IPEndPoint>> DnsServers = new(Probe, "dns_servers", KeyTypes.DnsServers, "",
            "DNS servers that mx = true asks, each ADDRESS or ADDRESS:PORT; an empty list: those of the system.", inRoute: true);
    }

    public static class Logging
    {
        public static readonly Key<LogVerbosity> Level = new(Log, "level", OneOf<LogVerbosity>(), "info",
            "info: refusals, unknowns and probes; debug: each acceptance out of the cache too; warning: trouble only.");
    }

    public static class Routes
    {
        public static readonly Key<IReadOnlyList<string>> Domains = new(Route, "domains", DomainPatterns, "",
            "Recipient domains; .d means all subdomains of d, * every domain. Required.");
        public static readonly Key<IReadOnlyList<ServerAddress>> Servers = new(Route, "servers", KeyTypes.Servers, "",
            "Servers to ask, in this order; the port is 25 where none is given. Required unless mx is set.");
        public static readonly Key<bool> Mx = new(Route, "mx", KeyTypes.Boolean, "false",
            "true: ask the domain's MX hosts, instead of servers; this host and MX hosts no better than it are left out.");
        public static readonly Key<int> MxPort = new(Route, "mx_port", Integer(1, 65_535), "25",
            "Port of the MX hosts.");
        public static readonly Key<bool> MxAnyDomain = new(Route, "mx_any_domain", KeyTypes.Boolean, "false",
            "Allows mx = true for the domain \"*\", where strangers choose whom we connect to: only public addresses are asked then.");
        public static readonly Key<ProbeTarget> Target = new(Route, "target", OneOf<ProbeTarget>(), "auto",
            "The SMTP stage at which the server tells known from unknown. auto finds it for each server and domain: it asks about a "
            + "random address at rcpt, data, bdat and, given an eod_secret, eod, until one refuses it. Where none does, all "
            + "recipients are accepted with mark=accept_all in the log: that server does not tell.");
        public static readonly Key<string> EodSecret = new(Route, "eod_secret", AnyText, "",
            "Allows target eod: the value of the header X-RcptVerify-Probe, 8 to 128 printable characters without spaces, by which the "
            + "Exchange transport rule in config/exchange deletes the probes. Without that rule, users receive them.");
        public static readonly Key<string> Canary = new(Route, "canary", OptionalAddress, "",
            "An address that exists. What target auto measures counts only if this address passes; and when a recipient is refused "
            + "as unknown, the same server must have accepted this address within the last minute (it is asked, at target eod by a "
            + "message), or the refusal is a 4xx. Highly recommended.");
        public static readonly Key<IReadOnlyList<ReplyPattern>> UserUnknownReplies = new(Route, "user_unknown_replies", RefusalPatterns, "",
            "Refusals in words of this route's own servers that mean \"no such user\" and are not known as such: [CODE] [ENHANCED] [WORDS]. "
            + "A gateway that says \"554 5.7.1 Message refused: no mailbox here by that name\" needs \"554 5.7.1 no mailbox here\". A "
            + "4xx reply never refuses anybody.");
        public static readonly Key<IReadOnlyList<ReplyPattern>> MailboxExistsReplies = new(Route, "mailbox_exists_replies", ReplyPatterns, "",
            "Refusals that prove a recipient to exist, like \"550 5.7.1 members only\" of a mailing list.");
        public static readonly Key<IReadOnlyList<ReplyPattern>> NotAboutUserReplies = new(Route, "not_about_user_replies", ReplyPatterns, "",
            "Refusals that say nothing about the recipient, like \"550 5.1.1 rejected by reputation\": the answer is 4xx. Read before "
            + "mailbox_exists_replies, these before user_unknown_replies, and all before the built-in table.");
        public static readonly Key<TlsLevel> Tls = new(Route, "tls", OneOf<TlsLevel>(), "may",
            "TLS towards the servers, in Postfix's levels: may falls back to clear text, encrypt does not check the certificate, "
            + "verify demands one for the server's name as written in servers.");
        public static readonly Key<string> TlsCaFile = new(Route, "tls_ca_file", OptionalFile, "",
            "PEM file of the authorities that tls = \"verify\" trusts; empty: the system's.");
        public static readonly Key<string> TlsCertFile = new(Route, "tls_cert_file", OptionalFile, "",
            "PEM file of our own certificate, its intermediate ones behind it, for servers that ask for one; empty: none.");
        public static readonly Key<string> TlsKeyFile = new(Route, "tls_key_file", OptionalFile, "",
            "PEM file of its private key, without a passphrase; empty: it is in tls_cert_file.");
        public static readonly Key<TlsVersion> TlsMinVersion = new(Route, "tls_min_version", TlsVersions, "1.2",
            "Oldest version of TLS spoken. An old Exchange may need 1.0, which the system's OpenSSL must allow too.");
        public static readonly Key<int> MaxConnections = new(Route, "max_connections", Integer(1, 100), "4",
            "Most connections to one server. Exchange allows 20 per source, shared with the real deliveries.");
        public static readonly Key<int> MaxErrorsPerConnection = new(Route, "max_errors_per_connection", Integer(1, 1000), "4",
            "Refusals after which a connection is given up, before the server does it: Exchange's MaxProtocolErrors is 5.");
        public static readonly Key<int> RecipientsPerTransaction = new(Route, "recipients_per_transaction", Integer(1, 1000), "50",
            "Most recipients asked about in one mail transaction, at target rcpt and while probes wait; 1 gives each its own.");
        public static readonly Key<bool> Pipelining = new(Route, "pipelining", KeyTypes.Boolean, "false",
            "true: the commands of one transaction go out together where the server offers it. Exchange 2010 answers pipelined RCPTs wrongly.");
        public static readonly Key<IReadOnlyList<string>> AlwaysAccept = new(Route, "always_accept", AcceptList, "postmaster",
            "Local parts and addresses never refused and never probed; postmaster is always among them.");
        public static readonly Key<bool> CaseSensitive = new(Route, "case_sensitive", KeyTypes.Boolean, "false",
            "true: Joe@ and joe@ are different recipients.");
        public static readonly Key<string> RecipientDelimiter = new(Route, "recipient_delimiter", Delimiters, "",
            "Characters that begin an address extension, as Postfix's recipient_delimiter: with \"+\", user+shop@ is asked about as user@.");
    }

    /// <summary>Every key, in the order of the default file.</summary>
    public static IReadOnlyList<Key> All { get; } =
    [
        PolicyDoor.Listen, PolicyDoor.AnswerAt, PolicyDoor.Mixed, PolicyDoor.AnswerWithin, PolicyDoor.SocketMode, PolicyDoor.SocketGroup,
        PolicyDoor.MaxIdleTime,
        MilterDoor.Listen, MilterDoor.AnswerAt, MilterDoor.Mixed, MilterDoor.AnswerWithin, MilterDoor.SkipClients, MilterDoor.SkipAuthenticated,
        MilterDoor.RouteFromRcptHost, MilterDoor.RouteFromRcptHostNetworks,
        MilterDoor.SocketMode, MilterDoor.SocketGroup,
        SocketmapDoor.Listen, SocketmapDoor.AnswerWithin, SocketmapDoor.NoRoute, SocketmapDoor.SocketMode,
        SocketmapDoor.SocketGroup, SocketmapDoor.MaxIdleTime,
        AdminDoor.Listen, AdminDoor.Socket, AdminDoor.SocketMode, AdminDoor.SocketGroup, AdminDoor.Token, AdminDoor.TokenFile,
        Replies.UnknownUser, Replies.TempfailAction, Replies.DryRun,
        Times.Store, Times.Redis, Times.RedisCaFile, Times.RedisCertFile, Times.RedisKeyFile,
        Times.PositiveExpire, Times.PositiveRefresh, Times.PositiveGrace,
        Times.NegativeExpire, Times.NegativeRefresh, Times.NegativeRecheck, Times.UnknownExpire, Times.MaxEntries, Times.MaxNegatives,
        Probes.Helo, Probes.Sender, Probes.SenderTtl, Probes.Timeout, Probes.ConnectTimeout, Probes.ClientRefusedLimit,
        Probes.ClientLimitExempt, Probes.RateLimit, Probes.MaxProbes, Probes.DnsServers,
        Logging.Level,
        Routes.Domains, Routes.Servers, Routes.Mx, Routes.MxPort, Routes.MxAnyDomain, Routes.Target, Routes.EodSecret, Routes.Canary,
        Routes.UserUnknownReplies, Routes.MailboxExistsReplies, Routes.NotAboutUserReplies,
        Routes.Tls, Routes.TlsCaFile, Routes.TlsCertFile, Routes.TlsKeyFile, Routes.TlsMinVersion, Routes.MaxConnections,
        Routes.MaxErrorsPerConnection, Routes.RecipientsPerTransaction, Routes.Pipelining, Routes.AlwaysAccept, Routes.CaseSensitive, Routes.RecipientDelimiter,
    ];

    private static readonly Dictionary<(string Section, string Name), Key> Places =
        All.Select(key => ((key.Section, key.Name), key))
            .Concat(All.Where(key => key.InRoute).Select(key => ((Route, key.Name), key)))
            .ToDictionary();

    /// <summary>The key of that name that may stand in that section; null when there is none.</summary>
    public static Key? Find(string section, string name) => Places.GetValueOrDefault((section, name));

    /// <summary>The keys that may stand in a section, those a route may repeat included.</summary>
    public static IEnumerable<Key> AllowedIn(string section) =>
        All.Where(key => key.Section == section || section == Route && key.InRoute);
}

namespace RcptVerify.Configuration;

/// <summary>Builds the options from what was set.</summary>
internal static class OptionsBinder
{
    private const string Postmaster = "postmaster";

    /// <summary>The options; keys without a usable value have their default.</summary>
    public static RcptVerifyOptions Bind(SettingStore store)
    {
        var sections = new SettingReader(store.Sections);
        return new RcptVerifyOptions
        {
            Policy = Policy(sections),
            Milter = new MilterOptions
            {
                Listen = sections.Get(Keys.MilterDoor.Listen),
                AnswerAt = sections.Get(Keys.MilterDoor.AnswerAt),
                Mixed = sections.Get(Keys.MilterDoor.Mixed),
                AnswerWithin = sections.Get(Keys.MilterDoor.AnswerWithin),
                SkipClients = sections.Get(Keys.MilterDoor.SkipClients),
                SkipAuthenticated = sections.Get(Keys.MilterDoor.SkipAuthenticated),
                RouteFromRcptHost = sections.Get(Keys.MilterDoor.RouteFromRcptHost),
                RouteFromRcptHostNetworks = sections.Get(Keys.MilterDoor.RouteFromRcptHostNetworks),
                SocketMode = sections.Get(Keys.MilterDoor.SocketMode),
                SocketGroup = sections.Get(Keys.MilterDoor.SocketGroup),
            },
            Socketmap = new SocketmapOptions
            {
                Listen = sections.Get(Keys.SocketmapDoor.Listen),
                AnswerWithin = sections.Get(Keys.SocketmapDoor.AnswerWithin),
                NoRoute = sections.Get(Keys.SocketmapDoor.NoRoute),
                SocketMode = sections.Get(Keys.SocketmapDoor.SocketMode),
                SocketGroup = sections.Get(Keys.SocketmapDoor.SocketGroup),
                MaxIdleTime = sections.Get(Keys.SocketmapDoor.MaxIdleTime),
            },
            Admin = new AdminOptions
            {
                Listen = sections.Get(Keys.AdminDoor.Listen),
                Socket = sections.Get(Keys.AdminDoor.Socket),
                SocketMode = sections.Get(Keys.AdminDoor.SocketMode),
                SocketGroup = sections.Get(Keys.AdminDoor.SocketGroup),
                Token = sections.Get(Keys.AdminDoor.Token),
                TokenFile = sections.Get(Keys.AdminDoor.TokenFile),
            },
            Reply = Reply(sections),
            Cache = Cache(sections),
            Probe = Probe(sections),
            Log = new LogOptions { Level = sections.Get(Keys.Logging.Level) },
            Routes = [.. store.Routes.Select(route => Route(new SettingReader(store.Sections, route)))],
        };
    }

    private static PolicyOptions Policy(SettingReader reader) => new()
    {
        Listen = reader.Get(Keys.PolicyDoor.Listen),
        AnswerAt = reader.Get(Keys.PolicyDoor.AnswerAt),
        Mixed = reader.Get(Keys.PolicyDoor.Mixed),
        AnswerWithin = reader.Get(Keys.PolicyDoor.AnswerWithin),
        SocketMode = reader.Get(Keys.PolicyDoor.SocketMode),
        SocketGroup = reader.Get(Keys.PolicyDoor.SocketGroup),
        MaxIdleTime = reader.Get(Keys.PolicyDoor.MaxIdleTime),
    };

    private static ReplyOptions Reply(SettingReader reader) => new()
    {
        UnknownUser = reader.Get(Keys.Replies.UnknownUser),
        TempfailAction = reader.Get(Keys.Replies.TempfailAction),
        DryRun = reader.Get(Keys.Replies.DryRun),
    };

    private static CacheOptions Cache(SettingReader reader) => new()
    {
        Store = reader.Get(Keys.Times.Store),
        Redis = reader.Get(Keys.Times.Redis),
        RedisCaFile = reader.Get(Keys.Times.RedisCaFile),
        RedisCertFile = reader.Get(Keys.Times.RedisCertFile),
        RedisKeyFile = reader.Get(Keys.Times.RedisKeyFile),
        PositiveExpireTime = reader.Get(Keys.Times.PositiveExpire),
        PositiveRefreshTime = reader.Get(Keys.Times.PositiveRefresh),
        PositiveGraceTime = reader.Get(Keys.Times.PositiveGrace),
        NegativeExpireTime = reader.Get(Keys.Times.NegativeExpire),
        NegativeRefreshTime = reader.Get(Keys.Times.NegativeRefresh),
        NegativeRecheckTime = reader.Get(Keys.Times.NegativeRecheck),
        UnknownExpireTime = reader.Get(Keys.Times.UnknownExpire),
        MaxEntries = reader.Get(Keys.Times.MaxEntries),
        MaxNegatives = reader.Get(Keys.Times.MaxNegatives),
    };

    private static ProbeOptions Probe(SettingReader reader) => new()
    {
        Helo = reader.Get(Keys.Probes.Helo),
        Sender = reader.Get(Keys.Probes.Sender),
        SenderTtl = reader.Get(Keys.Probes.SenderTtl),
        Timeout = reader.Get(Keys.Probes.Timeout),
        ConnectTimeout = reader.Get(Keys.Probes.ConnectTimeout),
        ClientRefusedLimit = reader.Get(Keys.Probes.ClientRefusedLimit),
        ClientLimitExempt = reader.Get(Keys.Probes.ClientLimitExempt),
        ProbeRateLimit = reader.Get(Keys.Probes.RateLimit),
        MaxProbes = reader.Get(Keys.Probes.MaxProbes),
        DnsServers = reader.Get(Keys.Probes.DnsServers),
    };

    private static RouteOptions Route(SettingReader reader) => new()
    {
        Domains = reader.Get(Keys.Routes.Domains),
        Servers = reader.Get(Keys.Routes.Servers),
        Mx = reader.Get(Keys.Routes.Mx),
        MxPort = reader.Get(Keys.Routes.MxPort),
        MxAnyDomain = reader.Get(Keys.Routes.MxAnyDomain),
        Target = reader.Get(Keys.Routes.Target),
        EodSecret = reader.Get(Keys.Routes.EodSecret),
        Canary = reader.Get(Keys.Routes.Canary),
        UserUnknownReplies = reader.Get(Keys.Routes.UserUnknownReplies),
        MailboxExistsReplies = reader.Get(Keys.Routes.MailboxExistsReplies),
        NotAboutUserReplies = reader.Get(Keys.Routes.NotAboutUserReplies),
        Tls = reader.Get(Keys.Routes.Tls),
        TlsCaFile = reader.Get(Keys.Routes.TlsCaFile),
        TlsCertFile = reader.Get(Keys.Routes.TlsCertFile),
        TlsKeyFile = reader.Get(Keys.Routes.TlsKeyFile),
        TlsMinVersion = reader.Get(Keys.Routes.TlsMinVersion),
        MaxConnections = reader.Get(Keys.Routes.MaxConnections),
        MaxErrorsPerConnection = reader.Get(Keys.Routes.MaxErrorsPerConnection),
        RecipientsPerTransaction = reader.Get(Keys.Routes.RecipientsPerTransaction),
        Pipelining = reader.Get(Keys.Routes.Pipelining),
        AlwaysAccept = WithPostmaster(reader.Get(Keys.Routes.AlwaysAccept)),
        CaseSensitiveLocalPart = reader.Get(Keys.Routes.CaseSensitive),
        RecipientDelimiter = reader.Get(Keys.Routes.RecipientDelimiter),
        Cache = Cache(reader),
        Probe = Probe(reader),
        Reply = Reply(reader),
    };

    // RFC 5321 4.5.1: every domain that receives mail has a postmaster, in any case of letters.
    private static IReadOnlyList<string> WithPostmaster(IReadOnlyList<string> accepted) =>
        accepted.Contains(Postmaster, StringComparer.OrdinalIgnoreCase) ? accepted : [.. accepted, Postmaster];
}

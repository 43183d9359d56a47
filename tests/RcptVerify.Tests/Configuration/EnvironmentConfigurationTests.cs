using RcptVerify.Configuration;
using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

public sealed class EnvironmentConfigurationTests
{
    /// <summary>For each key a value that differs from its default and can be had today.</summary>
    private static readonly Dictionary<Key, string> Others = new()
    {
        [Keys.PolicyDoor.Listen] = "inet:[::1]:10041,unix:/run/p.sock",
        [Keys.PolicyDoor.AnswerAt] = "data",
        [Keys.PolicyDoor.Mixed] = "reject",
        [Keys.PolicyDoor.AnswerWithin] = "9s",
        [Keys.PolicyDoor.SocketMode] = "0666",
        [Keys.PolicyDoor.SocketGroup] = "postfix",
        [Keys.PolicyDoor.MaxIdleTime] = "1h",
        [Keys.MilterDoor.Listen] = "inet:[::1]:10051,unix:/run/m.sock",
        [Keys.MilterDoor.AnswerAt] = "data",
        [Keys.MilterDoor.Mixed] = "reject",
        [Keys.MilterDoor.AnswerWithin] = "61s",
        [Keys.MilterDoor.SkipClients] = "10.0.0.0/8,2001:db8::/32",
        [Keys.MilterDoor.SkipAuthenticated] = "true",
        [Keys.MilterDoor.RouteFromRcptHost] = "true",
        [Keys.MilterDoor.RouteFromRcptHostNetworks] = "10.0.0.0/8,fd00::/8",
        [Keys.MilterDoor.SocketMode] = "0666",
        [Keys.MilterDoor.SocketGroup] = "postfix",
        [Keys.SocketmapDoor.Listen] = "inet:[::1]:10061,unix:/run/s.sock",
        [Keys.SocketmapDoor.AnswerWithin] = "9s",
        [Keys.SocketmapDoor.NoRoute] = "notfound",
        [Keys.SocketmapDoor.SocketMode] = "0666",
        [Keys.SocketmapDoor.SocketGroup] = "postfix",
        [Keys.SocketmapDoor.MaxIdleTime] = "1h",
        [Keys.AdminDoor.Listen] = "inet:127.0.0.1:10081",
        [Keys.AdminDoor.Socket] = "/run/other/admin.sock",
        [Keys.AdminDoor.SocketMode] = "0660",
        [Keys.AdminDoor.SocketGroup] = "postfix",
        [Keys.AdminDoor.Token] = "sixteen-letters-",
        [Keys.AdminDoor.TokenFile] = "/etc/rcptverify/token",
        [Keys.Replies.UnknownUser] = "550 5.1.1 No, sorry, unknown",
        [Keys.Replies.TempfailAction] = "dunno",
        [Keys.Replies.DryRun] = "true",
        [Keys.Times.Store] = "memory",
        [Keys.Times.PositiveExpire] = "32d",
        [Keys.Times.PositiveRefresh] = "8d",
        [Keys.Times.PositiveGrace] = "0s",
        [Keys.Times.NegativeExpire] = "4d",
        [Keys.Times.NegativeRefresh] = "4h",
        [Keys.Times.NegativeRecheck] = "6m",
        [Keys.Times.UnknownExpire] = "31",
        [Keys.Times.Redis] = "h:1,ssl=true",
        [Keys.Times.RedisCaFile] = "/etc/redis-ca.pem",
        [Keys.Times.RedisCertFile] = "/etc/redis-client.pem",
        [Keys.Times.RedisKeyFile] = "/etc/redis-client.key",
        [Keys.Times.MaxEntries] = "5",
        [Keys.Times.MaxNegatives] = "2",
        [Keys.Probes.Helo] = "mx.example",
        [Keys.Probes.Sender] = "<>",
        [Keys.Probes.SenderTtl] = "1h",
        [Keys.Probes.ClientRefusedLimit] = "5/1m",
        [Keys.Probes.ClientLimitExempt] = "10.0.0.0/8,2001:db8::/32",
        [Keys.Probes.Timeout] = "16s",
        [Keys.Probes.ConnectTimeout] = "6s",
        [Keys.Probes.RateLimit] = "600/1m",
        [Keys.Probes.MaxProbes] = "7",
        [Keys.Probes.DnsServers] = "192.0.2.53,[2001:db8::53]:5353",
        [Keys.Logging.Level] = "debug",
        [Keys.Routes.Domains] = "c.example,*",
        [Keys.Routes.Servers] = "t:26",
        [Keys.Routes.MxPort] = "2525",
        [Keys.Routes.MxAnyDomain] = "true",
        [Keys.Routes.Target] = "data",
        [Keys.Routes.EodSecret] = "correct-horse",
        [Keys.Routes.Canary] = "info@c.example",
        [Keys.Routes.UserUnknownReplies] = "550 5.7.1 no mailbox here,gone fishing",
        [Keys.Routes.MailboxExistsReplies] = "5.7.133",
        [Keys.Routes.NotAboutUserReplies] = "554 5.7.",
        [Keys.Routes.Tls] = "encrypt",
        [Keys.Routes.TlsCaFile] = "/etc/ssl/ca.pem",
        [Keys.Routes.TlsCertFile] = "/etc/ssl/other.pem",
        [Keys.Routes.TlsKeyFile] = "/etc/ssl/key.pem",
        [Keys.Routes.TlsMinVersion] = "1.0",
        [Keys.Routes.MaxConnections] = "5",
        [Keys.Routes.MaxErrorsPerConnection] = "3",
        [Keys.Routes.RecipientsPerTransaction] = "7",
        [Keys.Routes.Pipelining] = "true",
        [Keys.Routes.AlwaysAccept] = "postmaster,abuse",
        [Keys.Routes.CaseSensitive] = "true",
        [Keys.Routes.RecipientDelimiter] = "+-",
    };

    private const string Route = "[[route]]\ndomains = [\"a.example\"]\nservers = [\"s\"]\ntls_cert_file = \"/etc/ssl/own.pem\"\n";

    // mx stands in the place of servers, and so cannot be set beside them; route_from_rcpt_host needs its networks.
    public static TheoryData<string, string> KeysOfToday => [.. Keys.All.Except(NotYet).Except([Keys.Routes.Mx, Keys.MilterDoor.RouteFromRcptHost]).Select(key => (key.Section, key.Name))];

    private static IEnumerable<Key> NotYet => NotYetAvailable.All.Select(refusal => refusal.Key);

    [Theory]
    [MemberData(nameof(KeysOfToday))]
    public void Every_key_reaches_the_options_and_the_environment_says_it_as_the_file_does(string section, string name)
    {
        Key key = Keys.Find(section, name)!;
        string other = Others[key];
        string variable = key.EnvironmentName.Replace("__N__", "__0__", StringComparison.Ordinal);
        string byEnvironment = Dump(Options(Parse(Route, new() { [variable] = other })));

        Assert.Equal(byEnvironment, Dump(Options(Parse(InFile(key, other)))));
        string[] changed = [.. byEnvironment.Split('\n').Except(Dump(Options(Parse(Route))).Split('\n'))];
        Assert.Contains(changed, line => line.StartsWith($".{Pascal(section)}", StringComparison.Ordinal));
        Assert.All(changed, line => Assert.Contains($".{Pascal(name)}", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_key_that_routes_may_repeat_can_be_repeated_by_the_environment() =>
        Assert.All(Keys.All.Where(key => key.InRoute).Except(NotYet), key =>
        {
            RcptVerifyOptions options = Options(Parse(Route, new() { [$"RCPTVERIFY__ROUTE__0__{key.Name.ToUpperInvariant()}"] = Others[key] }));
            Assert.Equal(Dump(new RcptVerifyOptions()), Dump(options with { Routes = [] }));
            Assert.NotEqual(Dump(Options(Parse(Route))), Dump(options));
        });

    [Fact]
    public void The_environment_wins_over_the_file() => Assert.Equal(
        TimeSpan.FromSeconds(3),
        Options(Parse("[policy]\nanswer_within = \"2s\"", new() { ["RCPTVERIFY__POLICY__ANSWER_WITHIN"] = "3s" })).Policy.AnswerWithin);

    [Fact]
    public void An_empty_variable_is_an_empty_list() => Assert.Empty(Options(FromEnvironment(("RCPTVERIFY__POLICY__LISTEN", ""))).Policy.Listen);

    [Fact]
    public void The_next_hop_may_choose_by_the_environment_too()
    {
        MilterOptions milter = Options(FromEnvironment(
            ("RCPTVERIFY__MILTER__ROUTE_FROM_RCPT_HOST", "true"), ("RCPTVERIFY__MILTER__ROUTE_FROM_RCPT_HOST_NETWORKS", "10.0.0.0/8,fd00::/8"))).Milter;

        Assert.True(milter.RouteFromRcptHost);
        Assert.Equal(["10.0.0.0/8", "fd00::/8"], milter.RouteFromRcptHostNetworks.Select(n => n.ToString()));
        HasErrors(
            FromEnvironment(("RCPTVERIFY__MILTER__ROUTE_FROM_RCPT_HOST", "true")),
            "RCPTVERIFY__MILTER__ROUTE_FROM_RCPT_HOST: route_from_rcpt_host needs route_from_rcpt_host_networks, the networks of the servers that may be asked");
    }

    [Fact]
    public void A_container_needs_no_file() => Assert.Equal(
        ["a.example s:25 t:26", "b.example u:25"],
        Options(FromEnvironment(
            ("RCPTVERIFY__ROUTE__1__SERVERS", "u"), ("RCPTVERIFY__ROUTE__1__DOMAINS", "b.example"),
            ("RCPTVERIFY__ROUTE__0__SERVERS", "s, t:26"), ("RCPTVERIFY__ROUTE__0__DOMAINS", "a.example")))
            .Routes.Select(route => $"{route.Domains[0]} {string.Join(' ', route.Servers)}"));

    [Theory]
    [InlineData("RCPTVERIFY__POLICY__LISTNE", "no configuration key has this name, did you mean \"RCPTVERIFY__POLICY__LISTEN\"?")]
    [InlineData("rcptverify__policy__listen", "no configuration key has this name, did you mean \"RCPTVERIFY__POLICY__LISTEN\"?")]
    [InlineData("RCPTVERIFY__ROUTE__SERVERS", "no configuration key has this name, did you mean \"RCPTVERIFY__ROUTE__0__SERVERS\"?")]
    [InlineData("RCPTVERIFY__ROUTE__00__SERVERS", "no configuration key has this name, did you mean \"RCPTVERIFY__ROUTE__0__SERVERS\"?")]
    [InlineData("RCPTVERIFY__ROUTE__N__SERVERS", "no configuration key has this name, did you mean \"RCPTVERIFY__ROUTE__0__SERVERS\"?")]
    [InlineData("RCPTVERIFY__ROUTE__0__STORE", "\"store\" cannot be set in a route: it belongs in [cache]")]
    [InlineData("RCPTVERIFY__ROUTE__0__TARGT", "unknown key \"targt\" in a route, did you mean \"target\"?")]
    [InlineData("RCPTVERIFY__ZEBRA", "no configuration key has this name")]
    [InlineData("RCPTVERIFY__", "no configuration key has this name")]
    [InlineData("RCPTVERIFY__ROUTE__1__SERVERS", "there is no route 1: routes count from 0, the next new one is 0")]
    [InlineData("RCPTVERIFY__CACHE__MAX_ENTRIES", "expected a whole number from 1 to 100000000, found \"x\"")]
    public void A_wrong_variable_is_told_by_its_name(string name, string error) => HasErrors(FromEnvironment((name, "x")), $"{name}: {error}");

    [Fact]
    public void Values_are_compared_across_the_sources() => HasErrors(
        Parse("[probe]\ntimeout = \"10s\"", new() { ["RCPTVERIFY__PROBE__CONNECT_TIMEOUT"] = "11s" }),
        "RCPTVERIFY__PROBE__CONNECT_TIMEOUT: connect_timeout (11s) must not be longer than timeout (10s)");

    private static string Pascal(string name) =>
        string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string InFile(Key key, string other)
    {
        string toml = key.Read(RawValue.Untyped(default, other), new ErrorList())!.Value switch
        {
            System.Collections.IEnumerable and not string => $"[{string.Join(", ", other.Split(',').Select(item => $"\"{item}\""))}]",
            bool or int => other,
            _ => $"\"{other}\"",
        };
        if (key.Section != "route")
            return $"[{key.Section}]\n{key.Name} = {toml}\n{Route}";
        string[] lines = [.. Route.Split('\n').Where(line => !line.StartsWith(key.Name + " ", StringComparison.Ordinal)), $"{key.Name} = {toml}"];
        return string.Join('\n', lines);
    }
}

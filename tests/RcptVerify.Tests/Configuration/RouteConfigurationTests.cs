using RcptVerify.Configuration;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

public sealed class RouteConfigurationTests
{
    [Fact]
    public void A_route_is_read_with_all_its_keys()
    {
        RouteOptions route = Assert.Single(Options(Parse("""
            [[route]]
            domains = ["Example.COM", ".example.com", "*", "bücher.example"]
            servers = ["ex1.corp.example:2525", "EX2", "192.0.2.1:26", "[2001:DB8::1]:27", "[::1]"]
            max_connections = 9
            always_accept = ["Info", "abuse@BÜCHER.example"]
            case_sensitive = true
            """)).Routes);
        Assert.Equal(["example.com", ".example.com", "*", "xn--bcher-kva.example"], route.Domains);
        Assert.Equal(
            ["ex1.corp.example:2525", "ex2:25", "192.0.2.1:26", "[2001:db8::1]:27", "[::1]:25"],
            route.Servers.Select(server => server.ToString()));
        Assert.Equal(9, route.MaxConnections);
        Assert.Equal(["Info", "abuse@xn--bcher-kva.example", "postmaster"], route.AlwaysAccept);
        Assert.True(route.CaseSensitiveLocalPart);
    }

    [Fact]
    public void Postmaster_is_not_added_where_it_is_already_in_other_letters() =>
        Assert.Equal(["PostMaster"], Single("always_accept = [\"PostMaster\"]").AlwaysAccept);

    [Fact]
    public void TLS_is_taken_where_it_is_offered_unless_a_route_says_otherwise()
    {
        Assert.Equal((TlsLevel.May, "", "", "", TlsVersion.Tls12), Tls(Single("")));
        Assert.Equal(
            (TlsLevel.Verify, "/ca.pem", "/own.pem", "/key.pem", TlsVersion.Tls10),
            Tls(Single("""
                tls = "verify"
                tls_ca_file = "/ca.pem"
                tls_cert_file = "/own.pem"
                tls_key_file = "/key.pem"
                tls_min_version = "1.0"
                """)));

        static (TlsLevel, string, string, string, TlsVersion) Tls(RouteOptions route) =>
            (route.Tls, route.TlsCaFile, route.TlsCertFile, route.TlsKeyFile, route.TlsMinVersion);
    }

    [Theory]
    [InlineData("tls_key_file = \"/key.pem\"", "4:16: tls_key_file needs tls_cert_file, the certificate that the key belongs to")]
    [InlineData("tls_ca_file = \"ca.pem\"", "4:15: expected an absolute path or \"\", found \"ca.pem\"")]
    [InlineData("tls_min_version = \"1.4\"", "4:19: expected one of \"1.0\", \"1.1\", \"1.2\", \"1.3\", found \"1.4\", did you mean \"1.0\"?")]
    public void TLS_settings_that_cannot_be_are_errors(string line, string error) =>
        HasErrors(Parse("[[route]]\ndomains = [\"d.example\"]\nservers = [\"s\"]\n" + line), $"{Source}:{error}");

    [Fact]
    public void A_route_takes_the_sections_values_and_its_own_before_them()
    {
        RcptVerifyOptions options = Options(Parse("""
            [cache]
            positive_expire_time = "40d"
            negative_recheck_time = "6m"
            [reply]
            unknown_user = "550 5.1.1 Nobody"
            [probe]
            timeout = "20s"
            [[route]]
            domains = ["a.example"]
            servers = ["s"]
            negative_recheck_time = "7m"
            dry_run = true
            timeout = "30s"
            sender = "<>"
            [[route]]
            domains = ["b.example"]
            servers = ["s"]
            """));
        Assert.Equal((TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(20), false), Seen(options.Cache, options.Probe, options.Reply));
        Assert.Equal(
            [(TimeSpan.FromMinutes(7), TimeSpan.FromSeconds(30), true), (TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(20), false)],
            options.Routes.Select(route => Seen(route.Cache, route.Probe, route.Reply)));
        Assert.All(options.Routes, route => Assert.Equal(TimeSpan.FromDays(40), route.Cache.PositiveExpireTime));
        Assert.All(options.Routes, route => Assert.Equal("550 5.1.1 Nobody", route.Reply.UnknownUser));
        Assert.Equal(["<>", ""], options.Routes.Select(route => route.Probe.Sender));

        static (TimeSpan, TimeSpan, bool) Seen(CacheOptions cache, ProbeOptions probe, ReplyOptions reply) =>
            (cache.NegativeRecheckTime, probe.Timeout, reply.DryRun);
    }

    [Fact]
    public void Every_key_of_cache_probe_and_reply_is_taken_by_routes_except_those_of_the_process()
    {
        string[] global = ["store", "redis", "redis_ca_file", "redis_cert_file", "redis_key_file", "max_entries"];
        Assert.Equal(global, Keys.All.Where(key => key.Section is "cache" or "probe" or "reply" && !key.InRoute).Select(key => key.Name));
        Assert.All(Keys.All.Where(key => key.InRoute), key => Assert.Same(key, Keys.Find("route", key.Name)));
    }

    [Fact]
    public void Routes_may_be_written_inline() => Assert.Equal(
        ["a.example", "b.example"],
        Options(Parse("route = [{ domains = [\"a.example\"], servers = [\"s\"] }, { domains = [\"b.example\"], servers = [\"s\"] }]"))
            .Routes.Select(route => Assert.Single(route.Domains)));

    [Theory]
    [InlineData("store = \"memory\"", "4:1: \"store\" cannot be set in a route: it belongs in [cache]")]
    [InlineData("answer_within = 1", "4:1: \"answer_within\" cannot be set in a route: it belongs in [policy]")]
    [InlineData("negativ_expire_time = 1", "4:1: unknown key \"negativ_expire_time\" in a route, did you mean \"negative_expire_time\"?")]
    [InlineData("max_connections = 101", "4:19: expected a whole number from 1 to 100, found \"101\"")]
    [InlineData("target = \"eof\"", "4:10: expected one of \"auto\", \"rcpt\", \"data\", \"bdat\", \"eod\", found \"eof\", did you mean \"eod\"?")]
    [InlineData("target = \"eod\"", "4:10: target \"eod\" needs eod_secret, and the transport rule that deletes the probes by it")]
    [InlineData("eod_secret = \"two words\"", "4:14: expected 8 to 128 printable ASCII characters without spaces")]
    [InlineData("canary = \"info\"", "4:10: expected a mail address or \"\", found \"info\"")]
    [InlineData("user_unknown_replies = [\"no user\", \"450 4.1.1 gone\"]", "4:36: expected " + ReplyPattern.RefusalDescription + ", found \"450 4.1.1 gone\"")]
    [InlineData("user_unknown_replies = [\"5.7.\"]", "4:25: expected " + ReplyPattern.RefusalDescription + ", found \"5.7.\"")]
    [InlineData("not_about_user_replies = [\"550\"]", "4:27: expected " + ReplyPattern.Description + ", found \"550\"")]
    [InlineData("mailbox_exists_replies = \"full\"", "4:26: expected a list of replies, each like \"550 5.7.1 no mailbox here\", found a string")]
    [InlineData("max_negatives = -1", "4:17: expected a whole number from 0 to 100000000, found \"-1\"")]
    [InlineData("always_accept = [\"a b\"]", "4:18: expected a local part or a mail address, found \"a b\"")]
    [InlineData("negative_expire_time = \"1h\"", "4:24: negative_expire_time (1h) must not be shorter than negative_refresh_time (3h)")]
    [InlineData("timeout = \"2s\"", "4:11: timeout (2s) must not be shorter than connect_timeout (5s)")]
    public void A_wrong_key_in_a_route_is_told(string line, string error) =>
        HasErrors(Parse($"[[route]]\ndomains = [\"a.example\"]\nservers = [\"s\"]\n{line}"), $"c.toml:{error}");

    [Theory]
    [InlineData("domains = [\"a.example\"]", "1:3: the route names no servers")]
    [InlineData("domains = [\"a.example\"]\nservers = []", "3:11: the route names no servers")]
    [InlineData("servers = [\"s\"]", "1:3: the route names no domains")]
    [InlineData("servers = [\"s\"]\ndomains = []", "3:11: the route names no domains")]
    [InlineData("servers = [\"s:0\"]\ndomains = [\"a.example\"]", "2:12: expected HOST:PORT, HOST or [IPv6]:PORT, with a port from 1 to 65535, found \"s:0\"")]
    [InlineData("servers = [\"300.1.1.1\"]\ndomains = [\"a.example\"]", "2:12: expected HOST:PORT, HOST or [IPv6]:PORT, with a port from 1 to 65535, found \"300.1.1.1\"")]
    [InlineData("servers = [\"::1\"]\ndomains = [\"a.example\"]", "2:12: expected HOST:PORT, HOST or [IPv6]:PORT, with a port from 1 to 65535, found \"::1\"")]
    [InlineData("servers = [\"s\"]\ndomains = [\"a..b\"]", "3:12: expected a domain, \".domain\" for all its subdomains, or \"*\", found \"a..b\"")]
    [InlineData("servers = [\"s\"]\ndomains = [\"*.b.example\"]", "3:12: expected a domain, \".domain\" for all its subdomains, or \"*\", found \"*.b.example\"")]
    public void A_route_needs_domains_and_servers(string lines, string error) => HasErrors(Parse($"[[route]]\n{lines}"), $"c.toml:{error}");

    [Fact]
    public void Servers_and_mx_exclude_each_other() => Assert.Contains(
        "c.toml:4:6: a route has either servers or mx = true, not both",
        Errors(Parse("[[route]]\ndomains = [\"a.example\"]\nservers = [\"s\"]\nmx = true")), StringComparison.Ordinal);

    [Fact]
    public void A_route_can_ask_MX_hosts()
    {
        RouteOptions route = Assert.Single(Options(Parse("[[route]]\ndomains = [\"a.example\"]\nmx = true\nmx_port = 2525")).Routes);
        Assert.Equal((true, 2525, 0), (route.Mx, route.MxPort, route.Servers.Count));
    }

    [Fact]
    public void MX_hosts_of_any_domain_are_asked_only_by_an_explicit_switch()
    {
        const string any = "[[route]]\ndomains = [\"a.example\", \"*\"]\nmx = true";
        HasErrors(Parse(any), "c.toml:3:6: with mx = true for the domain \"*\" strangers choose the servers that are asked: "
            + "name the domains, or allow it with mx_any_domain = true");
        Assert.True(Assert.Single(Options(Parse($"{any}\nmx_any_domain = true")).Routes).MxAnyDomain);
    }

    [Theory]
    [InlineData("192.0.2.53", "192.0.2.53:53")]
    [InlineData("192.0.2.53:5353", "192.0.2.53:5353")]
    [InlineData("2001:db8::53", "[2001:db8::53]:53")]
    [InlineData("[2001:db8::53]:5353", "[2001:db8::53]:5353")]
    public void A_DNS_server_is_an_address_with_or_without_a_port(string text, string server) =>
        Assert.Equal(server, Assert.Single(Options(Parse($"[probe]\ndns_servers = [\"{text}\"]")).Probe.DnsServers).ToString());

    [Theory]
    [InlineData("ns.example")]
    [InlineData("53")]
    [InlineData("192.0.2.53:99999")]
    public void What_is_no_address_is_no_DNS_server(string text) => Assert.StartsWith(
        "c.toml:2:16: expected a DNS server's address", Errors(Parse($"[probe]\ndns_servers = [\"{text}\"]")), StringComparison.Ordinal);

    [Fact]
    public void A_domain_in_two_routes_is_told_with_both_lines() => HasErrors(
        Parse("""
            [[route]]
            domains = ["a.example", "bücher.example"]
            servers = ["s"]
            [[route]]
            domains = ["b.example", "XN--BCHER-KVA.example"]
            servers = ["s"]
            """),
        "c.toml:5:25: \"xn--bcher-kva.example\" already has a route at c.toml:2:25");

    [Fact]
    public void A_section_error_is_not_repeated_for_each_route() => HasErrors(
        Parse("[cache]\nnegative_expire_time = \"1h\"\n[[route]]\ndomains = [\"a.example\"]\nservers = [\"s\"]"),
        "c.toml:2:24: negative_expire_time (1h) must not be shorter than negative_refresh_time (3h)");

    [Fact]
    public void Routes_come_from_the_command_line_too()
    {
        RcptVerifyOptions options = Options(ConfigurationLoader.Load(null, new Dictionary<string, string>(), ["a.example,.b.example=h:2525,[::1]:26", "*=c"]));
        Assert.Equal(
            ["a.example .b.example = h:2525 [::1]:26", "* = c:25"],
            options.Routes.Select(route => $"{string.Join(' ', route.Domains)} = {string.Join(' ', route.Servers)}"));
    }

    [Fact]
    public void A_command_line_route_does_not_silently_replace_one_of_the_file() => HasErrors(
        Parse("[[route]]\ndomains = [\"a.example\"]\nservers = [\"s\"]", null, "a.example=t"),
        "--route a.example=t: \"a.example\" already has a route at c.toml:2:12");

    [Theory]
    [InlineData("=h", "--route =h: the route names no domains")]
    [InlineData("a.example=", "--route a.example=: the route names no servers")]
    [InlineData("\u001b=h", "--route \\u001B=h: expected a domain, \".domain\" for all its subdomains, or \"*\", found \"\\u001B\"")]
    public void A_wrong_command_line_route_is_told(string argument, string error) => HasErrors(Parse("", null, argument), error);

    private static RouteOptions Single(string line) =>
        Assert.Single(Options(Parse($"[[route]]\ndomains = [\"a.example\"]\nservers = [\"s\"]\n{line}")).Routes);
}

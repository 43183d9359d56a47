using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

/// <summary>What the user reads for each kind of mistake, word for word and to the column.</summary>
public sealed class ConfigurationErrorTests
{
    private const string Duration90 = "a duration from 1s to 90s, like \"30s\", \"5m\", \"3h\" or \"7d\"";

    [Theory]
    // Names
    [InlineData("[polcy]\nlisten = []", "c.toml:1:2: unknown section \"polcy\", did you mean \"policy\"?")]
    [InlineData("[zebra]", "c.toml:1:2: unknown section \"zebra\"")]
    [InlineData("[policy]\n  lisen = []", "c.toml:2:3: unknown key \"lisen\" in [policy], did you mean \"listen\"?")]
    [InlineData("[policy]\nzebra = 1", "c.toml:2:1: unknown key \"zebra\" in [policy]")]
    [InlineData("[cache]\nunknown_user = \"x\"", "c.toml:2:1: unknown key \"unknown_user\" in [cache], did you mean \"unknown_user\" in [reply]?")]
    [InlineData("[cache]\nunknown_usr = \"x\"", "c.toml:2:1: unknown key \"unknown_usr\" in [cache], did you mean \"unknown_user\" in [reply]?")]
    [InlineData("max_entrys = 1", "c.toml:1:1: unknown key \"max_entrys\" outside of all sections, did you mean \"max_entries\" in [cache]?")]
    [InlineData("[policy]\n\"a\\u0007b\".c = 1", "c.toml:2:1: unknown key \"a\\u0007b.c\" in [policy]")]
    // Sections in the wrong form
    [InlineData("policy = 1", "c.toml:1:1: \"policy\" is a section: write [policy]")]
    [InlineData("[[policy]]", "c.toml:1:3: \"policy\" is not a list: write [policy]")]
    [InlineData("[policy.more]", "c.toml:1:2: [policy] has no subsections, found \"policy.more\"")]
    [InlineData("route = 1", "c.toml:1:1: routes are a list: write [[route]]")]
    [InlineData("[route]\ndomains = [\"a.example\"]\nservers = [\"b\"]", "c.toml:1:2: routes are a list: write [[route]]")]
    // Duplicates
    [InlineData("[policy]\nanswer_within = 1\nanswer_within = 2", "c.toml:3:1: \"answer_within\" is already set at c.toml:2:1")]
    [InlineData("[policy]\n[reply]\n[policy]", "c.toml:3:2: [policy] is already opened at c.toml:1:2")]
    [InlineData("[policy]\nlisten = [\"inet:h:1\", \"inet:H:1\"]", "c.toml:2:23: \"inet:H:1\" is listed twice")]
    // Types
    [InlineData("[policy]\nlisten = \"inet:h:1\"", "c.toml:2:10: expected a list of sockets, each \"inet:HOST:PORT\" or \"unix:/path\", found a string")]
    [InlineData("[policy]\nlisten = [\n  1 ]", "c.toml:3:3: expected \"inet:HOST:PORT\" with a port from 0 to 65535, or \"unix:/path\", found a whole number")]
    [InlineData("[policy]\nanswer_within = true", "c.toml:2:17: expected " + Duration90 + ", found true or false")]
    [InlineData("[policy]\nanswer_within = 1.5", "c.toml:2:17: expected " + Duration90 + ", found a fractional number")]
    [InlineData("[policy]\nanswer_within = 2026-01-01", "c.toml:2:17: expected " + Duration90 + ", found a date or time")]
    [InlineData("[policy]\nanswer_within = { a = 1 }", "c.toml:2:17: expected " + Duration90 + ", found a table")]
    [InlineData("[policy]\nanswer_within = [1]", "c.toml:2:17: expected " + Duration90 + ", found a list")]
    [InlineData("[reply]\ndry_run = \"true\"", "c.toml:2:11: expected true or false, found a string")]
    [InlineData("[cache]\nmax_entries = \"5\"", "c.toml:2:15: expected a whole number from 1 to 100000000, found a string")]
    // Values
    [InlineData("[policy]\nanswer_within = \"91s\"", "c.toml:2:17: expected " + Duration90 + ", found \"91s\"")]
    [InlineData("[policy]\nanswer_within = 0", "c.toml:2:17: expected " + Duration90 + ", found \"0\"")]
    [InlineData("[policy]\nanswer_within = -8", "c.toml:2:17: expected " + Duration90 + ", found \"-8\"")]
    [InlineData("[policy]\nanswer_at = \"rctp\"", "c.toml:2:13: expected one of \"rcpt\", \"data\", found \"rctp\", did you mean \"rcpt\"?")]
    [InlineData("[cache]\nmax_entries = 0", "c.toml:2:15: expected a whole number from 1 to 100000000, found \"0\"")]
    [InlineData("[policy]\nsocket_mode = \"0888\"", "c.toml:2:15: expected an octal file mode in quotes, \"0000\" to \"0777\", found \"0888\"")]
    [InlineData("[policy]\nsocket_group = \"a b\"", "c.toml:2:16: expected a group name, a group number or \"\", found \"a b\"")]
    [InlineData("[policy]\nmax_idle_time = \"999s\"", "c.toml:2:17: expected a duration from 1200s to 7d, like \"30s\", \"5m\", \"3h\" or \"7d\", found \"999s\"")]
    [InlineData("[cache]\nstore = \"sqlite:rel\"", "c.toml:2:9: expected \"memory\" or \"sqlite:/path\", found \"sqlite:rel\"")]
    [InlineData("[probe]\nsender = \"a b@c.example\"", "c.toml:2:10: expected a mail address, \"<>\" for the null sender, or \"\", found \"a b@c.example\"")]
    [InlineData("[probe]\nhelo = \"x y\"", "c.toml:2:8: expected a host name, an address literal like \"[192.0.2.1]\", or \"\", found \"x y\"")]
    [InlineData("[probe]\nclient_refused_limit = \"100\"", "c.toml:2:24: expected COUNT/PERIOD like \"100/1h\", or \"\", found \"100\"")]
    [InlineData("[milter]\nskip_clients = [\"10/8\"]", "c.toml:2:17: expected a network like \"192.0.2.0/24\" or an address like \"192.0.2.1\", found \"10/8\"")]
    [InlineData("[milter]\nroute_from_rcpt_host = true", "c.toml:2:24: route_from_rcpt_host needs route_from_rcpt_host_networks, the networks of the servers that may be asked")]
    [InlineData("[milter]\nroute_from_rcpt_host_networks = []\nroute_from_rcpt_host = true", "c.toml:3:24: route_from_rcpt_host needs route_from_rcpt_host_networks, the networks of the servers that may be asked")]
    [InlineData("[milter]\nroute_from_rcpt_host = true\nroute_from_rcpt_host_networks = [\"10/8\"]", "c.toml:3:34: expected a network like \"192.0.2.0/24\" or an address like \"192.0.2.1\", found \"10/8\"")]
    [InlineData("[milter]\nskip_clients = [\"10.1.0.0/8\"]", "c.toml:2:17: expected a network like \"192.0.2.0/24\" or an address like \"192.0.2.1\", found \"10.1.0.0/8\"")]
    [InlineData("[cache]\nredis = \"redis://127.0.0.1:6379\"", "c.toml:2:9: redis is no connection string in StackExchange.Redis' notation: it is no URL: write HOST:PORT, and options like ssl=true behind commas")]
    [InlineData("[cache]\nredis = \"127.0.0.1:6379,password=a://b\"", null)]
    [InlineData("[[route]]\ndomains = [\"a.example\"]\nservers = [\"b\"]\nalways_accept = [\"foo@bar@baz\"]", "c.toml:4:18: expected a local part or a mail address, found \"foo@bar@baz\"")]
    [InlineData("[policy]\nlisten = [\"inet:127.0.0.1:99999\"]", "c.toml:2:11: expected \"inet:HOST:PORT\" with a port from 0 to 65535, or \"unix:/path\", found \"inet:127.0.0.1:99999\"")]
    // Values that do not fit each other
    [InlineData("[cache]\npositive_refresh_time = \"32d\"", "c.toml:2:25: positive_refresh_time (32d) must not be longer than positive_expire_time (31d)")]
    [InlineData("[cache]\nnegative_refresh_time = \"1m\"", "c.toml:2:25: negative_refresh_time (1m) must not be shorter than negative_recheck_time (5m)")]
    [InlineData("[cache]\nnegative_expire_time = \"1h\"", "c.toml:2:24: negative_expire_time (1h) must not be shorter than negative_refresh_time (3h)")]
    [InlineData("[probe]\nconnect_timeout = \"20s\"", "c.toml:2:19: connect_timeout (20s) must not be longer than timeout (15s)")]
    // Syntax
    [InlineData("[policy]\nanswer_within = 8s", "c.toml:2:18: put it in quotes: \"8s\"; \"answer_within\" is " + Duration90)]
    [InlineData("[[route]]\ndomains = [a.example]\nservers = [\"b\"]", "c.toml:2:12: put it in quotes: \"a.example\"; \"domains\" is a list of domains")]
    [InlineData("[[route]]\ndomains = [\n  \"a.example\",\n  b.example,\n]\nservers = [\"b\"]", "c.toml:4:3: put it in quotes: \"b.example\"; \"domains\" is a list of domains")]
    [InlineData("[probe]\nhelo = mx.a.example # us\nsender = 7", "c.toml:2:8: put it in quotes: \"mx.a.example\"; \"helo\" is a host name, an address literal like \"[192.0.2.1]\", or \"\"")]
    [InlineData("[reply]\ndry_run = True", "c.toml:2:11: Unexpected token `True` for a value; \"dry_run\" is true or false")]
    [InlineData("[[route]]\ndomains = [\"a.example\"\nservers = [\"b\"]\n[cache]\nmax_entries = 0", "c.toml:3:1: Unexpected token `servers` (token: `Invalid`). Expecting a closing `]` for an array; \"domains\" is a list of domains")]
    [InlineData("[[route]\ndomains = [\"a.example\"]\nservers = [\"b\"]", "c.toml:1:8: Unexpected token found `]` (token: `closebracket`) while expecting `]]` (token: `closebracketdouble`)")]
    [InlineData("[[route]]\ndomains = [\"a.example]\nservers = [\"b\"]", "c.toml:2:23: Invalid newline in a string; \"domains\" is a list of domains")]
    [InlineData("[policy]\nsocket_group = \"x\nlisten = []\n", "c.toml:2:18: Invalid newline in a string; \"socket_group\" is a group name, a group number or \"\"")]
    [InlineData("[policy\n", "c.toml:1:8: Unexpected token found `␤` (token: `newline`) while expecting `]` (token: `closebracket`)")]
    [InlineData("", null)]
    [InlineData("\uFEFF[policy]\r\nlisten = []\r\n", null)]
    public void Each_mistake_is_told_with_its_place(string text, string? error)
    {
        if (error is null)
            Options(Parse(text));
        else
            HasErrors(Parse(text), error);
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown", true)]
    [InlineData("450 4.1.1 x", true)]
    [InlineData("550 4.1.1 User unknown", false)]
    [InlineData("250 2.1.1 fine", false)]
    [InlineData("550 User unknown", false)]
    [InlineData("550 5.1.1", false)]
    [InlineData("550 5.1.1 ", false)]
    [InlineData("550 5.1.1 a\\nb", false)]
    [InlineData("550 5.1.1 Käse", false)]
    [InlineData("DUNNO", false)]
    public void The_refusal_must_be_one_that_Postfix_can_say(string reply, bool fine)
    {
        string text = $"[reply]\nunknown_user = \"{reply}\"";
        if (fine)
            Assert.Equal(reply, Options(Parse(text)).Reply.UnknownUser);
        else
            Assert.StartsWith("c.toml:2:16: expected a reply like \"550 5.1.1 User unknown\"", Errors(Parse(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_refusal_may_have_510_characters_and_no_more()
    {
        string longest = "550 5.1.1 " + new string('x', 500);
        Assert.Equal(longest, Options(Parse($"[reply]\nunknown_user = \"{longest}\"")).Reply.UnknownUser);
        Assert.Single(Parse($"[reply]\nunknown_user = \"{longest}x\"").Errors);
    }

    [Fact]
    public void All_mistakes_of_all_sources_are_told_in_one_run_and_in_order() => HasErrors(
        Parse(
            "[policy]\nanswer_at = 1\nlisen = []\n[cache]\nmax_entries = 0\nx =\n",
            new() { ["RCPTVERIFY__PROBE__TIMEOUT"] = "soon", ["RCPTVERIFY__CACHE__MAX_ENTRYS"] = "1", ["PATH"] = "/bin" },
            "example.com", "a.example=b:c"),
        "c.toml:2:13: expected one of \"rcpt\", \"data\", found a whole number",
        "c.toml:3:1: unknown key \"lisen\" in [policy], did you mean \"listen\"?",
        "c.toml:5:15: expected a whole number from 1 to 100000000, found \"0\"",
        "c.toml:6:1: unknown key \"x\" in [cache]",
        "c.toml:6:4: Unexpected token end-of-line found while expecting a value",
        "RCPTVERIFY__CACHE__MAX_ENTRYS: no configuration key has this name, did you mean \"RCPTVERIFY__CACHE__MAX_ENTRIES\"?",
        "RCPTVERIFY__PROBE__TIMEOUT: expected a duration from 1s to 5m, like \"30s\", \"5m\", \"3h\" or \"7d\", found \"soon\"",
        "--route example.com: expected DOMAIN[,DOMAIN]=HOST:PORT[,HOST:PORT]",
        "--route a.example=b:c: expected HOST:PORT, HOST or [IPv6]:PORT, with a port from 1 to 65535, found \"b:c\"");

    [Fact]
    public void A_socket_serves_one_door() => HasErrors(
        Parse("[admin]\nlisten = \"inet:127.0.0.1:10040\""),
        "c.toml:2:10: \"inet:127.0.0.1:10040\" is already a socket of [policy]");

    [Fact]
    public void Columns_count_characters_not_bytes() => HasErrors(
        Parse("[policy]\nlisten = [ \"unix:/é😀\", 5 ]"),
        "c.toml:2:24: expected \"inet:HOST:PORT\" with a port from 0 to 65535, or \"unix:/path\", found a whole number");

    [Fact]
    public void Nothing_unprintable_reaches_a_message()
    {
        string error = Errors(Parse("[policy]\nsocket_group = \"\\u001b[2J\\u202E" + new string('x', 1000) + "\""));
        Assert.Contains("\\u001B[2J\\u202Exxx", error, StringComparison.Ordinal);
        Assert.EndsWith("x…\"", error, StringComparison.Ordinal);
        Assert.True(error.Length < 200, error);
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_and_counted()
    {
        IReadOnlyList<RcptVerify.Configuration.ConfigurationError> errors =
            Parse("[policy]\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"zebra{i} = 1\n"))).Errors;
        Assert.Equal(101, errors.Count);
        Assert.Equal("c.toml:102:1: this and 149 more errors are not shown", errors[100].ToString());
    }
}

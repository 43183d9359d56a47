using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Avr;
using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.PostfixConfig.Rules.Net;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>Whatever a configuration is, the rules on verification, networks and age bear it; a stock and a good one they praise by silence.</summary>
public sealed class AnyConfigurationTests
{
    private const int Rounds = 60;

    private static readonly PostfixRule[] Rules = [.. NetRules.All, .. AvrRules.All, .. DepRules.All];

    private static readonly string[] Words =
    [
        "", " ", ",", "{", "}", "{}", "$", "$$", "${", "${x", "${x?{a}:{b}}", "$mynetworks", "$relay_domains", "!", "!!", "::", "[", "]", "[]", "[]/", "/", "//",
        "[::1]/999", "0/0", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/99999999999", "[::ffff:1.2.3.4%eth0]/8", "hash:", ":", ":/", "proxy:", "proxy:proxy:hash:/x",
        "unionmap:{", "unionmap:{{hash:/a}}", "hash:/a", "data", "250", "-1", "9999999999999999999", "0s", "s", "no", "yes", "reject_unverified_recipient",
        "warn_if_reject", "check_policy_service", "check_recipient_access", "own", "other", "\u00e9\u4e2d", "\u001b[31m", "smtp:", "[127.0.0.1]:25", "ipv4", "all",
        "permit", "reject_unauth_destination", "reject_maps_rbl", "btree:$data_directory/x", "\\${data_directory}", "lmdb", "7d", "<>",
    ];

    private static readonly string[] Names =
    [
        "mynetworks", "mynetworks_style", "inet_protocols", "inet_interfaces", "smtp_bind_address", "smtp_bind_address6", "smtp_bind_address_enforce",
        "smtp_address_preference", "smtpd_forbid_bare_newline", "smtpd_forbid_unauth_pipelining", "smtpd_recipient_restrictions", "smtpd_relay_restrictions",
        "smtpd_client_restrictions", "smtpd_data_restrictions", "smtpd_restriction_classes", "own", "other", "smtpd_delay_reject",
        "unverified_recipient_reject_code", "unverified_recipient_defer_code", "unverified_recipient_reject_reason", "transport_maps",
        "address_verify_transport_maps", "address_verify_map", "address_verify_sender", "address_verify_sender_ttl", "address_verify_relayhost", "relayhost",
        "address_verify_relay_transport", "default_transport", "content_filter", "relay_domains", "relay_recipient_maps", "mydestination",
        "smtp_address_verify_target", "lmtp_address_verify_target", "proxy_write_maps", "data_directory", "enable_original_recipient", "virtual_maps",
        "smtpd_use_tls", "fallback_relay", "smtpd_tls_loglevel", "smtpd_tls_session_cache_database", "tls_ssl_options", "default_database_type",
        "non_bdb_migration_level", "address_verify_positive_refresh_time", "smtp_helo_name", "compatibility_level", "tls_dane_digest_agility",
    ];

    private static readonly string[] Services =
        ["smtp inet n - n - - smtpd", "587 inet n - n - - smtpd", "smtp unix - - n - - smtp", "lmtp unix - - n - - lmtp", "verify unix - - n - 1 verify", "x"];

    [Fact]
    public void No_rule_breaks_down()
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            Random random = new(seed);
            string Value() => string.Join(random.Next(2) == 0 ? " " : ",", Enumerable.Range(0, random.Next(5)).Select(_ => Words[random.Next(Words.Length)]));
            string Name() => Names[random.Next(Names.Length)];
            Lint lint = new()
            {
                Main = string.Concat(Enumerable.Range(0, 60).Select(_ => $"{Name()} = {Value()}\n")),
                Master = seed % 5 == 0
                    ? null
                    : string.Concat(Services.Select(service => $"{service}\n  -o {Name()}={Value()}\n  -o {{ {Name()} = {Value()} }}\n")),
                Postfix = PostfixVersion.Branches[seed % PostfixVersion.Branches.Count].ToString(),
                Platform = seed % 3 == 0 ? "alpine" : null,
                Files = seed % 2 == 0 ? new FakeFiles().With("/a", "x y:\n\n\u0000 \nz") : null,
            };
            IReadOnlyList<Finding> findings = Linter.Run(Rules, lint.Configuration, lint.Range, lint.Options);
            Assert.All(findings, finding => Assert.False(finding.Message.EndsWith('.') || finding.Message.Length == 0, finding.Message));
        }
    }

    [Fact]
    public void Every_fix_that_is_made_without_asking_ends_the_finding_and_brings_no_new_one()
    {
        Lint lint = new()
        {
            Main = "virtual_maps = hash:/v\nsmtpd_tls_loglevel = 3\naddress_verify_poll_delay = 3s\nsmtpd_tls_session_cache_database = btree:/x\n",
        };
        IReadOnlyList<Finding> found = Linter.Run(Rules, lint.Configuration, lint.Range, lint.Options);
        Assert.Equal(4, found.Count(finding => finding.Edits.Count > 0));
        Lint mended = new() { Main = Dep.Applied.To(lint.Main, [.. found.SelectMany(finding => finding.Edits)]) };
        Assert.Equal("virtual_alias_maps = hash:/v\nsmtpd_tls_loglevel = 1\n", mended.Main);
        Assert.Empty(Linter.Run(Rules, mended.Configuration, mended.Range, mended.Options));
    }

    [Theory]
    [InlineData("3.9")]
    [InlineData("3.11")]
    [InlineData("3.12")]
    public void Nothing_is_found_in_what_nobody_touched_and_in_the_good_configuration(string postfix)
    {
        string good = "compatibility_level = 3.9\nsmtpd_tls_chain_files = /etc/postfix/key.pem, /etc/postfix/fullchain.pem\nsmtpd_tls_security_level = may\n"
            + "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n"
            + "smtp_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_auth_only = yes\n";
        string master = "smtp inet n - n - - smtpd\nsubmissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes\n"
            + "submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes\nsmtp unix - - n - - smtp\n";
        foreach (Lint lint in (Lint[])[new() { Postfix = postfix }, new() { Main = good, Master = master, Postfix = postfix }])
            Assert.Empty(Linter.Run(Rules, lint.Configuration, lint.Range, lint.Options).Select(Lint.Brief));
    }

    [Fact]
    public void The_stock_configuration_has_ipv4_alone() => Assert.Equal(
        ["notice inet_protocols@main.cf:9 []"],
        Linter.Run(Rules, Stock.Configuration, Stock.Range, Stock.Options).Select(Lint.Brief));

    private static Lint Stock => new()
    {
        Main = "compatibility_level = 3.11\nqueue_directory = /var/spool/postfix\ncommand_directory = /usr/sbin\ndaemon_directory = /usr/libexec/postfix\n"
            + "data_directory = /var/lib/postfix\nmail_owner = postfix\nunknown_local_recipient_reject_code = 550\ndebug_peer_level = 2\ninet_protocols = ipv4\n",
    };
}

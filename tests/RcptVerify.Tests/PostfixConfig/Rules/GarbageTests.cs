using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>No rule throws, whatever the files, the release, the library and the profile are.</summary>
public sealed class GarbageTests
{
    private const int Rounds = 200;

    private static readonly string[] Names =
    [
        "smtpd_tls_protocols", "smtp_tls_mandatory_protocols", "smtpd_tls_security_level", "smtp_tls_security_level", "smtpd_use_tls", "smtp_enforce_tls",
        "smtpd_tls_wrappermode", "smtpd_sasl_auth_enable", "smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_restriction_classes",
        "mynetworks", "smtpd_timeout", "smtpd_hard_error_limit", "inet_protocols", "inet_interfaces", "relayhost", "transport_maps", "content_filter",
        "compatibility_level", "smtpd_tls_exclude_ciphers", "tls_medium_cipherlist", "smtpd_tls_mandatory_ciphers", "smtpd_tls_cert_file",
        "address_verify_map", "myhostname", "own", "a", "", "=", "x y", "é", "\u202e", "mynetworks_style", "smtp_bind_address", "smtp_bind_address6",
        "smtp_bind_address_enforce", "smtp_address_preference", "smtpd_forbid_bare_newline", "smtpd_forbid_unauth_pipelining", "smtpd_client_restrictions",
        "smtpd_data_restrictions", "other", "smtpd_delay_reject", "unverified_recipient_reject_code", "unverified_recipient_defer_code",
        "unverified_recipient_reject_reason", "address_verify_transport_maps", "address_verify_sender", "address_verify_sender_ttl",
        "address_verify_relayhost", "address_verify_relay_transport", "default_transport", "relay_domains", "relay_recipient_maps", "mydestination",
        "smtp_address_verify_target", "lmtp_address_verify_target", "proxy_write_maps", "data_directory", "enable_original_recipient", "virtual_maps",
        "fallback_relay", "smtpd_tls_loglevel", "smtpd_tls_session_cache_database", "tls_ssl_options", "default_database_type", "non_bdb_migration_level",
        "address_verify_positive_refresh_time", "smtp_helo_name", "tls_dane_digest_agility", "lmtp_tls_security_level",
        "smtpd_tls_mandatory_exclude_ciphers", "smtp_tls_exclude_ciphers", "smtp_tls_mandatory_exclude_ciphers", "smtpd_tls_ciphers",
        "smtp_tls_mandatory_ciphers", "tls_high_cipherlist", "tls_null_cipherlist", "smtpd_tls_dh1024_param_file", "smtpd_tls_dh512_param_file",
        "smtpd_tls_eecdh_grade", "tls_eecdh_auto_curves", "tls_preempt_cipherlist", "smtpd_tls_key_file", "smtpd_tls_chain_files", "smtpd_tls_eccert_file",
        "smtp_tls_fingerprint_digest", "smtpd_tls_fingerprint_digest", "smtp_dns_support_level", "smtp_host_lookup", "smtp_dns_resolver_options",
        "smtp_tls_policy_maps", "smtpd_tls_ask_ccert",
    ];

    private static readonly string[] Values =
    [
        "", " ", ">=", "<=", ">= TLSv1.2", ">=0", ">=ffffffffff", "!", "!!", "!TLSv1.3", ",:,", "TLSv1.2, !TLSv1.2", "yes", "no", "may", "encrypt", "dane",
        "none", "#", "# x", "yes # x", "()", "(", "x (y)", "$", "$$", "$a", "${a", "${a?", "${a?{b}:{c}}", "${{a} == {b} ? {c} : {d}}", "$own", "\\$a",
        "{", "}", "{ }", "{{", "a:b", ":", "static:ok", "permit", "reject, permit", "own", "ldap:", "ldap:a", "[", "[]", "[::1]:", "127.0.0.1",
        "9999999999999999999999", "-1", "1s", "s", "\0", "\u2028", "é", ",", "{}", "${", "${x", "${x?{a}:{b}}", "$mynetworks", "$relay_domains", "::", "]",
        "[]/", "/", "//", "[::1]/999", "0/0", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/99999999999", "[::ffff:1.2.3.4%eth0]/8", "hash:", ":/", "proxy:",
        "proxy:proxy:hash:/x", "unionmap:{", "unionmap:{{hash:/a}}", "hash:/a", "data", "250", "9999999999999999999", "0s", "reject_unverified_recipient",
        "warn_if_reject", "check_policy_service", "check_recipient_access", "other", "\u00e9\u4e2d", "\u001b[31m", "smtp:", "[127.0.0.1]:25", "ipv4",
        "all", "reject_unauth_destination", "reject_maps_rbl", "btree:$data_directory/x", "\\${data_directory}", "lmdb", "7d", "<>", "dane-only",
        "fingerprint", "null", "high", "medium", ",,, :", "+", "@", "-", "+a+", "a+", "$(", "$smtpd_tls_exclude_ciphers", "0x", "0xfffffffffffffffffff",
        "?", "..", "/etc/x.pem", "/etc/x.pem, /etc/y.pem", "auto", "ALL:@SECLEVEL=0", "@STRENGTH", "!!!", "kRSA+aRSA+AES", "dnssec", "dns",
        "check_ccert_access", "\u0001\u007f", "9999999999999999999.9",
    ];

    private static readonly string[] Lines =
    [
        "smtp inet n - n - - smtpd", "25 inet n - n - 1 postscreen", "smtpd pass - - n - - smtpd", ": inet n - n - - smtpd", "[::1]: inet n - n - - smtpd",
        "tlsproxy unix - - n - 0 tlsproxy", "smtp unix - - n - - smtp", "lmtp unix - - n - - lmtp", "x", "a b c d e f g h -o",
        "587 inet n - n - - smtpd -o { a", "465 inet n - n - - smtpd -o -o -o", "pickup fifo n - n 60 1 pickup", "  lost",
        "x/y inet - - - - - /usr/lib/smtpd -v -v", "587 inet n - n - - smtpd", "verify unix - - n - 1 verify", "tlsproxy unix - - - - 0 tlsproxy",
    ];

    private static readonly string[] Libraries = ["1.0.2", "1.1.1", "3.0", "3.5"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_rule_throws(int seed)
    {
        Random random = new(seed);
        string[] releases = ["2.6", .. PostfixVersion.Branches.Select(branch => branch.ToString())];
        FakeFiles files = new FakeFiles().With("/a", "x y:\n\n\u0000 \nz")
            .With("/etc/x.pem", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", readableByAll: true)
            .With("/etc/y.pem", "-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n");
        for (int number = 0; number < Rounds; number++)
        {
            string main = MainCf(random);
            string master = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ =>
                $"{Pick(random, Lines)}\n  -o {Pick(random, Names)}={Value(random)}\n  -o {{ {Pick(random, Names)} = {Value(random)} }}\n"));
            Lint lint = new()
            {
                Main = main,
                Master = random.Next(4) == 0 ? null : master,
                Postfix = Pick(random, releases),
                OpenSsl = Pick(random, Libraries),
                Platform = random.Next(3) == 0 ? "alpine" : null,
                Role = random.Next(2) == 0 ? "mx" : null,
                Profile = ProfileCatalogue.All[random.Next(ProfileCatalogue.All.Count)].Id,
                Files = random.Next(2) == 0 ? files : null,
                Tlsa = random.Next(5) == 0 ? MainCf(random) : null,
            };
            IReadOnlyList<Finding> findings = [];
            Exception? thrown = Record.Exception(() => findings = Linter.Run(RuleSet.All, lint.Configuration, lint.Range, lint.Options));
            Assert.True(thrown is null, $"{main}\n{master}\n{thrown}");
            Assert.All(findings, finding => Assert.False(finding.Message.EndsWith('.') || finding.Message.Length == 0, finding.Message));
        }
    }

    private static string MainCf(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => $"{Pick(random, Names)} = {Value(random)}\n"));

    private static string Value(Random random) =>
        string.Join(random.Next(2) == 0 ? " " : ",", Enumerable.Range(0, random.Next(5)).Select(_ => Pick(random, Values)));

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];
}

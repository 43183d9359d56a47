using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using RcptVerify.PostfixConfig.Rules.Crt;
using RcptVerify.PostfixConfig.Rules.Dane;
using RcptVerify.PostfixConfig.Rules.Kex;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>What all rules of the groups CIP, KEX, CRT and DANE have in common.</summary>
public sealed class TlsRulesBearAnythingTests
{
    private const string Reference = """
        compatibility_level = 3.9
        smtpd_tls_chain_files = /etc/postfix/key.pem, /etc/postfix/fullchain.pem
        smtpd_tls_security_level = may
        smtpd_tls_mandatory_protocols = >=TLSv1.2
        smtp_tls_security_level = dane
        smtp_dns_support_level = dnssec
        smtp_tls_mandatory_protocols = >=TLSv1.2
        smtpd_tls_auth_only = yes

        """;

    private const string ReferenceMaster = """
        smtp inet n - n - - smtpd
        submissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
        submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
        smtp unix - - n - - smtp
        lmtp unix - - n - - lmtp

        """;

    private static readonly PostfixRule[] All = [.. CipRules.All, .. KexRules.All, .. CrtRules.All, .. DaneRules.All];

    private static readonly string[] Libraries = ["1.0.2", "1.1.1", "3.0", "3.5", "3.0"];

    private static readonly string[] Parameters =
    [
        "smtpd_tls_security_level", "smtp_tls_security_level", "lmtp_tls_security_level", "smtpd_tls_exclude_ciphers",
        "smtpd_tls_mandatory_exclude_ciphers", "smtp_tls_exclude_ciphers", "smtp_tls_mandatory_exclude_ciphers", "smtpd_tls_ciphers",
        "smtpd_tls_mandatory_ciphers", "smtp_tls_mandatory_ciphers", "tls_medium_cipherlist", "tls_high_cipherlist", "tls_null_cipherlist",
        "smtpd_tls_dh1024_param_file", "smtpd_tls_dh512_param_file", "smtpd_tls_eecdh_grade", "tls_eecdh_auto_curves", "tls_ssl_options",
        "tls_preempt_cipherlist", "smtpd_tls_cert_file", "smtpd_tls_key_file", "smtpd_tls_chain_files", "smtpd_tls_eccert_file",
        "smtp_tls_fingerprint_digest", "smtpd_tls_fingerprint_digest", "smtp_dns_support_level", "smtp_host_lookup", "smtp_dns_resolver_options",
        "smtp_tls_policy_maps", "smtpd_tls_wrappermode", "smtpd_tls_ask_ccert", "compatibility_level", "smtpd_recipient_restrictions",
    ];

    private static readonly string[] Values =
    [
        "", "may", "encrypt", "dane", "dane-only", "fingerprint", "yes", "no", "null", "high", "medium", ",,, :", "!", "+", "@", "-", "+a+", "a+", "${", "$(",
        "$smtpd_tls_exclude_ciphers", "${x?{a}:{b}}", "0x", "0xfffffffffffffffffff", "?", "/", "..", "/etc/x.pem", "/etc/x.pem, /etc/y.pem", "auto",
        "ALL:@SECLEVEL=0", "@STRENGTH", "!!!", "kRSA+aRSA+AES", "dnssec", "dns", "check_ccert_access", "\u0001\u007f", "9999999999999999999.9",
    ];

    [Fact]
    public void The_good_reference_and_an_empty_configuration_have_no_finding()
    {
        foreach (string version in (string[])["3.9", "3.10", "3.11", "3.12"])
        {
            Assert.Empty(Run(new Lint { Main = Reference, Master = ReferenceMaster, Postfix = version }));
            Assert.Empty(Run(new Lint { Postfix = version }));
            Assert.Empty(Run(new Lint { Postfix = version, OpenSsl = "3.5" }));
        }
    }

    [Fact]
    public void No_rule_throws_whatever_stands_in_the_files()
    {
        Random random = new(20260827);
        string[] versions = [.. PostfixVersion.Branches.Select(branch => branch.ToString())];
        FakeFiles files = new FakeFiles().With("/etc/x.pem", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", true)
            .With("/etc/y.pem", "-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n");
        for (int i = 0; i < 600; i++)
        {
            Lint lint = new()
            {
                Main = Lines(random),
                Master = i % 3 == 0 ? null : "smtp inet n - y - 1 postscreen\nsmtpd pass - - - - - smtpd\n" +
                    $"587 inet n - - - - smtpd -o {Pick(random, Parameters)}={Pick(random, Values).Replace(" ", "", StringComparison.Ordinal)}\n" +
                    "tlsproxy unix - - - - 0 tlsproxy\nsmtp unix - - - - - smtp\nlmtp unix - - - - - lmtp\nbad\n",
                Postfix = versions[i % versions.Length],
                OpenSsl = Libraries[i % Libraries.Length],
                Profile = ProfileCatalogue.All[i % ProfileCatalogue.All.Count].Id,
                Files = i % 2 == 0 ? files : null,
                Tlsa = i % 5 == 0 ? Lines(random) : null,
            };
            foreach (Finding finding in Run(lint))
            {
                Assert.NotEmpty(finding.Message);
                Assert.False(finding.Message.EndsWith('.'), finding.Message);
            }
        }
    }

    [Fact]
    public void A_huge_list_is_a_matter_of_its_length()
    {
        string words = string.Join(' ', Enumerable.Range(0, 20_000).Select(number => number % 2 == 0 ? "RC4" : "W" + number));
        Lint lint = new() { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {words}\ntls_eecdh_auto_curves = {words}\nsmtpd_tls_chain_files = {words}\ntls_ssl_options = {words}\n" };
        Assert.NotEmpty(Run(lint));
    }

    private static IReadOnlyList<Finding> Run(Lint lint) => Linter.Run(All, lint.Configuration, lint.Range, lint.Options);

    private static string Lines(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => $"{Pick(random, Parameters)} = {Pick(random, Values)}\n"));

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}

using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using RcptVerify.PostfixConfig.Rules.Crt;
using RcptVerify.PostfixConfig.Rules.Dane;
using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>What all rules of the groups CIP, KEX, CRT and DANE have in common.</summary>
public sealed class TlsRulesTests
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
    public void A_huge_list_is_a_matter_of_its_length()
    {
        string words = string.Join(' ', Enumerable.Range(0, 20_000).Select(number => number % 2 == 0 ? "RC4" : "W" + number));
        string[] names = ["smtpd_tls_exclude_ciphers", "tls_eecdh_auto_curves", "smtpd_tls_chain_files", "tls_ssl_options"];
        Lint lint = new() { Main = Mail.Mx + string.Concat(names.Select(name => $"{name} = {words}\n")) };
        Assert.NotEmpty(Run(lint));
    }

    private static IReadOnlyList<Finding> Run(Lint lint) => Linter.Run(All, lint.Configuration, lint.Range, lint.Options);
}

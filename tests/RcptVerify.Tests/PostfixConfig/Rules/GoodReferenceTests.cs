using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>Configurations that no rule, of any group, may find fault with.</summary>
public sealed class GoodReferenceTests
{
    private const string Services = """
        smtp inet n - n - - smtpd
        submissions inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
        submission inet n - n - - smtpd
          -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
        smtp unix - - n - - smtp
        relay unix - - n - - smtp
        lmtp unix - - n - - lmtp

        """;

    private const string Parameters = """
        smtpd_tls_chain_files = /etc/postfix/key.pem, /etc/postfix/fullchain.pem
        smtpd_tls_security_level = may
        smtpd_tls_mandatory_protocols = >=TLSv1.2
        smtp_tls_security_level = dane
        smtp_dns_support_level = dnssec
        smtp_tls_mandatory_protocols = >=TLSv1.2
        smtpd_tls_auth_only = yes

        """;

    [Theory]
    [InlineData("3.9", "3.0")]
    [InlineData("3.10", "3.0")]
    [InlineData("3.11", "3.0")]
    [InlineData("3.12", "3.0")]
    [InlineData("3.12", "3.5")]
    public void The_good_reference_has_no_finding(string release, string library) => Assert.Empty(
        Found(new Lint { Main = "compatibility_level = 3.9\n" + Parameters, Master = Services, Postfix = release, OpenSsl = library }));

    [Theory]
    [InlineData(null)]
    [InlineData("submission")]
    public void A_new_installation_has_nothing_above_a_notice(string? role)
    {
        Lint lint = new() { Main = "compatibility_level = 3.11\n", Postfix = "3.11", Role = role };
        Assert.DoesNotContain(Linter.Run(lint.Configuration, lint.Range, lint.Options), finding => finding.Severity > Severity.Notice);
    }

    private static IEnumerable<string> Found(Lint lint) =>
        Linter.Run(lint.Configuration, lint.Range, lint.Options).Select(finding => $"{finding.Rule} {Lint.Brief(finding)}: {finding.Message}");
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Kex;

public sealed class Kex004CurvesTests
{
    private const string Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\nsmtpd_tls_eecdh_grade = auto\n";

    [Theory]
    [InlineData("secp384r1, secp521r1", "3.7", "3.0", "warning")]
    [InlineData("X25519 secp384r1", "3.7", "3.0", "warning")]
    [InlineData("prime256v1", "3.11", "3.5", "warning")]
    [InlineData("X25519, prime256v1, secp384r1", "3.11", "3.5", "notice")]
    [InlineData("X25519, prime256v1, secp384r1", "3.11", "3.0", null)]
    [InlineData("X25519, prime256v1, secp384r1", "3.10", "3.5", null)]
    [InlineData("x25519:P-256", "3.7", "3.0", null)]
    [InlineData("X25519 secp256r1", "3.7", "3.0", null)]
    [InlineData("X25519MLKEM768 X25519 prime256v1", "3.11", "3.5", null)]
    [InlineData("?X25519MLKEM768:DEFAULT", "3.11", "3.5", null)]
    [InlineData("DEFAULT", "3.12", "3.5", null)]
    [InlineData("", "3.7", "3.0", null)]
    [InlineData("secp384r1", "3.1", "1.0.2", null)]
    public void A_list_is_judged_by_release_and_library(string curves, string postfix, string openSsl, string? severity) => Assert.Equal(
        severity is null ? [] : [$"{severity} tls_eecdh_auto_curves@main.cf:4 [smtp/inet]"],
        new Lint { Main = Main + $"tls_eecdh_auto_curves = {curves}\n", Postfix = postfix, OpenSsl = openSsl }.Brief<Kex004Curves>());

    [Fact]
    public void A_client_reads_the_list_too_and_without_TLS_nobody_does()
    {
        Assert.Equal(
            ["warning tls_eecdh_auto_curves@main.cf:1 [smtp/unix, relay/unix]"],
            new Lint { Main = "tls_eecdh_auto_curves = secp384r1\nsmtp_tls_security_level = may\n" }.Brief<Kex004Curves>());
        new Lint { Main = "tls_eecdh_auto_curves = secp384r1\n" }.IsSilent<Kex004Curves>();
    }

    [Fact]
    public void Before_3_6_a_server_reads_it_at_the_grade_auto_only()
    {
        string main = Main + "tls_eecdh_auto_curves = secp384r1\n";
        Assert.Single(new Lint { Main = main, Postfix = "3.5" }.Brief<Kex004Curves>());
        new Lint { Main = main.Replace("= auto", "= strong", StringComparison.Ordinal), Postfix = "3.5" }.IsSilent<Kex004Curves>();
    }

    [Theory]
    [InlineData("3.11", true)]
    [InlineData("3.10", false)]
    public void Of_an_unknown_library_the_notice_names_its_condition_and_repairs_nothing(string postfix, bool found)
    {
        Lint lint = new() { Main = Main + "tls_eecdh_auto_curves = X25519, prime256v1, secp384r1\n", Postfix = postfix, OpenSsl = "" };
        Finding[] findings = [.. lint.Check<Kex004Curves>()];
        Assert.Equal(found ? 1 : 0, findings.Length);
        Assert.All(findings, finding =>
        {
            Assert.Equal(Severity.Notice, finding.Severity);
            Assert.StartsWith("with OpenSSL 3.5 and later ", finding.Message, StringComparison.Ordinal);
            Assert.Empty(finding.Edits);
        });
    }

    [Fact]
    public void The_line_goes() => Assert.Equal(Main, new Lint { Main = Main + "tls_eecdh_auto_curves = secp384r1\n" }.Fixed<Kex004Curves>().Main);
}

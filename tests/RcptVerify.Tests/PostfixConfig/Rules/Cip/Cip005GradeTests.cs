using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip005GradeTests
{
    [Theory]
    [InlineData("strong", "3.11", "error", "TLS off")]
    [InlineData("", "3.11", "error", "TLS off")]
    [InlineData("null", "3.11", "error", "authentication without encryption")]
    [InlineData("export", "3.7", "error", "")]
    [InlineData("LOW", "3.5", "error", "")]
    [InlineData("Export", "3.8", "notice", "medium")]
    [InlineData("low", "3.11", "notice", "medium")]
    [InlineData("HIGH", "3.11", "notice", "medium")]
    public void A_grade_is_judged_by_release(string grade, string postfix, string severity, string effective)
    {
        Finding finding = new Lint { Main = Mail.Mx + $"smtpd_tls_ciphers = {grade}\n", Postfix = postfix }.Single<Cip005Grade>();
        Assert.Equal($"{severity} smtpd_tls_ciphers@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal(effective, finding.Effective);
        Assert.Equal("smtpd_tls_ciphers = medium", finding.Fix);
    }

    [Theory]
    [InlineData("smtpd_tls_ciphers = medium")]
    [InlineData("smtpd_tls_mandatory_ciphers = high")]
    [InlineData("smtpd_tls_mandatory_ciphers = nonsense")]
    [InlineData("smtpd_tls_ciphers = high\ntls_high_cipherlist = ECDHE+AESGCM")]
    [InlineData("")]
    public void Medium_is_fine_and_lists_that_nobody_reads_or_that_were_replaced(string lines) =>
        new Lint { Main = Mail.Mx + lines + "\n", Postfix = "" }.IsSilent<Cip005Grade>();

    [Fact]
    public void High_is_fine_where_TLS_is_mandatory() =>
        new Lint { Main = Mail.Mx + "smtpd_tls_mandatory_ciphers = high\n", Master = Mail.Submission }.IsSilent<Cip005Grade>();

    [Fact]
    public void The_default_of_old_releases_is_found_with_old_libraries_only()
    {
        const string Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\n";
        new Lint { Main = Main, Postfix = "2.8.3" }.IsSilent<Cip005Grade>();
        Assert.Equal(["error smtpd_tls_ciphers@main.cf:1 [smtp/inet]"], new Lint { Main = Main, Postfix = "2.8.3", OpenSsl = "1.0.1" }.Brief<Cip005Grade>());
    }

    [Fact]
    public void The_grade_null_leaves_a_client_with_mandatory_TLS_nothing()
    {
        Lint lint = new() { Main = "lmtp_tls_security_level = encrypt\nlmtp_tls_mandatory_ciphers = null\n" };
        Assert.Equal("TLS off", lint.Single<Cip005Grade>().Effective);
        lint.IsSilent<Cip007WeakSuites>();
    }
}

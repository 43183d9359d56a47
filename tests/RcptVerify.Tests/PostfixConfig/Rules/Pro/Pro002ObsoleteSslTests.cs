using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro002ObsoleteSslTests
{
    private const string Server = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n";

    [Fact]
    public void An_empty_list_allows_both_with_an_old_library()
    {
        Finding finding = new Lint { Main = Server + "smtpd_tls_protocols =\n", Postfix = "3.5", OpenSsl = "1.0.2" }.Single<Pro002ObsoleteSsl>();
        Assert.Equal("SSLv2, SSLv3, TLSv1, TLSv1.1, TLSv1.2", finding.Effective);
        Assert.StartsWith("SSLv2 and SSLv3 can be", finding.Message, StringComparison.Ordinal);
        Assert.Equal("smtpd_tls_protocols = !SSLv2, !SSLv3", finding.Fix);
    }

    [Fact]
    public void A_library_without_them_speaks_neither() =>
        new Lint { Main = Server + "smtpd_tls_protocols =\n", Postfix = "3.5", OpenSsl = "1.1.1" }.IsSilent<Pro002ObsoleteSsl>();

    [Theory]
    [InlineData("2.9.13", 1)]
    [InlineData("2.9.14", 0)]
    [InlineData("2.10.7", 1)]
    [InlineData("2.10.8", 0)]
    [InlineData("3.0.1", 1)]
    [InlineData("3.0.2", 0)]
    public void The_defaults_of_before_20_July_2015_are_open_to_DROWN(string release, int expected) => Assert.Equal(
        expected, new Lint { Main = Server, Postfix = release, OpenSsl = "1.0.1" }.Check<Pro002ObsoleteSsl>().Count);

    [Fact]
    public void Those_releases_have_an_old_library_whatever_is_assumed() =>
        Assert.Single(new Lint { Main = Server, Postfix = "2.9.13" }.Check<Pro002ObsoleteSsl>());

    [Fact]
    public void DANE_excludes_them_of_itself() => new Lint
    {
        Main = "smtp_tls_security_level = dane-only\nsmtp_dns_support_level = dnssec\nsmtp_tls_mandatory_protocols =\n",
        Postfix = "3.5",
        OpenSsl = "1.0.2",
    }.IsSilent<Pro002ObsoleteSsl>();

    [Fact]
    public void A_server_without_a_certificate_negotiates_nothing() =>
        new Lint { Main = "smtpd_tls_security_level = may\nsmtpd_tls_protocols =\n", Postfix = "3.5", OpenSsl = "1.0.2" }.IsSilent<Pro002ObsoleteSsl>();
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Crt;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Crt;

public sealed class Crt001NoCertificateTests
{
    [Fact]
    public void A_level_without_a_certificate_is_found_once_for_all_services() => Assert.Equal(
        ["error smtpd_tls_security_level@main.cf:1 [smtp/inet, smtpd/pass]"],
        new Lint
        {
            Main = "smtpd_tls_security_level = may\nsmtpd_tls_key_file = /key.pem\n",
            Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\ntlsproxy unix - - n - 0 tlsproxy\n",
        }.Brief<Crt001NoCertificate>());

    [Fact]
    public void Wrapper_mode_without_a_certificate_drops_connections()
    {
        Finding finding = new Lint { Master = "465 inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n" }.Single<Crt001NoCertificate>();
        Assert.Equal("error smtpd_tls_wrappermode@master.cf:2 [465/inet]", Lint.Brief(finding));
        Assert.Equal("each connection is dropped", finding.Effective);
    }

    [Theory]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /x.pem\n")]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_tls_eccert_file = /x.pem\n")]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_tls_cert_file = none\n")]
    [InlineData("smtpd_tls_security_level = none\n")]
    [InlineData("inet_interfaces = loopback-only\nsmtpd_tls_security_level = may\n")]
    [InlineData("smtp_tls_security_level = may\n")]
    [InlineData("")]
    public void With_one_or_without_TLS_it_is_fine(string main) => new Lint { Main = main }.IsSilent<Crt001NoCertificate>();

    [Fact]
    public void A_certificate_of_one_service_serves_that_one_only() => Assert.Equal(
        ["error smtpd_tls_security_level@main.cf:1 [smtp/inet]"],
        new Lint
        {
            Main = "smtpd_tls_security_level = may\n",
            Master = Mail.Smtp + "587 inet n - n - - smtpd -o smtpd_tls_cert_file=/x.pem\n",
        }.Brief<Crt001NoCertificate>());

    [Fact]
    public void None_on_purpose_does_not_go_with_asking_for_certificates() => Assert.Equal(
        ["error smtpd_tls_cert_file@main.cf:2 [smtp/inet]"],
        new Lint { Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = none\nsmtpd_tls_ask_ccert = yes\n" }.Brief<Crt001NoCertificate>());

    [Theory]
    [InlineData("3.3", 1)]
    [InlineData("3.4", 0)]
    public void A_parameter_that_the_release_does_not_read_is_no_certificate(string postfix, int expected) => Assert.Equal(
        expected,
        new Lint { Main = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /x.pem\n", Postfix = postfix }.Check<Crt001NoCertificate>().Count);
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Sub;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Submission;

public sealed class Sub001PlainAuthenticationTests
{
    private const string Auth = "smtpd_sasl_auth_enable = yes\nsmtpd_tls_cert_file = /c.pem\n";

    [Theory]
    [InlineData("may", "AUTH before STARTTLS", "smtpd_tls_auth_only = yes")]
    [InlineData("none", "AUTH without TLS, which is off", "smtpd_tls_security_level = may and smtpd_tls_auth_only = yes")]
    public void AUTH_before_STARTTLS_gives_passwords_away(string level, string effective, string fix)
    {
        Finding finding = new Lint { Main = Auth + $"smtpd_tls_security_level = {level}\n" }.Single<Sub001PlainAuthentication>();
        Assert.Equal("error smtpd_sasl_auth_enable@main.cf:1 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal((effective, fix), (finding.Effective, finding.Fix));
    }

    [Theory]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_tls_auth_only = yes\n")]
    [InlineData("smtpd_tls_security_level = encrypt\n")]
    [InlineData("smtpd_enforce_tls = yes\n")]
    [InlineData("smtpd_tls_wrappermode = yes\n")]
    [InlineData("smtpd_tls_security_level = may\ninet_interfaces = loopback-only\n")]
    [InlineData("smtpd_tls_security_level = wrong\n")]
    public void Inside_TLS_or_on_this_host_they_are_safe(string settings) => new Lint { Main = Auth + settings }.IsSilent<Sub001PlainAuthentication>();

    [Fact]
    public void Each_service_is_judged_by_its_own_options() => Assert.Equal(
        ["error smtpd_sasl_auth_enable@master.cf:2 [588/inet]"],
        new Lint
        {
            Main = "smtpd_tls_security_level = may\nsmtpd_tls_auth_only = yes\n",
            Master = "25 inet n - n - - smtpd\n588 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no\n"
                + "587 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes\n",
        }.Brief<Sub001PlainAuthentication>());

    [Theory]
    [InlineData("10025")]
    [InlineData("192.168.7.1:587")]
    [InlineData("[fd00::1]:587")]
    public void Behind_a_proxy_it_may_be_right(string name) => Assert.Equal(
        Severity.Notice,
        new Lint { Main = "smtpd_sasl_auth_enable = yes\n", Master = $"{name} inet n - n - - smtpd\n" }.Single<Sub001PlainAuthentication>().Severity);

    [Fact]
    public void A_public_address_is_no_network_of_one_s_own() => Assert.Equal(
        Severity.Error,
        new Lint { Main = "smtpd_sasl_auth_enable = yes\n", Master = "172.32.0.1:587 inet n - n - - smtpd\n" }.Single<Sub001PlainAuthentication>().Severity);

    [Theory]
    [InlineData("permit_mynetworks,reject", "notice")]
    [InlineData("permit_mynetworks,permit_sasl_authenticated,reject", "error")]
    public void A_service_for_one_s_own_networks_is_a_notice(string restrictions, string severity) => Assert.Equal(
        severity,
        Severities.Text(new Lint
        {
            Main = "smtpd_sasl_auth_enable = yes\n",
            Master = $"588 inet n - n - - smtpd -o smtpd_client_restrictions={restrictions}\n",
        }.Single<Sub001PlainAuthentication>().Severity));
}

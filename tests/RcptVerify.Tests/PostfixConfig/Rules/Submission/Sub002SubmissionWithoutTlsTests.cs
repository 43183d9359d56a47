using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Sub;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Submission;

public sealed class Sub002SubmissionWithoutTlsTests
{
    private const string Implicit = "465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n";

    [Fact]
    public void Port_587_at_may_leaves_TLS_to_whoever_is_in_between() => Assert.Equal(
        ["error smtpd_tls_security_level@master.cf:1 [submission/inet]"],
        new Lint { Main = "smtpd_tls_security_level = may\n", Master = "submission inet n - n - - smtpd\n" + Implicit }.Brief<Sub002SubmissionWithoutTls>());

    [Fact]
    public void Its_own_option_is_underlined() => Assert.Equal(
        ["error smtpd_tls_security_level@master.cf:2 [587/inet]"],
        new Lint { Master = "587 inet n - n - - smtpd\n -o smtpd_tls_security_level=may\n" + Implicit }.Brief<Sub002SubmissionWithoutTls>());

    [Fact]
    public void Without_port_465_there_is_a_notice() => Assert.Equal(
        ["notice @master.cf:1 [587/inet]"],
        new Lint { Master = "587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt\n465 inet n - n - - smtpd\n" }.Brief<Sub002SubmissionWithoutTls>());

    [Fact]
    public void Both_ports_as_they_should_be_are_fine() => new Lint
    {
        Master = "587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt\nsmtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n",
    }.IsSilent<Sub002SubmissionWithoutTls>();

    [Fact]
    public void A_port_on_this_host_is_left_alone() => new Lint { Master = "127.0.0.1:587 inet n - n - - smtpd\n" }.IsSilent<Sub002SubmissionWithoutTls>();

    [Theory]
    [InlineData("25 inet n - n - - smtpd\n", 1)]
    [InlineData("25 inet n - n - - smtpd -o smtpd_sasl_auth_enable=no\n", 0)]
    [InlineData("2525 inet n - n - - smtpd\n", 0)]
    public void Users_who_log_in_on_port_25_are_a_notice(string master, int expected) => Assert.Equal(
        expected, new Lint { Main = "smtpd_sasl_auth_enable = yes\n", Master = master }.Check<Sub002SubmissionWithoutTls>().Count(finding => finding.Severity == Severity.Notice));
}

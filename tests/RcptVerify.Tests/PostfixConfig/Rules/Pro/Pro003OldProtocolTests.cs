using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro003OldProtocolTests
{
    private const string Server = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n";

    private const string Submission = "587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n";

    [Fact]
    public void The_list_of_2015_on_port_25_is_a_warning()
    {
        Finding finding = new Lint { Main = Server + "smtpd_tls_protocols = !SSLv2, !SSLv3\n" }.Single<Pro003OldProtocol>();
        Assert.Equal("warning smtpd_tls_protocols@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal("smtpd_tls_protocols = >=TLSv1.2", finding.Fix);
    }

    [Theory]
    [InlineData("3.8", "rfc9325", "notice")]
    [InlineData("3.9", "rfc9325", null)]
    [InlineData("3.9", "ncsc-2025-05", "warning")]
    public void The_untouched_default_on_port_25_is_judged_by_release_and_guideline(string release, string profile, string? severity) => Assert.Equal(
        severity is null ? [] : [$"{severity} smtpd_tls_protocols@main.cf:1 [smtp/inet]"],
        new Lint { Main = Server, Postfix = release, Profile = profile }.Brief<Pro003OldProtocol>());

    [Theory]
    [InlineData("3.5", "rfc9325", "warning")]
    [InlineData("3.11", "rfc9325", "warning")]
    [InlineData("3.11", "ncsc-2025-05", "error")]
    public void Where_a_server_demands_TLS_the_untouched_default_is_judged_by_guideline(string release, string profile, string severity) => Assert.Equal(
        [$"{severity} smtpd_tls_mandatory_protocols@master.cf:2 [587/inet]"],
        new Lint { Main = "smtpd_tls_cert_file = /c.pem\n", Master = Submission, Postfix = release, Profile = profile }.Brief<Pro003OldProtocol>());

    [Theory]
    [InlineData("rfc9325")]
    [InlineData("ncsc-2025-05")]
    public void Where_a_server_demands_TLS_the_same_list_written_by_somebody_is_an_error(string profile) => Assert.Equal(
        ["error smtpd_tls_mandatory_protocols@main.cf:2 [587/inet]"],
        new Lint
        {
            Main = "smtpd_tls_cert_file = /c.pem\nsmtpd_tls_mandatory_protocols = >=TLSv1\n",
            Master = Submission,
            Profile = profile,
        }.Brief<Pro003OldProtocol>());

    [Theory]
    [InlineData("3.5", "rfc9325")]
    [InlineData("3.11", "rfc9325")]
    [InlineData("3.11", "ncsc-2025-05")]
    public void A_client_that_demands_TLS_with_the_untouched_default_gets_a_notice(string release, string profile) => Assert.Equal(
        ["notice smtp_tls_mandatory_protocols@main.cf:1 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = encrypt\n", Postfix = release, Profile = profile }.Brief<Pro003OldProtocol>());

    [Fact]
    public void The_floor_of_mandatory_TLS_suffices_for_submission() =>
        new Lint { Main = "smtpd_tls_cert_file = /c.pem\nsmtpd_tls_mandatory_protocols = >=TLSv1.2\n", Master = Submission }.IsSilent<Pro003OldProtocol>();

    [Fact]
    public void A_client_that_would_send_in_clear_text_otherwise_gets_a_notice() => Assert.Equal(
        ["notice smtp_tls_protocols@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1\n" }.Brief<Pro003OldProtocol>());

    [Fact]
    public void A_client_that_demands_TLS_gets_an_error() => Assert.Equal(
        ["error smtp_tls_mandatory_protocols@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = secure\nsmtp_tls_mandatory_protocols = TLSv1.1 TLSv1.2 TLSv1.3\n" }.Brief<Pro003OldProtocol>());

    [Fact]
    public void The_mandatory_list_behind_DANE_is_another_rule_s() => new Lint
    {
        Main = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\nsmtp_tls_protocols = >=TLSv1.2\n",
    }.IsSilent<Pro003OldProtocol>();

    [Fact]
    public void A_filter_on_this_host_may_speak_what_it_likes() => new Lint
    {
        Main = "smtpd_tls_cert_file = /c.pem\n",
        Master = "127.0.0.1:10025 inet n - n - - smtpd\n -o smtpd_tls_security_level=may\n",
        Profile = "ncsc-2025-05",
    }.IsSilent<Pro003OldProtocol>();

    [Fact]
    public void A_library_without_them_does_not_speak_them() =>
        new Lint { Main = Server + "smtpd_tls_protocols = TLSv1.3, TLSv1.2\n" }.IsSilent<Pro003OldProtocol>();
}

using RcptVerify.PostfixConfig.Rules.Opp;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Opp;

public sealed class Opp004ServerLevelTests
{
    private const string Screened = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\ntlsproxy unix - - n - 0 tlsproxy\n";

    [Theory]
    [InlineData("required")]
    [InlineData("dane")]
    public void What_is_no_level_of_a_server_stops_it(string level) => Assert.Equal(
        ["error smtpd_tls_security_level@main.cf:1 [smtp/inet]"], new Lint { Main = $"smtpd_tls_security_level = {level}\n" }.Brief<Opp004ServerLevel>());

    [Theory]
    [InlineData("encrpyt", "encrypt")]
    [InlineData("My", "may")]
    [InlineData("dane", "may")]
    [InlineData("required", "may")]
    public void The_fix_is_the_level_that_was_meant(string level, string meant) => Assert.Equal(
        $"smtpd_tls_security_level = {meant}", new Lint { Main = $"smtpd_tls_security_level = {level}\n" }.Single<Opp004ServerLevel>().Fix);

    [Fact]
    public void A_client_s_level_is_taken_for_encrypt() => Assert.Equal(
        "encrypt", new Lint { Main = "smtpd_tls_security_level = secure\n" }.Single<Opp004ServerLevel>().Effective);

    [Theory]
    [InlineData("smtpd_tls_security_level = none\n", "mx", "warning smtpd_tls_security_level@main.cf:1 [smtp/inet]")]
    [InlineData("smtpd_tls_security_level = none\n", null, "notice smtpd_tls_security_level@main.cf:1 [smtp/inet]")]
    [InlineData("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_ciphers = high\n", null, "warning smtpd_tls_security_level@- [smtp/inet]")]
    [InlineData("", "mx", "warning smtpd_tls_security_level@- [smtp/inet]")]
    public void Port_25_without_TLS_is_found_where_somebody_meant_it_to_be_an_MX(string main, string? role, string expected) =>
        Assert.Equal([expected], new Lint { Main = main, Role = role }.Brief<Opp004ServerLevel>());

    [Theory]
    [InlineData("")]
    [InlineData("smtpd_tls_security_level = MAY\n")]
    [InlineData("smtpd_use_tls = yes\n")]
    [InlineData("inet_interfaces = loopback-only\nsmtpd_tls_security_level = none\n")]
    [InlineData("smtpd_tls_wrappermode = yes\nsmtpd_tls_security_level = nonsense\n")]
    public void Nothing_said_and_a_server_s_level_are_fine(string main) => new Lint { Main = main }.IsSilent<Opp004ServerLevel>();

    [Fact]
    public void An_option_behind_postscreen_does_not_reach_postscreen() => Assert.Equal(
        ["warning smtpd_tls_protocols@master.cf:3 [smtp/inet, smtpd/pass]"],
        new Lint
        {
            Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n",
            Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n -o smtpd_tls_protocols=>=TLSv1.2\ntlsproxy unix - - n - 0 tlsproxy\n",
        }.Brief<Opp004ServerLevel>());

    [Fact]
    public void Two_levels_on_one_port_are_found() => Assert.Equal(
        ["warning smtpd_tls_security_level@master.cf:3 [smtp/inet, smtpd/pass]"],
        new Lint
        {
            Main = "smtpd_tls_security_level = may\n",
            Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n",
        }.Brief<Opp004ServerLevel>());

    [Fact]
    public void Main_cf_reaches_both() => new Lint
    {
        Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\nsmtpd_tls_protocols = >=TLSv1.2\nsmtpd_tls_exclude_ciphers = aNULL\n",
        Master = Screened,
    }.IsSilent<Opp004ServerLevel>();
}

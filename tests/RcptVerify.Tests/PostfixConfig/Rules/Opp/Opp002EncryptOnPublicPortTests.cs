using RcptVerify.PostfixConfig.Rules.Opp;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Opp;

public sealed class Opp002EncryptOnPublicPortTests
{
    private const string Encrypt = "smtpd_tls_security_level = encrypt\nsmtpd_tls_cert_file = /c.pem\n";

    [Theory]
    [InlineData("mx", "warning")]
    [InlineData(null, "notice")]
    public void Port_25_that_demands_TLS_turns_senders_away(string? role, string severity) => Assert.Equal(
        [$"{severity} smtpd_tls_security_level@main.cf:1 [smtp/inet]"], new Lint { Main = Encrypt, Role = role }.Brief<Opp002EncryptOnPublicPort>());

    [Fact]
    public void So_does_the_old_switch() => Assert.Single(new Lint { Main = "smtpd_enforce_tls = yes\n", Role = "mx" }.Check<Opp002EncryptOnPublicPort>());

    [Fact]
    public void Postscreen_and_the_server_behind_it_have_one_cause() => Assert.Equal(
        ["warning smtpd_tls_security_level@main.cf:1 [smtp/inet, smtpd/pass]"],
        new Lint { Main = Encrypt, Role = "mx", Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n" }.Brief<Opp002EncryptOnPublicPort>());

    [Theory]
    [InlineData("smtpd_sender_restrictions = permit_mynetworks, reject_plaintext_session", true)]
    [InlineData("smtpd_data_restrictions = reject_plaintext_session", true)]
    [InlineData("smtpd_restriction_classes = x\nx = reject_plaintext_session\nsmtpd_helo_restrictions = x", true)]
    [InlineData("smtpd_sender_restrictions = permit, reject_plaintext_session", false)]
    [InlineData("smtpd_sender_restrictions = warn_if_reject reject_plaintext_session", false)]
    [InlineData("smtpd_client_restrictions = permit_mynetworks, reject\nsmtpd_sender_restrictions = reject_plaintext_session", false)]
    public void To_refuse_sessions_in_plain_text_is_to_demand_TLS(string lists, bool found)
    {
        Lint lint = new() { Main = $"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n{lists}\n", Role = "mx" };
        Assert.Equal(found ? 1 : 0, lint.Check<Opp002EncryptOnPublicPort>().Count);
        Assert.Equal(found, lint.Brief<Opp002EncryptOnPublicPort>().Any(brief => brief.StartsWith("warning", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("587 inet n - n - - smtpd\n")]
    [InlineData("127.0.0.1:25 inet n - n - - smtpd\n")]
    [InlineData("25 inet n - n - - smtpd -o smtpd_tls_security_level=may\n")]
    [InlineData("25 inet n - n - - smtpd -o smtpd_client_restrictions=permit_mynetworks,reject\n")]
    public void Where_strangers_need_not_come_it_may(string master) => new Lint { Main = Encrypt, Role = "mx", Master = master }.IsSilent<Opp002EncryptOnPublicPort>();

    [Fact]
    public void The_level_that_decides_is_the_one_to_change() => Assert.Equal(
        "postscreen_tls_security_level = may",
        new Lint
        {
            Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\npostscreen_tls_security_level = encrypt\n",
            Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n",
        }.Single<Opp002EncryptOnPublicPort>().Fix);
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro001InvalidTokenTests
{
    private const string Server = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n";

    [Fact]
    public void A_bound_before_3_6_voids_the_list_and_is_written_as_exclusions()
    {
        Lint lint = new() { Main = Server + "smtpd_tls_protocols = >=TLSv1.2\n", Postfix = "3.5" };
        Finding finding = lint.Single<Pro001InvalidToken>();
        Assert.Equal("error smtpd_tls_protocols@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal("TLS off", finding.Effective);
        Assert.Equal((23, 9), (finding.Position!.Value.Column, finding.Length));
        Assert.Equal("smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1", finding.Fix);
        Assert.Equal(Server + "smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1\n", lint.Repaired<Pro001InvalidToken>());
    }

    [Fact]
    public void The_same_bound_is_fine_from_3_6_on() =>
        new Lint { Main = Server + "smtpd_tls_protocols = >=TLSv1.2\n", Postfix = "3.6" }.IsSilent<Pro001InvalidToken>();

    [Fact]
    public void An_option_is_repaired_without_blanks()
    {
        Lint lint = new()
        {
            Main = "smtpd_tls_cert_file = /c.pem\n",
            Master = "587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n -o smtpd_tls_mandatory_protocols=>=TLSv1.1,!TLSv1.3\n",
            Postfix = "3.4",
        };
        Assert.Equal(["error smtpd_tls_mandatory_protocols@master.cf:3 [587/inet]"], lint.Brief<Pro001InvalidToken>());
        Assert.Equal(
            "587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n -o smtpd_tls_mandatory_protocols=!SSLv2,!SSLv3,!TLSv1,!TLSv1.3\n",
            lint.Repaired<Pro001InvalidToken>(isMaster: true));
    }

    [Fact]
    public void A_misspelt_name_is_put_right_on_paper_only()
    {
        Finding finding = new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = !SSLv2, !SSLv3, !TSLv1\n" }.Single<Pro001InvalidToken>();
        Assert.Equal("clear text", finding.Effective);
        Assert.Equal("smtp_tls_protocols = !SSLv2, !SSLv3, !TLSv1", finding.Fix);
        Assert.Empty(finding.Edits);
    }

    [Fact]
    public void What_is_no_name_at_all_brings_a_whole_list()
    {
        Finding finding = new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = all\n" }.Single<Pro001InvalidToken>();
        Assert.Equal("smtp_tls_protocols = >=TLSv1.2", finding.Fix);
    }

    [Fact]
    public void The_seed_s_list_is_void_before_TLSv1_1_was_a_name()
    {
        const string Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, TLSv1.1, !TLSv1, !SSLv2, !SSLv3\n";
        Assert.Single(new Lint { Main = Main, Postfix = "2.6.14", OpenSsl = "1.0.1" }.Check<Pro001InvalidToken>());
        new Lint { Main = Main, Postfix = "2.6.15", OpenSsl = "1.0.1" }.IsSilent<Pro001InvalidToken>();
    }

    [Fact]
    public void Where_mail_must_not_go_in_clear_text_it_does_not_go() => Assert.Equal(
        "no delivery",
        new Lint { Main = "smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_protocols = TLS1.2\n" }.Single<Pro001InvalidToken>().Effective);

    [Fact]
    public void The_server_behind_postscreen_and_postscreen_share_one_cause() => Assert.Equal(
        ["error smtpd_tls_protocols@main.cf:3 [smtp/inet, smtpd/pass]"],
        new Lint
        {
            Main = Server + "smtpd_tls_protocols = >TLSv1.2\n",
            Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\ntlsproxy unix - - n - 0 tlsproxy\n",
        }.Brief<Pro001InvalidToken>());

    [Fact]
    public void A_list_that_nobody_reads_is_another_rule_s() =>
        new Lint { Main = Server + "smtpd_tls_mandatory_protocols = nonsense\n" }.IsSilent<Pro001InvalidToken>();

    [Fact]
    public void A_list_made_of_another_value_is_not_edited()
    {
        Finding finding = new Lint { Main = Server + "floor = TLSv1.2\nsmtpd_tls_protocols = >=$floor, !TLSv1.3\n", Postfix = "3.5" }.Single<Pro001InvalidToken>();
        Assert.Empty(finding.Edits);
        Assert.Equal("smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1, !TLSv1.3", finding.Fix);
    }

    [Theory]
    [InlineData(">=0305")]
    [InlineData(">= TLSv1.2")]
    [InlineData(">=none")]
    public void A_bound_that_later_releases_do_not_understand_either_is_no_model(string list)
    {
        Finding finding = new Lint { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {list}\n", Postfix = "3.5" }.Single<Pro001InvalidToken>();
        Assert.Equal("smtp_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1", finding.Fix);
        Assert.Empty(finding.Edits);
    }
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro007MandatoryBelowOpportunisticTests
{
    private const string Dane = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n";

    [Fact]
    public void A_floor_for_opportunistic_TLS_alone_is_found_where_it_is_written()
    {
        Finding finding = new Lint { Main = Dane + "smtp_tls_protocols = >=TLSv1.2\n" }.Single<Pro007MandatoryBelowOpportunistic>();
        Assert.Equal("warning smtp_tls_mandatory_protocols@main.cf:3 [smtp/unix, relay/unix]", Lint.Brief(finding));
        Assert.Equal("smtp_tls_mandatory_protocols = >=TLSv1.2", finding.Fix);
    }

    [Fact]
    public void No_floor_below_TLS_1_2_is_advised_even_if_opportunistic_TLS_has_one()
    {
        Lint lint = new() { Main = Dane + "smtp_tls_mandatory_protocols = !SSLv2, !TLSv1\nsmtp_tls_protocols = >=TLSv1\n", OpenSsl = "1.0.2" };
        Assert.Equal("smtp_tls_mandatory_protocols = >=TLSv1.2", lint.Single<Pro007MandatoryBelowOpportunistic>().Fix);
    }

    [Fact]
    public void Two_equal_floors_are_fine() =>
        new Lint { Main = Dane + "smtp_tls_protocols = >=TLSv1.2\nsmtp_tls_mandatory_protocols = >=TLSv1.2\n" }.IsSilent<Pro007MandatoryBelowOpportunistic>();

    [Fact]
    public void A_higher_floor_for_mandatory_TLS_is_as_it_should_be() =>
        new Lint { Main = Dane + "smtp_tls_mandatory_protocols = >=TLSv1.3\n" }.IsSilent<Pro007MandatoryBelowOpportunistic>();

    [Fact]
    public void Before_a_destination_demands_TLS_it_is_a_notice() => Assert.Equal(
        ["notice smtp_tls_mandatory_protocols@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1.2\n" }.Brief<Pro007MandatoryBelowOpportunistic>());

    [Fact]
    public void A_server_s_list_that_nothing_reads_does_no_harm() =>
        new Lint { Main = "smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2\n" }.IsSilent<Pro007MandatoryBelowOpportunistic>();

    [Fact]
    public void A_policy_table_may_read_it() => Assert.Single(
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:/p\nsmtp_tls_protocols = >=TLSv1.2\n" }.Check<Pro007MandatoryBelowOpportunistic>());

    [Fact]
    public void Submission_has_the_laxer_list() => Assert.Equal(
        ["warning smtpd_tls_mandatory_protocols@main.cf:1 [587/inet]"],
        new Lint
        {
            Main = "smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3\nsmtpd_tls_protocols = >=TLSv1.2\n",
            Master = "25 inet n - n - - smtpd\n587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n",
        }.Brief<Pro007MandatoryBelowOpportunistic>());

    [Fact]
    public void TLS_1_2_is_no_weak_floor_and_nobody_is_told_to_leave_it_out() =>
        new Lint { Main = "smtp_tls_security_level = encrypt\nsmtp_tls_protocols = >=TLSv1.3\nsmtp_tls_mandatory_protocols = >=TLSv1.2\n" }.IsSilent<Pro007MandatoryBelowOpportunistic>();

    [Theory]
    [InlineData(">=TLSv1.3", ">=TLSv1.2")]
    [InlineData("!SSLv2 !SSLv3 !TLSv1 !TLSv1.1", "!SSLv2 !SSLv3 !TLSv1 !TLSv1.1")]
    [InlineData(">=TLSv1.1", ">=TLSv1.2")]
    public void Mandatory_TLS_is_never_told_to_leave_TLS_1_2_out(string opportunistic, string advice) => Assert.Equal(
        $"smtp_tls_mandatory_protocols = {advice}",
        new Lint { Main = $"smtp_tls_security_level = encrypt\nsmtp_tls_protocols = {opportunistic}\n" }.Single<Pro007MandatoryBelowOpportunistic>().Fix);
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro008OnlyTls13Tests
{
    private const string Server = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /c.pem\n";

    [Fact]
    public void A_client_of_TLS_1_3_alone_sends_much_in_clear_text() => Assert.Equal(
        ["warning smtp_tls_protocols@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1.3\n" }.Brief<Pro008OnlyTls13>());

    [Fact]
    public void DANE_falls_back_to_that_list_too() => Assert.Single(
        new Lint { Main = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\nsmtp_tls_protocols = >=TLSv1.3\n" }.Check<Pro008OnlyTls13>());

    [Fact]
    public void A_hole_costs_the_client_all_above_it()
    {
        Finding finding = new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1, TLSv1.2, TLSv1.3\n" }.Single<Pro008OnlyTls13>();
        Assert.Equal("TLSv1", finding.Effective);
    }

    [Fact]
    public void Port_25_of_TLS_1_3_alone_gets_much_in_clear_text() => Assert.Equal(
        ["warning smtpd_tls_protocols@main.cf:3 [smtp/inet]"],
        new Lint { Main = Server + "smtpd_tls_protocols = TLSv1.3\n" }.Brief<Pro008OnlyTls13>());

    [Theory]
    [InlineData("587 inet n - n - - smtpd\n")]
    [InlineData("127.0.0.1:25 inet n - n - - smtpd\n")]
    [InlineData("465 inet n - n - - smtpd\n -o smtpd_tls_wrappermode=yes\n -o smtpd_tls_mandatory_protocols=TLSv1.3\n")]
    public void Whose_peers_are_one_s_own_may_choose(string master) =>
        new Lint { Main = Server + "smtpd_tls_protocols = TLSv1.3\n", Master = master }.IsSilent<Pro008OnlyTls13>();

    [Fact]
    public void TLS_1_2_beside_it_is_enough() =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1.2\n" }.IsSilent<Pro008OnlyTls13>();

    [Fact]
    public void A_destination_where_TLS_is_mandatory_may_be_strict() =>
        new Lint { Main = "smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_protocols = >=TLSv1.3\n" }.IsSilent<Pro008OnlyTls13>();

    [Theory]
    [InlineData("2.11", "1.0.2", 1)]
    [InlineData("3.9", "3.0", 1)]
    [InlineData("2.11", "1.0.0", 0)]
    public void Old_protocols_alone_are_found_wherever_TLS_1_2_can_be_had(string postfix, string openSsl, int expected)
    {
        Lint lint = new() { Main = Server + "smtpd_tls_protocols = TLSv1\n", Postfix = postfix, OpenSsl = openSsl };
        Assert.Equal(expected, lint.Check<Pro008OnlyTls13>().Count(finding => finding.Message.Contains("refuse what is older", StringComparison.Ordinal)));
    }
}

using RcptVerify.PostfixConfig.Rules.Crt;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Crt;

public sealed class Crt002ChainAndLegacyFilesTests
{
    [Fact]
    public void Beside_a_chain_the_older_parameters_are_ignored() => Assert.Equal(
        [
            "warning smtpd_tls_cert_file@main.cf:3 [smtp/inet]",
            "warning smtpd_tls_key_file@main.cf:4 [smtp/inet]",
        ],
        new Lint { Main = Mail.Mx + "smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file = /k.pem\n" }.Brief<Crt002ChainAndLegacyFiles>());

    [Fact]
    public void A_client_s_parameters_are_looked_at_too() => Assert.Equal(
        ["warning smtp_tls_cert_file@main.cf:3 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_chain_files = /x.pem\nsmtp_tls_cert_file = /c.pem\n" }.Brief<Crt002ChainAndLegacyFiles>());

    [Theory]
    [InlineData("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file = /k.pem\n", "3.4", "notice smtpd_tls_cert_file@main.cf:2 [smtp/inet]")]
    [InlineData("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file = /k.pem\n", "3.3", null)]
    [InlineData("smtpd_tls_cert_file = /c.pem\n", "3.11", null)]
    [InlineData("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file = $smtpd_tls_cert_file\n", "3.11", null)]
    [InlineData("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_eckey_file = /k.pem\n", "3.3", "warning smtpd_tls_eckey_file@main.cf:3 [smtp/inet]")]
    [InlineData("smtpd_tls_key_file = /k.pem\n", "3.11", "warning smtpd_tls_key_file@main.cf:2 [smtp/inet]")]
    [InlineData("smtpd_tls_chain_files = /k.pem, /c.pem\n", "3.11", null)]
    public void Files_are_judged_in_pairs(string lines, string postfix, string? finding) => Assert.Equal(
        finding is null ? [] : [finding],
        new Lint { Main = "smtpd_tls_security_level = may\n" + lines, Postfix = postfix }.Brief<Crt002ChainAndLegacyFiles>());

    [Fact]
    public void Without_TLS_nobody_reads_them() =>
        new Lint { Main = "smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file = /k.pem\n" }.IsSilent<Crt002ChainAndLegacyFiles>();
}

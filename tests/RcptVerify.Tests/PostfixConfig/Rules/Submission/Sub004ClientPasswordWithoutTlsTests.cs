using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Sub;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Submission;

public sealed class Sub004ClientPasswordWithoutTlsTests
{
    private const string Password = "relayhost = [mail.example.com]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/p\n";

    [Theory]
    [InlineData("may")]
    [InlineData("none")]
    [InlineData("dane")]
    public void Below_encrypt_the_password_is_not_safe(string level) => Assert.Equal(
        ["warning smtp_tls_security_level@main.cf:4 [smtp/unix, relay/unix]"],
        new Lint { Main = Password + $"smtp_tls_security_level = {level}\nsmtp_dns_support_level = dnssec\n" }.Brief<Sub004ClientPasswordWithoutTls>());

    [Theory]
    [InlineData("encrypt")]
    [InlineData("secure")]
    [InlineData("dane-only")]
    public void From_encrypt_on_it_is(string level) =>
        new Lint { Main = Password + $"smtp_tls_security_level = {level}\nsmtp_dns_support_level = dnssec\n" }.IsSilent<Sub004ClientPasswordWithoutTls>();

    [Fact]
    public void A_policy_table_may_see_to_it()
    {
        Finding finding = new Lint { Main = Password + "smtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:/t\n" }.Single<Sub004ClientPasswordWithoutTls>();
        Assert.Equal((Severity.Notice, "[mail.example.com]:587 encrypt, in smtp_tls_policy_maps"), (finding.Severity, finding.Fix));
    }

    [Theory]
    [InlineData("smtp_sasl_auth_enable = yes\n")]
    [InlineData("smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/p\nrelayhost = [127.0.0.1]:1025\n")]
    [InlineData("smtp_sasl_password_maps = hash:/p\n")]
    public void Who_has_no_password_to_send_or_sends_it_to_this_host_is_left_alone(string main) =>
        new Lint { Main = main }.IsSilent<Sub004ClientPasswordWithoutTls>();
}

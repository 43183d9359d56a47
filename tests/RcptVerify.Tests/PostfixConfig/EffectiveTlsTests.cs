using RcptVerify.Cli;
using RcptVerify.PostfixConfig.Effective;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

public sealed class EffectiveTlsTests
{
    [Fact]
    public void What_postscreen_inherits_is_shown_with_its_line() => Assert.Equal(
        ["smtpd_tls_security_level main.cf:1", "smtpd_tls_protocols main.cf:2"],
        Sources("smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2\n", "smtp inet n - n - 1 postscreen\ntlsproxy unix - - n - 0 tlsproxy\n"));

    [Theory]
    [InlineData("may", "smtpd_tls_security_level main.cf:1, smtpd_tls_auth_only main.cf:2")]
    [InlineData("encrypt", "smtpd_tls_security_level main.cf:1")]
    public void The_line_that_keeps_AUTH_inside_TLS_is_shown_where_it_decides(string level, string sources) => Assert.Equal(
        sources, string.Join(", ", Sources($"smtpd_tls_security_level = {level}\nsmtpd_tls_auth_only = yes\n", "587 inet n - n - - smtpd\n")));

    private static string[] Sources(string main, string master)
    {
        Lint lint = new() { Main = main, Master = master };
        EffectiveService service = EffectiveConfiguration.Of(lint.Configuration, lint.Range.Newest).Services.First(service => service.IsServer);
        return [.. EffectiveTls.Of(service).Sources.Select(source => $"{source.Name} {source.Source}")];
    }
}

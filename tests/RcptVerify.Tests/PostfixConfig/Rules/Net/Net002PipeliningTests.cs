using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Net;

public sealed class Net002PipeliningTests
{
    [Theory]
    [InlineData("3.7", "", "warning smtpd_forbid_unauth_pipelining@- [smtp/inet]")]
    [InlineData("3.7", "smtpd_forbid_bare_newline = normalize\n", null)]
    [InlineData("3.7", "smtpd_forbid_bare_newline = normalize\nsmtpd_forbid_unauth_pipelining = no\n", "warning smtpd_forbid_unauth_pipelining@main.cf:2 [smtp/inet]")]
    [InlineData("3.7", "smtpd_forbid_unauth_pipelining = yes\n", null)]
    [InlineData("3.7", "smtpd_data_restrictions = reject_unauth_pipelining\n", null)]
    [InlineData("3.7", "smtpd_data_restrictions = warn_if_reject reject_unauth_pipelining\n", "warning smtpd_forbid_unauth_pipelining@- [smtp/inet]")]
    [InlineData("3.7.5", "", null)]
    [InlineData("3.4", "", null)]
    [InlineData("3.11", "", null)]
    [InlineData("3.11", "smtpd_forbid_unauth_pipelining = no\n", "warning smtpd_forbid_unauth_pipelining@main.cf:1 [smtp/inet]")]
    public void Sending_ahead_is_borne_only_where_nothing_else_helps(string postfix, string main, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main, Postfix = postfix }.Brief<Net002Pipelining>());
}

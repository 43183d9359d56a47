using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Net;

public sealed class Net001SmugglingTests
{
    [Theory]
    [InlineData("3.4", "", "warning smtpd_forbid_bare_newline@- [smtp/inet]")]
    [InlineData("3.6.12", "", "warning smtpd_forbid_bare_newline@- [smtp/inet]")]
    [InlineData("3.6.13", "", "error smtpd_forbid_bare_newline@- [smtp/inet]")]
    [InlineData("3.8", "", "warning smtpd_forbid_bare_newline@- [smtp/inet]")]
    [InlineData("3.8", "smtpd_forbid_bare_newline = no\n", "error smtpd_forbid_bare_newline@main.cf:1 [smtp/inet]")]
    [InlineData("3.11", "smtpd_forbid_bare_newline = NO\n", "error smtpd_forbid_bare_newline@main.cf:1 [smtp/inet]")]
    [InlineData("3.8", "smtpd_forbid_bare_newline = yes\n", null)]
    [InlineData("3.11", "smtpd_forbid_bare_newline = note\n", null)]
    [InlineData("3.9", "", null)]
    [InlineData("3.9.0", "", null)]
    public void What_the_release_and_the_value_do_together_counts(string postfix, string main, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main, Postfix = postfix }.Brief<Net001Smuggling>());

    [Fact]
    public void What_nobody_wrote_is_one_finding_for_all_services_and_loopback_is_not_the_network() => Assert.Equal(
        ["warning smtpd_forbid_bare_newline@- [smtp/inet, submission/inet]"],
        new Lint
        {
            Postfix = "3.7",
            Master = "smtp inet n - n - - smtpd\n127.0.0.1:10025 inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n",
        }.Brief<Net001Smuggling>());

    [Theory]
    [InlineData("3.7.9", "smtpd_forbid_bare_newline = yes")]
    [InlineData("3.7.10", "smtpd_forbid_bare_newline = normalize")]
    public void The_advice_is_a_value_that_the_release_knows(string postfix, string fix) =>
        Assert.Equal(fix, new Lint { Postfix = postfix }.Single<Net001Smuggling>().Fix);
}

using RcptVerify.PostfixConfig.Rules.Sub;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Submission;

public sealed class Sub003WrapperModeTests
{
    [Fact]
    public void In_main_cf_it_stops_port_25() => Assert.Equal(
        ["error smtpd_tls_wrappermode@main.cf:1 [25/inet, submission/inet]"],
        new Lint
        {
            Main = "smtpd_tls_wrappermode = yes\n",
            Master = "25 inet n - n - - smtpd\nsubmission inet n - n - - smtpd\nsmtps inet n - n - - smtpd\n",
        }.Brief<Sub003WrapperMode>());

    [Fact]
    public void A_level_of_its_own_is_ignored() => Assert.Equal(
        ["notice smtpd_tls_security_level@master.cf:1 [465/inet]"],
        new Lint { Master = "465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_tls_security_level=none\n" }.Brief<Sub003WrapperMode>());

    [Fact]
    public void An_inherited_level_and_another_port_are_nobody_s_fault() => new Lint
    {
        Main = "smtpd_tls_security_level = may\n",
        Master = "465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n10465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n",
    }.IsSilent<Sub003WrapperMode>();
}

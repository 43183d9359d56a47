using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn004DuplicateDefinitionTests
{
    [Fact]
    public void The_earlier_of_two_values_does_nothing_and_goes()
    {
        Lint lint = new() { Main = "smtp_tls_loglevel = 1\nmyhostname = a\nsmtp_tls_loglevel = 2\n" };
        Finding finding = lint.Single<Syn004DuplicateDefinition>();
        Assert.Equal("warning smtp_tls_loglevel@main.cf:1 []", Lint.Brief(finding));
        Assert.Equal("smtp_tls_loglevel = 2", finding.Effective);
        Assert.Equal("myhostname = a\nsmtp_tls_loglevel = 2\n", lint.Repaired<Syn004DuplicateDefinition>());
    }

    [Fact]
    public void The_same_value_twice_is_a_notice() => Assert.Equal(
        ["notice smtp_tls_loglevel@main.cf:1 []"], new Lint { Main = "smtp_tls_loglevel = 1\nsmtp_tls_loglevel  =  1\n" }.Brief<Syn004DuplicateDefinition>());

    [Fact]
    public void Of_three_two_are_idle() =>
        Assert.Equal(2, new Lint { Main = "a = 1\na = 2\na = 1\n" }.Check<Syn004DuplicateDefinition>().Count);

    [Fact]
    public void Options_of_one_service_count_too()
    {
        Lint lint = new() { Master = "587 inet n - n - - smtpd\n -o smtpd_tls_security_level=may\n -o smtpd_tls_security_level=encrypt\n" };
        Assert.Equal(["warning smtpd_tls_security_level@master.cf:2 [587/inet]"], lint.Brief<Syn004DuplicateDefinition>());
        Assert.Equal("587 inet n - n - - smtpd\n -o smtpd_tls_security_level=encrypt\n", lint.Repaired<Syn004DuplicateDefinition>(isMaster: true));
    }

    [Fact]
    public void An_option_over_main_cf_and_two_services_are_no_duplicates() => new Lint
    {
        Main = "smtpd_tls_security_level = may\n",
        Master = "25 inet n - n - - smtpd -o smtpd_tls_security_level=none\n587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt\n",
    }.IsSilent<Syn004DuplicateDefinition>();
}

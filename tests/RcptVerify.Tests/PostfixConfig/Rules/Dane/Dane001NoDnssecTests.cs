using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dane;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dane;

public sealed class Dane001NoDnssecTests
{
    [Theory]
    [InlineData("dane", "level may, nobody is authenticated")]
    [InlineData("dane-only", "all mail is deferred")]
    public void Without_DNSSEC_there_is_no_DANE(string level, string effective)
    {
        Finding finding = new Lint { Main = $"smtp_tls_security_level = {level}\nsmtp_dns_support_level = enabled\n" }.Single<Dane001NoDnssec>();
        Assert.Equal("error smtp_tls_security_level@main.cf:1 [smtp/unix, relay/unix]", Lint.Brief(finding));
        Assert.Equal(effective, finding.Effective);
        Assert.Equal("smtp_dns_support_level = dnssec", finding.Fix);
    }

    [Fact]
    public void The_level_and_the_lookups_of_one_service_count_together()
    {
        Lint lint = new()
        {
            Main = "smtp_tls_security_level = may\nsmtp_dns_support_level = dnssec\n",
            Master = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n  -o smtp_tls_security_level=dane\n",
        };
        lint.IsSilent<Dane001NoDnssec>();
        Assert.Equal(
            ["error smtp_tls_security_level@master.cf:3 [relay/unix]"],
            (lint with { Main = "smtp_tls_security_level = may\n" }).Brief<Dane001NoDnssec>());
        Assert.Equal(
            ["error smtp_tls_security_level@main.cf:1 [relay/unix]"],
            new Lint
            {
                Main = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n",
                Master = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n  -o smtp_dns_support_level=\n",
            }.Brief<Dane001NoDnssec>());
    }

    [Fact]
    public void Lookups_that_nobody_uses_are_a_notice_unless_a_table_may_use_them()
    {
        Lint lint = new() { Main = "smtp_tls_security_level = may\nsmtp_dns_support_level = dnssec\n" };
        Assert.Equal(["notice smtp_dns_support_level@main.cf:2 [smtp/unix, relay/unix]"], lint.Brief<Dane001NoDnssec>());
        (lint with { Main = lint.Main + "smtp_tls_policy_maps = hash:/x\n" }).IsSilent<Dane001NoDnssec>();
    }

    [Theory]
    [InlineData("smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n")]
    [InlineData("smtp_tls_security_level = encrypt\n")]
    [InlineData("lmtp_tls_security_level = dane\nlmtp_dns_support_level = dnssec\n")]
    [InlineData("")]
    public void Complete_or_without_DANE_it_is_fine(string main) => new Lint { Main = main }.IsSilent<Dane001NoDnssec>();

    [Fact]
    public void Before_2_11_dane_is_no_level() => new Lint { Main = "smtp_tls_security_level = dane\n", Postfix = "2.10" }.IsSilent<Dane001NoDnssec>();

    [Fact]
    public void The_word_is_the_same_in_capitals() =>
        new Lint { Main = "smtp_tls_security_level = dane\nsmtp_dns_support_level = DNSSEC\n" }.IsSilent<Dane001NoDnssec>();

    [Fact]
    public void Before_2_11_nothing_reads_the_parameter() =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_dns_support_level = dnssec\n", Postfix = "2.10" }.IsSilent<Dane001NoDnssec>();
}

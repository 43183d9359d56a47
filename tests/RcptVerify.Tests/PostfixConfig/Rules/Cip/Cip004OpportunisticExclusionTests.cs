using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip004OpportunisticExclusionTests
{
    [Fact]
    public void A_client_at_may_falls_to_clear_text()
    {
        Finding finding = new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_exclude_ciphers = aNULL, kRSA, RC4\n" }.Single<Cip004OpportunisticExclusion>();
        Assert.Equal("warning smtp_tls_exclude_ciphers@main.cf:2 [smtp/unix, relay/unix]", Lint.Brief(finding));
        Assert.Equal("smtp_tls_mandatory_exclude_ciphers = aNULL, kRSA", finding.Fix);
        Assert.Matches("^[0-9]+ of [0-9]+ suites", finding.Effective);
    }

    [Fact]
    public void So_does_one_at_dane_to_destinations_without_records() => Assert.Equal(
        ["warning smtp_tls_exclude_ciphers@main.cf:3 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\nsmtp_tls_exclude_ciphers = aNULL\n" }.Brief<Cip004OpportunisticExclusion>());

    [Fact]
    public void On_port_25_it_is_a_notice_and_on_submission_nothing()
    {
        Lint lint = new() { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = aNULL\n" };
        Assert.Equal(["notice smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet]"], lint.Brief<Cip004OpportunisticExclusion>());
        (lint with { Master = Mail.Submission }).IsSilent<Cip004OpportunisticExclusion>();
        (lint with { Role = "submission" }).IsSilent<Cip004OpportunisticExclusion>();
    }

    [Theory]
    [InlineData("smtp_tls_security_level = encrypt\nsmtp_tls_exclude_ciphers = aNULL\n")]
    [InlineData("smtp_tls_security_level = may\nsmtp_tls_mandatory_exclude_ciphers = aNULL\n")]
    [InlineData("smtp_tls_security_level = may\nsmtp_tls_exclude_ciphers = RC4, EXPORT\n")]
    [InlineData("smtp_tls_security_level = encrypt\nsmtp_tls_policy_maps = hash:/x\nsmtp_tls_exclude_ciphers = kRSA\n")]
    [InlineData(Mail.Mx + "smtpd_tls_ask_ccert = yes\nsmtpd_tls_exclude_ciphers = aNULL\n")]
    [InlineData("smtp_tls_security_level = may\n")]
    public void What_is_mandatory_or_removes_nothing_is_fine(string main) => new Lint { Main = main }.IsSilent<Cip004OpportunisticExclusion>();
}

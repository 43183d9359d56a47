using RcptVerify.Cli;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Opp;
using RcptVerify.PostfixConfig.Rules.Pro;
using RcptVerify.PostfixConfig.Rules.Sub;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

/// <summary>What depends on <c>$stress</c> is looked at both ways.</summary>
public sealed class StressTests
{
    private const string Servers = "25 inet n - n - - smtpd\n587 inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\nsmtp unix - - n - - smtp\n";
    private const string Certificate = "smtpd_tls_chain_files = /x\nsmtpd_tls_security_level = may\n";
    private const string Mark = " (while all processes are busy: stress)";

    [Fact]
    public void A_list_that_is_bad_under_stress_only_is_found_and_marked()
    {
        Finding finding = new Lint { Main = Certificate + "smtpd_tls_protocols = ${stress?{>=TLSv1.3}:{>=TLSv1.2}}\n", Master = Servers }.Single<Pro008OnlyTls13>();
        Assert.Equal("warning smtpd_tls_protocols@main.cf:3 [25/inet]", Lint.Brief(finding));
        Assert.EndsWith(Mark, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_falls_under_stress_is_found_in_an_option_too()
    {
        Lint lint = new() { Main = "smtpd_tls_chain_files = /x\n", Master = "25 inet n - n - - smtpd\n  -o { smtpd_tls_security_level = ${stress?{none}:{may}} }\n", Role = "mx" };
        Assert.EndsWith(Mark, lint.Single<Opp004ServerLevel>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_relay_under_stress_is_one() => Assert.Equal(
        ["error smtpd_relay_restrictions@main.cf:1 [25/inet, 587/inet]"],
        new Lint { Main = "smtpd_relay_restrictions = ${stress?{permit,}} reject_unauth_destination\n", Master = Servers }.Brief<Sub005OpenRelay>());

    [Theory]
    [InlineData("smtpd_timeout = ${stress?{10}:{300}}s\n")]
    [InlineData("smtpd_tls_loglevel = ${stress?{0}:{1}}\n")]
    [InlineData("")]
    public void What_holds_always_is_told_once_and_without_a_mark(string main)
    {
        Lint lint = new() { Main = Certificate + "smtpd_tls_protocols = >=TLSv1.3\n" + main, Master = Servers };
        Assert.DoesNotContain(Mark, lint.Single<Pro008OnlyTls13>().Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Linter.Run(lint.Configuration, lint.Range, lint.Options), finding => finding.Message.EndsWith(Mark, StringComparison.Ordinal));
    }

    [Fact]
    public void Clients_know_no_stress() =>
        new Lint { Main = "smtp_tls_security_level = ${stress?{none}:{may}}\n", Master = Servers }.IsSilent<Opp001NoClientTls>();

    [Theory]
    [InlineData("${stress?{none}:{may}}", "none")]
    [InlineData("may", null)]
    public void Effective_shows_both(string level, string? underStress)
    {
        Lint lint = new() { Main = $"smtpd_tls_chain_files = /x\nsmtpd_tls_security_level = {level}\n", Master = Servers };
        EffectiveTls tls = EffectiveTls.Of(
            EffectiveConfiguration.Of(lint.Configuration, lint.Range.Newest).Services[0],
            EffectiveConfiguration.Of(lint.Configuration, lint.Range.Newest, stress: true).Services[0]);
        Assert.Equal("may", tls.Level);
        Assert.Equal(underStress, tls.UnderStress?.Level);
    }
}

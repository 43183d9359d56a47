using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Opp;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Opp;

public sealed class Opp003LegacySwitchesTests
{
    [Theory]
    [InlineData("smtpd_use_tls = true\n", "TLS is switched by a parameter that has given way to a level, and will be removed", false)]
    [InlineData("smtpd_use_tls = no\n", "TLS is switched by a parameter that has given way to a level, and will be removed", true)]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_use_tls = true\n", "this switch is ignored beside a level, and will be removed", true)]
    public void What_is_neither_yes_nor_no_is_not_taken_for_no(string main, string message, bool isRepaired)
    {
        Finding finding = new Lint { Main = main }.Single<Opp003LegacySwitches>();
        Assert.Equal((message, isRepaired), (finding.Message, finding.Edits.Count > 0));
    }

    [Fact]
    public void A_switch_alone_becomes_the_level_that_it_means()
    {
        Lint lint = new() { Main = "# TLS\nsmtpd_use_tls = yes\nmyhostname = mx.example.com\n" };
        Finding finding = lint.Single<Opp003LegacySwitches>();
        Assert.Equal("warning smtpd_use_tls@main.cf:2 []", Lint.Brief(finding));
        Assert.Equal("smtpd_tls_security_level = may", finding.Fix);
        Assert.Equal("# TLS\nsmtpd_tls_security_level = may\nmyhostname = mx.example.com\n", lint.Repaired<Opp003LegacySwitches>());
    }

    [Theory]
    [InlineData("smtpd_use_tls = yes\nsmtpd_enforce_tls = yes\n", "smtpd_tls_security_level = encrypt\n")]
    [InlineData("smtp_enforce_tls = yes\n", "smtp_tls_security_level = verify\n")]
    [InlineData("smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no\n", "smtp_tls_security_level = encrypt\nsmtp_tls_enforce_peername = no\n")]
    [InlineData("smtpd_use_tls = no\nsmtpd_enforce_tls = yes", "smtpd_tls_security_level = encrypt")]
    [InlineData("smtpd_use_tls = no\r\n", "")]
    [InlineData("smtp_use_tls = no\nsmtp_tls_security_level = may\n", "smtp_tls_security_level = may\n")]
    public void What_is_in_effect_stays(string main, string repaired) =>
        Assert.Equal(repaired, new Lint { Main = main, Postfix = "3.9" }.Repaired<Opp003LegacySwitches>());

    /// <summary>Two switches do not become two levels.</summary>
    [Theory]
    [InlineData("smtpd_use_tls = yes\nsmtpd_enforce_tls = no\n", "smtpd_tls_security_level = may", "delete it")]
    [InlineData("smtpd_use_tls = yes\nsmtpd_enforce_tls = yes\n", "delete it", "smtpd_tls_security_level = encrypt")]
    [InlineData("smtpd_use_tls = no\nsmtpd_enforce_tls = no\n", "delete it", "delete it")]
    public void The_switch_that_decides_becomes_the_level(string main, string first, string second) =>
        Assert.Equal([first, second], new Lint { Main = main }.Check<Opp003LegacySwitches>().OrderBy(finding => finding.Position!.Value.Line).Select(finding => finding.Fix));

    [Fact]
    public void An_option_that_undoes_main_cf_becomes_a_level_as_well() => Assert.Equal(
        "smtpd_tls_security_level = none",
        Assert.Single(new Lint { Main = "smtpd_use_tls = yes\n", Master = "25 inet n - n - - smtpd -o smtpd_use_tls=no\n" }.Check<Opp003LegacySwitches>(), found => found.Services.Count > 0).Fix);

    [Fact]
    public void A_switch_against_a_level_is_said_to_be_ignored()
    {
        Finding finding = new Lint { Main = "smtp_use_tls = no\nsmtp_tls_security_level = may\n" }.Single<Opp003LegacySwitches>();
        Assert.Contains("says something else", finding.Message, StringComparison.Ordinal);
        Assert.Equal("smtp_tls_security_level = may", finding.Effective);
    }

    [Theory]
    [InlineData("smtpd_enforce_tls = no\nsmtpd_tls_security_level = may\n", false)]
    [InlineData("smtpd_enforce_tls = yes\nsmtpd_tls_security_level = may\n", true)]
    [InlineData("smtpd_enforce_tls = no\nsmtpd_tls_security_level = encrypt\n", true)]
    [InlineData("smtpd_enforce_tls = no\nsmtpd_tls_security_level = none\n", false)]
    [InlineData("smtp_enforce_tls = no\nsmtp_tls_security_level = dane\n", false)]
    [InlineData("smtp_use_tls = yes\nsmtp_tls_security_level = dane\n", false)]
    [InlineData("smtp_use_tls = yes\nsmtp_tls_security_level = none\n", true)]
    public void Not_to_enforce_TLS_is_no_word_against_may(string main, bool contradicts) => Assert.Equal(
        contradicts, new Lint { Main = main }.Single<Opp003LegacySwitches>().Message.Contains("says something else", StringComparison.Ordinal));

    [Fact]
    public void An_option_of_a_service_bars_the_repair_of_main_cf()
    {
        Finding[] found = [.. new Lint { Main = "smtpd_use_tls = yes\n", Master = "587 inet n - n - - smtpd -o smtpd_enforce_tls=yes\n" }.Check<Opp003LegacySwitches>()];
        Assert.Equal(2, found.Length);
        Assert.All(found, finding => Assert.Empty(finding.Edits));
    }

    [Fact]
    public void An_option_beside_a_level_is_taken_out() => Assert.Equal(
        "587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt\n",
        new Lint { Master = "587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_use_tls=yes\n" }.Repaired<Opp003LegacySwitches>(isMaster: true));

    [Fact]
    public void The_old_table_has_a_successor() =>
        Assert.Equal("smtp_tls_policy_maps", new Lint { Main = "smtp_tls_per_site = hash:/s\n" }.Single<Opp003LegacySwitches>().Fix);

    [Fact]
    public void Levels_alone_are_fine() =>
        new Lint { Main = "smtpd_tls_security_level = may\nsmtp_tls_security_level = may\n" }.IsSilent<Opp003LegacySwitches>();
}

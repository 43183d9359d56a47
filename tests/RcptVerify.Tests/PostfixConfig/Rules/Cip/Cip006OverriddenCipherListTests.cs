using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using RcptVerify.PostfixConfig.Rules.Profiles;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip006OverriddenCipherListTests
{
    [Theory]
    [InlineData("ALL:@SECLEVEL=0", "@SECLEVEL=0")]
    [InlineData("ALL:eNULL", "suites without encryption")]
    [InlineData("NOSUCH", "selects no suite")]
    [InlineData("", "selects no suite")]
    public void A_dangerous_list_is_an_error(string list, string says)
    {
        Finding finding = new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {list}\n" }.Single<Cip006OverriddenCipherList>();
        Assert.Equal("error tls_medium_cipherlist@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anonymous_suites_are_dangerous_where_passwords_travel_only()
    {
        Lint lint = new() { Main = Mail.Mx + "tls_medium_cipherlist = HIGH:!kRSA\n", Master = Mail.Smtp };
        Assert.Equal(["warning tls_medium_cipherlist@main.cf:3 [smtp/inet]"], lint.Brief<Cip006OverriddenCipherList>());
        lint = lint with { Master = Mail.Smtp + Mail.Submission };
        Assert.Equal(["error tls_medium_cipherlist@main.cf:3 [smtp/inet, submission/inet]"], lint.Brief<Cip006OverriddenCipherList>());
        lint = lint with { Main = lint.Main + "smtpd_tls_mandatory_exclude_ciphers = aNULL\n" };
        Assert.Equal(["warning tls_medium_cipherlist@main.cf:3 [smtp/inet, submission/inet]"], lint.Brief<Cip006OverriddenCipherList>());
    }

    [Fact]
    public void Old_libraries_still_have_what_is_weak()
    {
        const string Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\ntls_medium_cipherlist = HIGH:";
        Lint lint = new() { Main = Main + "RC4-SHA:DES-CBC3-SHA\n", Postfix = "3.1" };
        Assert.StartsWith("error", (lint with { OpenSsl = "1.0.2" }).Brief<Cip006OverriddenCipherList>()[0], StringComparison.Ordinal);
        Assert.StartsWith("warning", lint.Brief<Cip006OverriddenCipherList>()[0], StringComparison.Ordinal);
        Lint without = lint with { OpenSsl = "1.0.2", Main = Main + "!RC4:!3DES\n" };
        Assert.StartsWith("warning", without.Brief<Cip006OverriddenCipherList>()[0], StringComparison.Ordinal);
    }

    /// <summary>Mozilla's lists had finite-field DHE until 5.8.</summary>
    [Theory]
    [InlineData("", "the one of")]
    [InlineData(":DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384", "one older than that of")]
    [InlineData(":DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305", "one older than that of")]
    public void An_older_list_of_a_guideline_is_not_said_to_be_today_s(string more, string says)
    {
        const string Now = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
            + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
        Finding finding = new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {Now}{more}\n" }.Single<Cip006OverriddenCipherList>();
        Assert.Equal(Severity.Notice, finding.Severity);
        Assert.EndsWith($"by {says} Mozilla Server Side TLS 6.0, intermediate (2026-04-06)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_no_grade_selects_does_nothing()
    {
        Finding finding = new Lint { Main = Mail.Mx + "tls_high_cipherlist = ECDHE+AESGCM\n", Master = Mail.Smtp }.Single<Cip006OverriddenCipherList>();
        Assert.Equal("warning tls_high_cipherlist@main.cf:3 []", Lint.Brief(finding));
        Assert.Contains("does nothing", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_table_or_a_service_that_was_not_given_may_select_it()
    {
        Assert.EndsWith(
            "unless the TLS policy table asks for the grade",
            new Lint { Main = Mail.Mx + "tls_high_cipherlist = ECDHE+AESGCM\nsmtp_tls_policy_maps = hash:/x\n" }.Single<Cip006OverriddenCipherList>().Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "does nothing",
            new Lint { Main = Mail.Mx + "tls_high_cipherlist = ECDHE+AESGCM\nsmtpd_tls_mandatory_ciphers = high\n" }.Single<Cip006OverriddenCipherList>().Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_list_is_a_notice()
    {
        string list = ProfileCatalogue.Find("mozilla-6.0-intermediate")!.Lists[0];
        Finding finding = new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {list}\n" }.Single<Cip006OverriddenCipherList>();
        Assert.Equal(Severity.Notice, finding.Severity);
        Assert.Contains("Mozilla", finding.Message, StringComparison.Ordinal);
        Assert.Equal(
            Severity.Warning,
            new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {list}:AES128-SHA\n" }.Single<Cip006OverriddenCipherList>().Severity);
    }

    [Fact]
    public void The_default_written_out_is_none_of_its_business()
    {
        const string List = "aNULL:-aNULL:HIGH:MEDIUM:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:+RC4:@STRENGTH";
        new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {List}\n" }.IsSilent<Cip006OverriddenCipherList>();
        Assert.Single(new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {List}\n", Postfix = "3.7" }.Brief<Cip006OverriddenCipherList>());
    }

    [Theory]
    [InlineData("HIGH:!aNULL:!DES-CBC3-SHA:!ECDHE-RSA-RC4-SHA:-EXP-RC4-MD5", "warning")]
    [InlineData("HIGH:!aNULL:DES-CBC3-SHA", "error")]
    public void What_is_excluded_is_not_let_in(string list, string severity) => Assert.Equal(
        [$"{severity} tls_medium_cipherlist@main.cf:3 [smtp/inet]"],
        new Lint { Main = Mail.Mx + $"tls_medium_cipherlist = {list}\n", Master = Mail.Smtp, OpenSsl = "1.0.2" }.Brief<Cip006OverriddenCipherList>());
}

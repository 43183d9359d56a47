using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Kex;

public sealed class Kex002OwnDhParametersTests
{
    private const string Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\nsmtpd_tls_dh1024_param_file = /etc/postfix/dh.pem\n";

    [Theory]
    [InlineData("3.0", null)]
    [InlineData("3.1", "notice")]
    [InlineData("3.8", "notice")]
    [InlineData("3.9", "warning")]
    public void Its_weight_depends_on_the_release(string postfix, string? severity) => Assert.Equal(
        severity is null ? [] : [$"{severity} smtpd_tls_dh1024_param_file@main.cf:3 [smtp/inet]"],
        new Lint { Main = Main, Postfix = postfix }.Brief<Kex002OwnDhParameters>());

    [Fact]
    public void The_line_goes()
    {
        Lint lint = new() { Main = Main + "x = 1\n" };
        Assert.Equal("smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\nx = 1\n", lint.Fixed<Kex002OwnDhParameters>().Main);
    }

    [Fact]
    public void An_option_of_a_service_goes_with_its_line()
    {
        Lint lint = new()
        {
            Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\n",
            Master = "smtp inet n - n - - smtpd\n  -o smtpd_tls_dh1024_param_file=/dh.pem\n  -o smtpd_tls_loglevel=1\n",
        };
        Assert.Equal("smtp inet n - n - - smtpd\n  -o smtpd_tls_loglevel=1\n", lint.Fixed<Kex002OwnDhParameters>().Master);
    }

    [Fact]
    public void A_very_long_group_is_told_apart_and_a_short_one_is_another_rule_s()
    {
        Lint lint = new() { Main = Main };
        Assert.Contains(
            "8192 bits",
            (lint with { Files = new FakeFiles().With("/etc/postfix/dh.pem", DhParametersTests.Of(8192)) }).Single<Kex002OwnDhParameters>().Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "bits",
            (lint with { Files = new FakeFiles().With("/etc/postfix/dh.pem", DhParametersTests.Of(4096)) }).Single<Kex002OwnDhParameters>().Message,
            StringComparison.Ordinal);
        (lint with { Files = new FakeFiles().With("/etc/postfix/dh.pem", DhParametersTests.Of(1024)) }).IsSilent<Kex002OwnDhParameters>();
    }

    [Fact]
    public void A_guideline_that_rejects_own_groups_makes_it_a_warning() =>
        Assert.Equal(Severity.Warning, new Lint { Main = Main, Postfix = "3.5", Profile = "ncsc-2025-05" }.Single<Kex002OwnDhParameters>().Severity);

    [Theory]
    [InlineData("smtpd_tls_dh1024_param_file = auto")]
    [InlineData("smtpd_tls_dh1024_param_file =")]
    [InlineData("smtpd_tls_security_level = none")]
    public void No_group_of_one_s_own_and_no_TLS_are_fine(string line) => new Lint { Main = Main + line + "\n" }.IsSilent<Kex002OwnDhParameters>();

    [Theory]
    [InlineData("/etc/dh8192.pem", 1)]
    [InlineData("/etc/dh4096.pem", 0)]
    public void Before_3_1_only_a_very_long_group_is_wrong_and_a_shorter_one_right(string file, int expected)
    {
        IReadOnlyList<Finding> found = new Lint { Main = Main.Replace("/etc/postfix/dh.pem", file, StringComparison.Ordinal), Postfix = "3.0" }.Check<Kex002OwnDhParameters>();
        Assert.Equal(expected, found.Count);
        Assert.All(found, finding => Assert.Equal(("a group of 2048 to 4096 bits", 0), (finding.Fix, finding.Edits.Count)));
    }
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Effective;

/// <summary>Which releases a configuration is judged for, and with which library.</summary>
public sealed class TargetRangeTests
{
    [Theory]
    [InlineData("", "3.4", 9)]
    [InlineData("compatibility_level = 2\n", "3.4", 9)]
    [InlineData("compatibility_level = 3.10\n", "3.10", 3)]
    [InlineData("compatibility_level = 3.10.0\n", "3.10", 3)]
    [InlineData("sample_directory = /usr/share/doc/postfix-2.10.1/samples\n", "2.10.1", 15)]
    [InlineData("readme_directory = /usr/share/doc/postfix-2.6.6/README_FILES\nsample_directory = /usr/share/doc/postfix-2.10.1/samples\n", "2.6.6", 19)]
    [InlineData("compatibility_level = 2\nsample_directory = /usr/share/doc/postfix-2.10.1/samples\n", "3.4", 9)]
    [InlineData("readme_directory = /usr/share/doc/postfix-3.5.8/README_FILES\n", "3.4", 9)]
    [InlineData("readme_directory = /usr/share/doc/postfix-doc/README_FILES\n", "3.4", 9)]
    [InlineData("readme_directory = no\nhtml_directory = /usr/share/doc/postfix-1.1/html\n", "3.4", 9)]
    public void An_unknown_release_is_looked_for_in_what_the_file_says(string main, string oldest, int count)
    {
        TargetRange range = new Lint { Main = main, Postfix = "", OpenSsl = "" }.Range;
        Assert.False(range.IsKnown);
        Assert.Equal(oldest, range.Targets[0].Postfix.ToString());
        Assert.Equal(count, range.Targets.Count);
        Assert.Equal("3.12", range.Newest.Postfix.ToString());
    }

    [Theory]
    [InlineData("2.10.1", "1.0.2")]
    [InlineData("3.0", "1.0.2")]
    [InlineData("3.1", "3.0")]
    [InlineData("3.11", "3.0")]
    public void An_old_release_is_not_assumed_to_run_with_a_new_library(string postfix, string openSsl) =>
        Assert.Equal(openSsl, new Lint { Postfix = postfix, OpenSsl = "" }.Range.Newest.OpenSsl.ToString());

    [Theory]
    [InlineData("1.0", "1.0.2")]
    [InlineData("1.0.1e", "1.0.1")]
    [InlineData("1.1", "1.1.1")]
    [InlineData("1.1.0", "1.1")]
    [InlineData("3.5", "3.5")]
    public void A_line_of_the_library_stands_for_its_last_release(string text, string version)
    {
        Assert.True(OpenSslVersion.TryParse(text, out OpenSslVersion parsed));
        Assert.Equal(version, parsed.ToString());
    }

    /// <summary>Beside 2.11 there is RC4 to exclude: a repair that took the word away would let it in again.</summary>
    [Fact]
    public void No_exclusion_is_called_idle_for_a_release_whose_library_has_the_suites()
    {
        Lint lint = new() { Main = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/postfix/chain.pem\nsmtpd_tls_exclude_ciphers = RC4, 3DES, EXPORT\n", Postfix = "2.11", OpenSsl = "" };
        lint.IsSilent<Cip001IdleExclusion>();
        Assert.Equal(Severity.Notice, (lint with { Postfix = "3.9" }).Single<Cip001IdleExclusion>().Severity);
    }
}

using RcptVerify.PostfixConfig.Rules.Avr;
using RcptVerify.PostfixConfig.Rules.Crt;
using RcptVerify.PostfixConfig.Rules.Opp;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

/// <summary>An old compatibility_level is no finding, and is named in those whose default it decides.</summary>
public sealed class CompatibilityNoteTests
{
    [Theory]
    [InlineData("", "3.11", "none (the default at compatibility_level 0, which is not set)")]
    [InlineData("compatibility_level = 3.6\n", "3.11", "none (the default at compatibility_level 3.6)")]
    [InlineData("compatibility_level = 3.6\n", "3.10", "none")]
    [InlineData("smtp_tls_security_level = none\n", "3.11", "none")]
    public void A_default_that_the_level_decides_is_shown_with_it(string main, string postfix, string effective) =>
        Assert.Equal(effective, new Lint { Main = main, Postfix = postfix }.Single<Opp001NoClientTls>().Effective);

    [Fact]
    public void So_is_the_digest() => Assert.Equal(
        "smtp_tls_fingerprint_digest = md5 (the default at compatibility_level 2)",
        new Lint { Main = "compatibility_level = 2\nsmtp_tls_security_level = fingerprint\n" }.Single<Crt004FingerprintDigest>().Effective);

    [Theory]
    [InlineData("compatibility_level = 2\n", " (smtpd_relay_before_recipient_restrictions = no, the default at compatibility_level 2)")]
    [InlineData("compatibility_level = 2\nsmtpd_relay_before_recipient_restrictions = no\n", "")]
    public void So_is_the_order_of_restrictions(string main, string note) => Assert.Equal(
        "probes for anybody" + note,
        new Lint { Main = main + "smtpd_recipient_restrictions = reject_unverified_recipient\n" }.Single<Avr001ProbesForStrangers>().Effective);

    [Fact]
    public void Releases_without_such_a_default_are_not_told_apart_for_it() =>
        Assert.Empty(new Lint { Postfix = "" }.Single<Opp001NoClientTls>().Versions);
}

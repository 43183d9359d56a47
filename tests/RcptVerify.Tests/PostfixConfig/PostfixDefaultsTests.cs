using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

public sealed class PostfixDefaultsTests
{
    [Theory]
    [InlineData("smtpd_tls_protocols", "2.6", "")]
    [InlineData("smtpd_tls_protocols", "2.9.13", "")]
    [InlineData("smtpd_tls_protocols", "2.9.14", "!SSLv2, !SSLv3")]
    [InlineData("smtpd_tls_protocols", "2.10.7", "")]
    [InlineData("smtpd_tls_protocols", "3.0.1", "")]
    [InlineData("smtpd_tls_protocols", "3.0.2", "!SSLv2, !SSLv3")]
    [InlineData("smtpd_tls_protocols", "3.5", "!SSLv2, !SSLv3")]
    [InlineData("smtpd_tls_protocols", "3.6.0", ">=TLSv1")]
    [InlineData("smtpd_tls_ciphers", "2.6", "export")]
    [InlineData("smtpd_tls_ciphers", "3.1", "medium")]
    [InlineData("smtp_address_verify_target", "3.0", "rcpt")]
    [InlineData("smtpd_forbid_bare_newline", "3.8.4", "no")]
    [InlineData("smtpd_forbid_bare_newline", "3.9.0", "normalize")]
    [InlineData("smtpd_tls_auth_only", "3.9", "no")]
    public void A_default_is_that_of_the_release_and_its_patches(string name, string release, string expected)
    {
        Assert.True(PostfixVersion.TryParse(release, out PostfixVersion version));
        Assert.Equal(expected, PostfixDefaults.Of(name, Target.Of(version)));
    }

    [Theory]
    [InlineData("smtp_address_verify_target", "2.11")]
    [InlineData("smtpd_forbid_bare_newline", "3.8.3")]
    [InlineData("smtpd_tls_chain_files", "3.3")]
    [InlineData("smtpd_exclude_ciphers", "3.9")]
    public void A_release_before_the_parameter_has_none(string name, string release)
    {
        Assert.True(PostfixVersion.TryParse(release, out PostfixVersion version));
        Assert.Null(PostfixDefaults.Of(name, Target.Of(version)));
    }
}

using RcptVerify.PostfixConfig.Tls;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Protocol lists as three generations of Postfix read them. What 3.7 makes of hundreds of them is held against a real one elsewhere.</summary>
public sealed class TlsProtocolSetTests
{
    private const string Invalid = "invalid";
    private const string All = "TLSv1, TLSv1.1, TLSv1.2, TLSv1.3";
    private const string Modern = "TLSv1.2, TLSv1.3";

    [Theory]
    [InlineData("!SSLv2, !SSLv3", All, All)]
    [InlineData("TLSv1.2, TLSv1.1, !TLSv1, !SSLv2, !SSLv3", "TLSv1.1, TLSv1.2", "TLSv1.1, TLSv1.2")]
    [InlineData("!SSLv2,!SSLv3,!TLSv1,!TLSv1.1", Modern, Modern)]
    [InlineData("TLSv1.2 TLSv1.3", Modern, Modern)]
    [InlineData(">=TLSv1.2", Modern, Invalid)]
    [InlineData(">=TLSv1.2,!TLSv1.3", "TLSv1.2", Invalid)]
    [InlineData(">=0303", Modern, Invalid)]
    [InlineData(">=303", Modern, Invalid)]
    [InlineData(">= TLSv1.2", "TLSv1.2", Invalid)]
    [InlineData(">=TLSv1.2 >=TLSv1", All, Invalid)]
    [InlineData("", All, All)]
    [InlineData("TLSv1.2, !TLSv1.2", "none", "none")]
    [InlineData(">=TLSv1.3, <=TLSv1.2", "none", Invalid)]
    [InlineData(">TLSv1.2", Invalid, Invalid)]
    [InlineData(">=TLS1.2", Invalid, Invalid)]
    [InlineData("all", Invalid, Invalid)]
    [InlineData("ITLSv1", Invalid, Invalid)]
    public void A_list_means_what_the_release_reads_in_it(string value, string since36, string before36)
    {
        Assert.Equal(since36, Read(value, "3.6"));
        Assert.Equal(before36, Read(value, "3.5"));
    }

    [Theory]
    [InlineData("!SSLv2,!SSLv3,!TLSv1,!TLSv1.1")]
    [InlineData("TLSv1.2 TLSv1.3")]
    [InlineData("TLSv1.2, !TLSv1.2")]
    [InlineData(">=TLSv1.2")]
    public void Before_2_6_15_the_newer_names_are_no_names(string value)
    {
        Assert.Equal(Invalid, Read(value, "2.6.14"));
        Assert.NotEqual(Invalid, Read("!SSLv2, !SSLv3", "2.6.14"));
    }

    [Fact]
    public void An_old_library_has_what_a_new_one_lacks()
    {
        Assert.Equal("SSLv3, TLSv1", Read("SSLv3, TLSv1", "2.11", "1.0.0"));
        Assert.Equal("TLSv1, TLSv1.3", Read("SSLv3, TLSv1", "2.11")); // what a release cannot name it cannot switch off
        Assert.Equal("TLSv1", Read("SSLv3, TLSv1", "3.5"));
        Assert.Equal("SSLv2", Read("SSLv2", "2.11", "1.0.0"));
        Assert.Equal(All, Read("SSLv2", "3.7")); // a word for nothing: it switches nothing off
    }

    private static string Read(string value, string postfix, string openSsl = "3.0")
    {
        Assert.True(PostfixVersion.TryParse(postfix, out PostfixVersion version));
        Assert.True(OpenSslVersion.TryParse(openSsl, out OpenSslVersion library));
        TlsProtocolSet set = TlsProtocolSet.Parse(value, new Target(version, library, Platform.Unknown));
        return set.IsValid ? TlsProtocolNames.Text(set.Enabled) : Invalid;
    }
}

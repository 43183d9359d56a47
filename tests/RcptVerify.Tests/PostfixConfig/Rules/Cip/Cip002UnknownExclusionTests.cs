using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip002UnknownExclusionTests
{
    [Theory]
    [InlineData("PSD", "PSK")]
    [InlineData("EDH-RSA-DES-CDC3-SHA", "EDH-RSA-DES-CBC3-SHA")]
    [InlineData("anull", "aNULL")]
    [InlineData("kRSAA", "kRSA")]
    public void A_misspelling_brings_the_name_that_was_meant(string word, string meant)
    {
        Finding finding = new Lint { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = aNULL, {word}\n" }.Single<Cip002UnknownExclusion>();
        Assert.Equal("warning smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal($"did you mean {meant}?", finding.Fix);
        Assert.Equal(word.Length, finding.Length);
        Assert.Equal(36, finding.Position!.Value.Column);
    }

    [Theory]
    [InlineData("CBC3-SHA")]
    [InlineData("CBC3")]
    [InlineData("KRB5-DE5")]
    [InlineData("TLSv1.3")]
    [InlineData("aNULL+NOSUCH")]
    [InlineData("aNULL+")]
    [InlineData("aNULL;MD5")]
    public void A_word_that_no_OpenSSL_knew_is_found(string word) =>
        Assert.Single(new Lint { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {word}\n" }.Brief<Cip002UnknownExclusion>());

    [Theory]
    [InlineData("PSK")]
    [InlineData("RC4 DES-CBC3-SHA EXP-RC4-MD5 KRB5-DES-CBC3-MD5 ECDH-RSA-AES128-SHA GOST2012-GOST8912-GOST8912")]
    [InlineData("kEDH+aRSA, TLS_AES_128_GCM_SHA256, IDEA-CBC-SHA, EXPORT40, SEED-SHA")]
    [InlineData("!NOSUCH")]
    public void Names_of_any_time_are_not(string words) =>
        new Lint { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {words}\n" }.IsSilent<Cip002UnknownExclusion>();

    [Fact]
    public void It_matters_only_where_the_list_is_read()
    {
        new Lint { Main = Mail.Mx + "smtpd_tls_mandatory_exclude_ciphers = PSD\n" }.IsSilent<Cip002UnknownExclusion>();
        Assert.Equal(
            ["warning smtp_tls_mandatory_exclude_ciphers@main.cf:1 [smtp/unix, relay/unix]"],
            new Lint { Main = "smtp_tls_mandatory_exclude_ciphers = PSD\nsmtp_tls_policy_maps = hash:/x\n" }.Brief<Cip002UnknownExclusion>());
    }

    /// <summary>As <c>openssl ciphers</c> of 3.0 does: <c>!foo</c> and <c>!RC4}</c> are passed over, <c>!${x}</c> is an "invalid command".</summary>
    [Theory]
    [InlineData("$${x}", "refuses the whole list for it")]
    [InlineData("foo", "nothing is excluded by it")]
    [InlineData("RC4}", "nothing is excluded by it")]
    public void What_does_not_begin_like_a_name_spoils_the_list(string word, string effect)
    {
        Lint lint = new() { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {word}\n" };
        Assert.EndsWith(effect, lint.Single<Cip002UnknownExclusion>().Message, StringComparison.Ordinal);
        Assert.Equal(effect.StartsWith("refuses", StringComparison.Ordinal), lint.Check<Cip007WeakSuites>().Any(finding => finding.Effective == "TLS off"));
    }
}

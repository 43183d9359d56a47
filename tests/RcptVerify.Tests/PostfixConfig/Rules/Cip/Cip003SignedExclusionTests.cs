using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Cip;

public sealed class Cip003SignedExclusionTests
{
    [Theory]
    [InlineData("!aNULL, !kRSA", "smtpd_tls_exclude_ciphers = aNULL, kRSA")]
    [InlineData("aNULL, -MD5", "smtpd_tls_exclude_ciphers = aNULL, MD5")]
    [InlineData("+RC4", "delete the line")]
    [InlineData("kRSA @STRENGTH", "smtpd_tls_exclude_ciphers = kRSA")]
    [InlineData("!", "delete the line")]
    public void A_sign_takes_TLS_away(string words, string fix)
    {
        Finding finding = new Lint { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {words}\n" }.Single<Cip003SignedExclusion>();
        Assert.Equal("error smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal("TLS off", finding.Effective);
        Assert.Equal(fix, finding.Fix);
    }

    [Theory]
    [InlineData("smtpd_tls_exclude_ciphers = aNULL, kEDH+aRSA, DES-CBC3-SHA")]
    [InlineData("smtpd_tls_mandatory_exclude_ciphers = !aNULL")]
    [InlineData("smtpd_tls_exclude_ciphers =")]
    public void Names_do_not_and_lists_that_nobody_reads_do_not(string line) => new Lint { Main = Mail.Mx + line + "\n" }.IsSilent<Cip003SignedExclusion>();

    [Fact]
    public void One_line_is_one_finding_for_all_services() => Assert.Equal(
        ["error smtpd_tls_exclude_ciphers@main.cf:3 [smtp/inet, submission/inet]"],
        new Lint { Main = Mail.Mx + "smtpd_tls_exclude_ciphers = !aNULL\n", Master = Mail.Smtp + Mail.Submission }.Brief<Cip003SignedExclusion>());

    [Theory]
    [InlineData("!aNULL, -kRSA:MD5", "aNULL, kRSA:MD5")]
    [InlineData("!!aNULL", "aNULL")]
    public void Signs_of_exclusion_are_stripped(string list, string better) => Assert.Equal(
        Mail.Mx + $"smtpd_tls_exclude_ciphers = {better}\n", new Lint { Main = Mail.Mx + $"smtpd_tls_exclude_ciphers = {list}\n" }.Repaired<Cip003SignedExclusion>());

    [Theory]
    [InlineData("smtpd_tls_exclude_ciphers = !aNULL, @STRENGTH\n")]
    [InlineData("smtpd_tls_exclude_ciphers = !aNULL, +RC4\n")]
    [InlineData("smtpd_tls_exclude_ciphers = !\n")]
    [InlineData("smtpd_tls_exclude_ciphers = !aNULL\nx = $smtpd_tls_exclude_ciphers\n")]
    [InlineData("smtpd_tls_exclude_ciphers = !$x\nx = aNULL\n")]
    public void What_was_meant_by_other_signs_is_asked_for(string lines) =>
        Assert.Empty(new Lint { Main = Mail.Mx + lines }.Single<Cip003SignedExclusion>().Edits);
}

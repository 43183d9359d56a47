using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro005MalformedBoundTests
{
    [Theory]
    [InlineData(">= TLSv1.2", ">=TLSv1.2")]
    [InlineData(">= TLSv1.2, <= TLSv1.3", ">=TLSv1.2, <=TLSv1.3")]
    public void A_blank_behind_the_sign_is_taken_out(string list, string better)
    {
        Lint lint = new() { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {list}\n" };
        Finding finding = lint.Single<Pro005MalformedBound>();
        Assert.Equal("error smtp_tls_protocols@main.cf:2 [smtp/unix, relay/unix]", Lint.Brief(finding));
        Assert.Equal($"smtp_tls_security_level = may\nsmtp_tls_protocols = {better}\n", lint.Repaired<Pro005MalformedBound>());
    }

    [Fact]
    public void What_is_in_force_is_said() => Assert.Equal(
        "TLSv1.2", new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >= TLSv1.2\n" }.Single<Pro005MalformedBound>().Effective);

    [Theory]
    [InlineData(">=0305")]
    [InlineData("<=12")]
    public void A_number_that_is_no_version_sets_no_bound(string bound)
    {
        Finding finding = new Lint { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {bound}\n" }.Single<Pro005MalformedBound>();
        Assert.Equal((22, bound.Length), (finding.Position!.Value.Column, finding.Length));
        Assert.Empty(finding.Edits);
    }

    [Fact]
    public void A_sign_with_nothing_to_join_is_not_edited() =>
        Assert.Empty(new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = !TLSv1, >=\n" }.Single<Pro005MalformedBound>().Edits);

    [Theory]
    [InlineData(">=0303")]
    [InlineData(">=0x303")]
    [InlineData(">=TLSv1.2, <=TLSv1.3")]
    [InlineData(">=0")]
    public void Bounds_that_are_one_are_fine(string bound) =>
        new Lint { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {bound}\n" }.IsSilent<Pro005MalformedBound>();

    [Fact]
    public void Before_3_6_it_is_an_unknown_word() =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >= TLSv1.2\n", Postfix = "3.5" }.IsSilent<Pro005MalformedBound>();
}

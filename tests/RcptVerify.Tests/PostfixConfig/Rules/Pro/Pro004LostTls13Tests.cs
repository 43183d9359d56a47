using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro004LostTls13Tests
{
    [Fact]
    public void The_seed_s_list_loses_TLS_1_3_and_gets_it_back()
    {
        Lint lint = new() { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, TLSv1.1, !TLSv1, !SSLv2, !SSLv3\n" };
        Finding finding = lint.Single<Pro004LostTls13>();
        Assert.Equal("error smtp_tls_protocols@main.cf:2 [smtp/unix, relay/unix]", Lint.Brief(finding));
        Assert.Equal("TLSv1.1, TLSv1.2", finding.Effective);
        Assert.Equal("smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, TLSv1.1, TLSv1.3\n", lint.Repaired<Pro004LostTls13>());
    }

    [Theory]
    [InlineData("3.11", "TLSv1.2", ">=TLSv1.2")]
    [InlineData("3.5", "TLSv1.2", "TLSv1.2, TLSv1.3")]
    [InlineData("3.11", "TLSv1.2, TLSv1.3, !SSLv3", ">=TLSv1.2")]
    public void The_repair_is_a_floor_where_that_is_the_same(string release, string list, string better)
    {
        Lint lint = new() { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {list}\n", Postfix = release };
        Assert.Equal($"smtp_tls_security_level = may\nsmtp_tls_protocols = {better}\n", lint.Repaired<Pro004LostTls13>());
    }

    [Fact]
    public void Idle_exclusions_are_a_notice() => Assert.Equal(
        Severity.Notice,
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, TLSv1.3, !SSLv3\n" }.Single<Pro004LostTls13>().Severity);

    [Theory]
    [InlineData("!TLSv1.3, TLSv1.2")]
    [InlineData("TLSv1.2, <=TLSv1.2")]
    [InlineData("TLSv1.2 TLSv1.3")]
    [InlineData("!SSLv2, !SSLv3, !TLSv1, !TLSv1.1")]
    [InlineData("SSLv2")]
    [InlineData(">= TLSv1.2")]
    public void What_keeps_it_or_turns_it_off_in_so_many_words_is_fine(string list) =>
        new Lint { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {list}\n" }.IsSilent<Pro004LostTls13>();

    [Theory]
    [InlineData("3.3.1", "3.0")]
    [InlineData("3.5", "1.1.0")]
    public void Who_cannot_speak_it_loses_nothing(string release, string library) =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2\n", Postfix = release, OpenSsl = library }.IsSilent<Pro004LostTls13>();

    [Theory]
    [InlineData("TLSv1")]
    [InlineData("TLSv1.1, !SSLv3")]
    public void TLS_1_3_with_a_hole_below_it_is_no_repair(string list)
    {
        Finding finding = new Lint { Main = $"smtp_tls_security_level = may\nsmtp_tls_protocols = {list}\n" }.Single<Pro004LostTls13>();
        Assert.Equal("smtp_tls_protocols = >=TLSv1.2", finding.Fix);
        Assert.Empty(finding.Edits);
    }

    [Fact]
    public void Of_a_list_that_leaves_nothing_another_rule_tells() =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, !TLSv1.2\n" }.IsSilent<Pro004LostTls13>();
}

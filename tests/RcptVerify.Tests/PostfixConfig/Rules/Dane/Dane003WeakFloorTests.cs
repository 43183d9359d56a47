using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dane;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dane;

public sealed class Dane003WeakFloorTests
{
    private const string Dane = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n";
    private const string Floor = "smtp_tls_mandatory_protocols = >=TLSv1.2\n";

    [Fact]
    public void The_default_floor_is_too_low_for_DANE()
    {
        Finding finding = new Lint { Main = Dane, Master = "smtp unix - - n - - smtp\n" }.Single<Dane003WeakFloor>();
        Assert.Equal("warning smtp_tls_mandatory_protocols@main.cf:1 [smtp/unix]", Lint.Brief(finding));
        Assert.Equal("smtp_tls_mandatory_protocols = >=TLSv1.2", finding.Fix);
        Assert.Equal("TLSv1, TLSv1.1, TLSv1.2, TLSv1.3", finding.Effective);
    }

    [Fact]
    public void The_fix_is_in_words_the_release_knows() =>
        Assert.DoesNotContain(
            ">=",
            new Lint { Main = Dane, Postfix = "3.5", Master = "smtp unix - - n - - smtp\n" }.Single<Dane003WeakFloor>().Fix,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(Dane + Floor)]
    [InlineData("smtp_tls_security_level = dane\n")]
    [InlineData("smtp_tls_security_level = may\nsmtp_tls_mandatory_protocols = >=TLSv1\n")]
    [InlineData(Dane + "smtp_tls_protocols = >=TLSv1\n" + Floor)]
    [InlineData(Dane + Floor + "smtp_tls_dane_insecure_mx_policy = dane\n")]
    [InlineData("smtp_tls_security_level = encrypt\nsmtp_tls_dane_insecure_mx_policy = may\n")]
    public void A_floor_of_1_2_or_no_DANE_is_fine(string main) => new Lint { Main = main }.IsSilent<Dane003WeakFloor>();

    [Fact]
    public void A_lax_policy_for_unsigned_MX_records_is_found() => Assert.Equal(
        ["warning smtp_tls_dane_insecure_mx_policy@main.cf:4 [smtp/unix, relay/unix]"],
        new Lint { Main = Dane + Floor + "smtp_tls_dane_insecure_mx_policy = may\n" }.Brief<Dane003WeakFloor>());

    [Theory]
    [InlineData("3.5.8", 0)]
    [InlineData("3.5.9", 1)]
    [InlineData("3.6.16", 1)]
    [InlineData("3.6.17", 0)]
    [InlineData("3.9.1", 1)]
    [InlineData("3.9.2", 0)]
    [InlineData("3.10", 0)]
    public void Some_releases_lost_it_for_levels_of_a_policy_table(string postfix, int count) => Assert.Equal(
        Enumerable.Repeat("notice smtp_tls_dane_insecure_mx_policy", count),
        new Lint
        {
            Main = "smtp_tls_security_level = may\nsmtp_dns_support_level = dnssec\nsmtp_tls_policy_maps = hash:/x\n",
            Master = "smtp unix - - n - - smtp\n",
            Postfix = postfix,
        }
            .Brief<Dane003WeakFloor>().Select(line => line.Split('@')[0]));
}

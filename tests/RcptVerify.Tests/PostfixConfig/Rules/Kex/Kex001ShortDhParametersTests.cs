using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Kex;

public sealed class Kex001ShortDhParametersTests
{
    private const string Line = "smtpd_tls_dh1024_param_file = /etc/postfix/dh.pem\n";

    [Theory]
    [InlineData("/etc/postfix/dh_1024.pem", true)]
    [InlineData("/etc/postfix/dh512.pem", true)]
    [InlineData("/etc/1024/dh.pem", false)]
    [InlineData("/etc/postfix/dh2048.pem", false)]
    [InlineData("/etc/postfix/dh20481024.pem", false)]
    [InlineData("/etc/postfix/dhparams.pem", false)]
    [InlineData("auto", false)]
    [InlineData("", false)]
    public void A_file_that_cannot_be_read_is_judged_by_its_name(string path, bool found) => Assert.Equal(
        found ? ["warning smtpd_tls_dh1024_param_file@main.cf:3 [smtp/inet]"] : [],
        new Lint { Main = Mail.Mx + $"smtpd_tls_dh1024_param_file = {path}\n" }.Brief<Kex001ShortDhParameters>());

    [Fact]
    public void The_file_itself_counts_where_it_can_be_read()
    {
        Lint lint = new() { Main = Mail.Mx + Line, Files = new FakeFiles().With("/etc/postfix/dh.pem", DhParametersTests.Bits512) };
        Finding finding = lint.Single<Kex001ShortDhParameters>();
        Assert.Equal("error smtpd_tls_dh1024_param_file@main.cf:3 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal("DHE with 512 bits", finding.Effective);
        (lint with { Files = new FakeFiles().With("/etc/postfix/dh.pem", DhParametersTests.Of(2048)) }).IsSilent<Kex001ShortDhParameters>();
        Assert.Single((lint with { Files = new FakeFiles().With("/etc/postfix/dh.pem", DhParametersTests.Of(2047)) }).Brief<Kex001ShortDhParameters>());
        (lint with { Files = new FakeFiles().With("/etc/postfix/dh.pem", "garbage") }).IsSilent<Kex001ShortDhParameters>();
    }

    [Fact]
    public void A_name_that_lies_is_no_fault() => new Lint
    {
        Main = Mail.Mx + "smtpd_tls_dh1024_param_file = /etc/postfix/dh_1024.pem\n",
        Files = new FakeFiles().With("/etc/postfix/dh_1024.pem", DhParametersTests.Of(2048)),
    }.IsSilent<Kex001ShortDhParameters>();

    [Fact]
    public void The_export_group_counts_up_to_3_5()
    {
        Lint lint = new() { Main = Mail.Mx.Replace("chain_files", "cert_file", StringComparison.Ordinal) + "smtpd_tls_dh512_param_file = /x.pem\n", Postfix = "3.5" };
        Assert.Equal(["error smtpd_tls_dh512_param_file@main.cf:3 [smtp/inet]"], lint.Brief<Kex001ShortDhParameters>());
        (lint with { Postfix = "3.6" }).IsSilent<Kex001ShortDhParameters>();
    }

    [Theory]
    [InlineData("smtpd_tls_exclude_ciphers = kDHE\n")]
    [InlineData("smtpd_tls_protocols = >=TLSv1.3\n")]
    [InlineData("smtpd_tls_security_level = none\n")]
    public void Without_that_key_exchange_the_group_is_of_no_consequence(string line) =>
        new Lint { Main = Mail.Mx + "smtpd_tls_dh1024_param_file = /dh_1024.pem\n" + line }.IsSilent<Kex001ShortDhParameters>();
}

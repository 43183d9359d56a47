using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Kex;

public sealed class Kex005SslOptionsTests
{
    private const string Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\n";

    [Theory]
    [InlineData("", "3.3", 0)]
    [InlineData("", "3.4", 1)]
    [InlineData("", "3.7", 1)]
    [InlineData("", "3.8", 0)]
    [InlineData("tls_ssl_options = NO_RENEGOTIATION\n", "3.7", 0)]
    [InlineData("tls_ssl_options = no_compression, no_renegotiation\n", "3.7", 0)]
    [InlineData("tls_ssl_options = 0x40000000\n", "3.7", 0)]
    [InlineData("tls_ssl_options = 0x20000\n", "3.7", 1)]
    [InlineData("tls_ssl_options = NO_RENEGOTIATION\n", "3.8", 1)]
    [InlineData("tls_ssl_options = NO_COMPRESSION\n", "3.11", 0)]
    [InlineData("tls_ssl_options = NO_TICKET\n", "3.11", 1)]
    [InlineData("tls_ssl_options = NO_TICKET NO_RENEGOTIATION\n", "3.11", 2)]
    [InlineData("smtpd_tls_protocols = >=TLSv1.3\n", "3.7", 0)]
    [InlineData("smtpd_tls_security_level = none\n", "3.7", 0)]
    public void Options_are_judged_by_release(string line, string postfix, int count)
    {
        IReadOnlyList<Finding> found = new Lint { Main = Main + line, Postfix = postfix }.Check<Kex005SslOptions>();
        Assert.Equal(count, found.Count);
        Assert.All(found, finding => Assert.Equal(Severity.Notice, finding.Severity));
    }

    [Fact]
    public void What_is_missing_is_one_finding_for_all_services_and_says_for_which_releases()
    {
        Finding finding = new Lint { Main = Main, Master = Mail.Smtp + Mail.Submission, Postfix = "" }.Single<Kex005SslOptions>();
        Assert.Equal("notice tls_ssl_options@- [smtp/inet, submission/inet]", Lint.Brief(finding));
        Assert.Equal(["3.4", "3.5", "3.6", "3.7"], finding.Versions.Select(version => version.ToString()));
        Assert.Equal("tls_ssl_options = NO_RENEGOTIATION", finding.Fix);
    }

    [Fact]
    public void An_old_library_has_no_such_option() => new Lint { Main = Main, Postfix = "3.4", OpenSsl = "1.0.2" }.IsSilent<Kex005SslOptions>();

    [Theory]
    [InlineData("rfc9325", "yes", null)]
    [InlineData("mozilla-6.0-intermediate", "yes", "tls_preempt_cipherlist = no")]
    [InlineData("mozilla-6.0-intermediate", "no", null)]
    [InlineData("ncsc-2025-05", "no", "tls_preempt_cipherlist = yes")]
    [InlineData("ncsc-2025-05", "yes", null)]
    public void The_order_is_the_guideline_s_business(string profile, string value, string? fix) => Assert.Equal(
        fix is null ? [] : [fix],
        new Lint { Main = Main + $"tls_preempt_cipherlist = {value}\n", Profile = profile }.Check<Kex005SslOptions>().Select(finding => finding.Fix));

    [Fact]
    public void Before_2_11_nothing_reads_the_options() =>
        new Lint { Main = Main + "tls_ssl_options = NO_TICKET\n", Postfix = "2.10" }.IsSilent<Kex005SslOptions>();
}

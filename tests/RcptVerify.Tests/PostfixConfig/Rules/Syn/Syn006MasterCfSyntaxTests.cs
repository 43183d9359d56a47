using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn006MasterCfSyntaxTests
{
    [Theory]
    [InlineData("smtp inet n - y - smtpd\n")]
    [InlineData("smtp tcp n - y - - smtpd\n")]
    [InlineData("smtp inet y - y - - smtpd\n")]
    [InlineData("smtp inet n x y - - smtpd\n")]
    [InlineData("smtp inet n - y - - smtpd -o smtpd_tls_security_level = may\n")]
    [InlineData("smtp inet n - y - - smtpd -o { smtpd_banner = x\n")]
    [InlineData("  smtp inet n - y - - smtpd\n")]
    [InlineData("pickup unix n - y 1m 1 pickup\n")]
    public void A_line_that_master_does_not_take_is_an_error(string master)
    {
        Finding finding = new Lint { Master = master }.Check<Syn006MasterCfSyntax>()[0];
        Assert.Equal((Severity.Error, 1), (finding.Severity, finding.Position!.Value.Line));
    }

    [Theory]
    [InlineData("smtp inet n - y - - smtpd\nsmtp inet n - y - 1 postscreen\n")]
    [InlineData("smtps inet n - y - - smtpd\n465 inet n - y - - smtpd\n")]
    public void Of_two_lines_for_one_service_the_first_is_idle(string master) =>
        Assert.Equal(1, new Lint { Master = master }.Single<Syn006MasterCfSyntax>().Position!.Value.Line);

    [Theory]
    [InlineData("25 inet n - n - - smtpd -o { smtpd_banner = a b }\n", "2.11", "error")]
    [InlineData("25 inet n - n - - smtpd -o { smtpd_banner = a b }\n", "3.0", null)]
    [InlineData("postlog unix-dgram n - n - 1 postlogd\n", "3.3", "error")]
    [InlineData("postlog unix-dgram n - n - 1 postlogd\n", "3.4", null)]
    [InlineData("pickup fifo n - n 60 1 pickup\n", "2.9", null)]
    [InlineData("pickup fifo n - n 60 1 pickup\n", "2.10", "notice")]
    public void Forms_are_judged_by_the_release(string master, string release, string? severity)
    {
        string[] found = new Lint { Master = master, Postfix = release }.Brief<Syn006MasterCfSyntax>();
        Assert.Equal(severity is null ? 0 : 1, found.Length);
        Assert.All(found, line => Assert.StartsWith(severity!, line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_stock_file_is_fine() => new Lint
    {
        Master = "smtp inet n - n - - smtpd\n#submission inet n - n - - smtpd\n#  -o syslog_name=postfix/submission\npickup unix n - n 60 1 pickup\n"
            + "cleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\nsmtp unix - - n - - smtp\n"
            + "relay unix - - n - - smtp\n        -o syslog_name=postfix/$service_name\n#       -o smtp_helo_timeout=5 -o smtp_connect_timeout=5\n"
            + "maildrop unix - n n - - pipe\n  flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}\n"
            + "policy unix - n n - 0 spawn user=nobody argv=/usr/bin/policy -o x\npostlog unix-dgram n - n - 1 postlogd\n",
    }.IsSilent<Syn006MasterCfSyntax>();
}

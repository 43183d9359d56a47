using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Avr;
using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>The rules on verification, networks and age together: a stock and a good configuration they praise by silence.</summary>
public sealed class MailRulesTests
{
    private static readonly PostfixRule[] Rules = [.. NetRules.All, .. AvrRules.All, .. DepRules.All];

    [Fact]
    public void Every_fix_that_is_made_without_asking_ends_the_finding_and_brings_no_new_one()
    {
        Lint lint = new()
        {
            Main = "virtual_maps = hash:/v\nsmtpd_tls_loglevel = 3\naddress_verify_poll_delay = 3s\nsmtpd_tls_session_cache_database = btree:/x\n",
        };
        IReadOnlyList<Finding> found = Linter.Run(Rules, lint.Configuration, lint.Range, lint.Options);
        Assert.Equal(4, found.Count(finding => finding.Edits.Count > 0));
        Lint mended = new() { Main = Dep.Applied.To(lint.Main, [.. found.SelectMany(finding => finding.Edits)]) };
        Assert.Equal("virtual_alias_maps = hash:/v\nsmtpd_tls_loglevel = 1\n", mended.Main);
        Assert.Empty(Linter.Run(Rules, mended.Configuration, mended.Range, mended.Options));
    }

    [Theory]
    [InlineData("3.9")]
    [InlineData("3.11")]
    [InlineData("3.12")]
    public void Nothing_is_found_in_what_nobody_touched_and_in_the_good_configuration(string postfix)
    {
        string good = "compatibility_level = 3.9\nsmtpd_tls_chain_files = /etc/postfix/key.pem, /etc/postfix/fullchain.pem\nsmtpd_tls_security_level = may\n"
            + "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n"
            + "smtp_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_auth_only = yes\n";
        string master = "smtp inet n - n - - smtpd\nsubmissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes\n"
            + "submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes\nsmtp unix - - n - - smtp\n";
        foreach (Lint lint in (Lint[])[new() { Postfix = postfix }, new() { Main = good, Master = master, Postfix = postfix }])
            Assert.Empty(Linter.Run(Rules, lint.Configuration, lint.Range, lint.Options).Select(Lint.Brief));
    }

    [Fact]
    public void The_stock_configuration_has_ipv4_alone() => Assert.Equal(
        ["notice inet_protocols@main.cf:9 []"],
        Linter.Run(Rules, Stock.Configuration, Stock.Range, Stock.Options).Select(Lint.Brief));

    private static Lint Stock => new()
    {
        Main = "compatibility_level = 3.11\nqueue_directory = /var/spool/postfix\ncommand_directory = /usr/sbin\ndaemon_directory = /usr/libexec/postfix\n"
            + "data_directory = /var/lib/postfix\nmail_owner = postfix\nunknown_local_recipient_reject_code = 550\ndebug_peer_level = 2\ninet_protocols = ipv4\n",
    };
}

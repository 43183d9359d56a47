using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Avr;
using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>The rules on verification, networks and age together: what they mend stays mended, and untouched defaults they praise by silence.</summary>
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
    public void Nothing_is_found_in_what_nobody_touched(string postfix)
    {
        Lint lint = new() { Postfix = postfix };
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

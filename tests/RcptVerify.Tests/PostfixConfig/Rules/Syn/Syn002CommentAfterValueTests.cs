using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn002CommentAfterValueTests
{
    [Theory]
    [InlineData("smtpd_tls_auth_only = yes # safe", "error", "# safe\nsmtpd_tls_auth_only = yes\n")]
    [InlineData("smtpd_hard_error_limit = 5 # few", "error", "# few\nsmtpd_hard_error_limit = 5\n")]
    [InlineData("inet_protocols = ipv4 (DEFAULT: enable IPv4 only)", "error", "# DEFAULT: enable IPv4 only\ninet_protocols = ipv4\n")]
    [InlineData("smtpd_timeout = 30 # short", "error", "# short\nsmtpd_timeout = 30\n")]
    [InlineData("smtpd_timeout = 30s # short", "notice", "# short\nsmtpd_timeout = 30s\n")]
    [InlineData("mydestination = example.com # main", "warning", "# main\nmydestination = example.com\n")]
    public void A_remark_moves_to_a_line_of_its_own(string line, string severity, string repaired)
    {
        Lint lint = new() { Main = line + "\n" };
        Assert.StartsWith(severity, Assert.Single(lint.Brief<Syn002CommentAfterValue>()), StringComparison.Ordinal);
        Assert.Equal(repaired, lint.Repaired<Syn002CommentAfterValue>());
    }

    [Fact]
    public void The_remark_is_underlined()
    {
        Finding finding = new Lint { Main = "mydestination = a # b c\n" }.Single<Syn002CommentAfterValue>();
        Assert.Equal((19, 5), (finding.Position!.Value.Column, finding.Length));
    }

    [Fact]
    public void In_a_folded_value_nothing_is_moved() =>
        Assert.Empty(new Lint { Main = "mydestination = a, # main\n  b\n" }.Single<Syn002CommentAfterValue>().Edits);

    [Theory]
    [InlineData("mydestination = a,\n  # main\n  b\n")]
    [InlineData("smtpd_banner = $myhostname ESMTP (Debian/GNU) # 1\n")]
    [InlineData("recipient_delimiter = #\n")]
    [InlineData("mynetworks = a#b\n")]
    [InlineData("virtual_alias_maps = inline:{ #a=b }\n")]
    [InlineData("mailbox_command = /bin/deliver # now\n")]
    [InlineData("mydestination = a (b)\n")]
    public void What_may_be_a_part_of_the_value_is_left_alone(string main) => new Lint { Main = main }.IsSilent<Syn002CommentAfterValue>();

    [Theory]
    [InlineData("inet_interfaces = all (default)\n", "inet_interfaces = all")]
    [InlineData("mydestination = $myhostname (DEFAULT: localhost too)\n", "mydestination = $myhostname")]
    public void A_remark_about_the_default_is_one_in_any_value(string main, string fix) =>
        Assert.Equal(fix, new Lint { Main = main }.Single<Syn002CommentAfterValue>().Fix);

    [Fact]
    public void Other_parentheses_are_text() => new Lint { Main = "mydestination = a (local)\nsmtpd_banner = x (default)\n" }.IsSilent<Syn002CommentAfterValue>();

    [Fact]
    public void Of_a_value_on_several_lines_only_the_remark_s_line_is_meant()
    {
        Finding finding = new Lint { Main = "mynetworks =\n  127.0.0.0/8 # here\n  10.0.0.0/8\n" }.Single<Syn002CommentAfterValue>();
        Assert.Equal(("main.cf:2", "# here".Length), (finding.Position.ToString(), finding.Length));
        Assert.DoesNotContain("mynetworks", finding.Fix, StringComparison.Ordinal);
    }
}

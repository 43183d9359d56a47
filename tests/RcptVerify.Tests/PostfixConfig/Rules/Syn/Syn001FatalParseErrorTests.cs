using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn001FatalParseErrorTests
{
    [Theory]
    [InlineData("myhostname mx.example.com\n", "error @main.cf:1 []")]
    [InlineData("# x\n= 5\n", "error @main.cf:2 []")]
    [InlineData("\n  smtpd_timeout = 5s\n", "error @main.cf:2 []")]
    [InlineData("smtpd_banner = ${myhostname\n", "error smtpd_banner@main.cf:1 []")]
    [InlineData("smtpd_banner = $(myhostname ESMTP\n", "error smtpd_banner@main.cf:1 []")]
    [InlineData("smtpd_banner = a $ b\n", "error smtpd_banner@main.cf:1 []")]
    public void What_Postfix_cannot_take_apart_is_found_where_it_stands(string main, string expected) =>
        Assert.Equal([expected], new Lint { Main = main }.Brief<Syn001FatalParseError>());

    [Theory]
    [InlineData("\uFEFFmyhostname = a\nx = 1\n")]
    [InlineData("\uFEFF# remark\nmyhostname = a\n")]
    [InlineData("\uFEFF\nmyhostname = a\n")]
    public void A_byte_order_mark_is_found_once_whatever_it_spoils(string main)
    {
        Lint lint = new() { Main = main };
        Assert.StartsWith("the file begins with a byte order mark", lint.Single<Syn001FatalParseError>().Message, StringComparison.Ordinal);
        Assert.DoesNotContain(lint.Check<Syn007UnknownParameter>(), finding => finding.Parameter.StartsWith('\uFEFF'));
    }

    [Fact]
    public void A_NUL_character_is_found_where_it_stands() => Assert.Equal(
        ["error @main.cf:2 []", "error @master.cf:1 []"],
        new Lint { Main = "x = 1\nmyhostname = a\0b\n", Master = "25 inet n - n - - smtpd\0\n" }.Brief<Syn001FatalParseError>());

    [Fact]
    public void A_circle_is_found_at_its_members_and_not_at_who_uses_them() => Assert.Equal(
        ["error mydomain@main.cf:1 []", "error myorigin@main.cf:2 []"],
        new Lint { Main = "mydomain = $myorigin\nmyorigin = $mydomain\nsmtpd_banner = $mydomain\n" }.Brief<Syn001FatalParseError>());

    [Fact]
    public void An_option_of_a_service_is_read_too() => Assert.Equal(
        ["error smtpd_banner@master.cf:2 [25/inet]"],
        new Lint { Master = "25 inet n - n - - smtpd\n -o smtpd_banner=${myhostname\n" }.Brief<Syn001FatalParseError>());

    [Theory]
    [InlineData("smtpd_banner = ${x?{a}:{b}}\n", "2.11", 1)]
    [InlineData("smtpd_banner = ${x?{a}:{b}}\n", "3.0", 0)]
    [InlineData("smtpd_banner = ${x?a}\n", "2.11", 0)]
    [InlineData("smtpd_banner = ${{$compatibility_level} <level {3.6} ? {a} : {b}}\n", "3.5", 1)]
    [InlineData("smtpd_banner = ${{$compatibility_level} <level {3.6} ? {a} : {b}}\n", "3.6", 0)]
    public void Forms_are_younger_than_some_releases(string main, string release, int expected) =>
        Assert.Equal(expected, new Lint { Main = main, Postfix = release }.Check<Syn001FatalParseError>().Count);

    [Theory]
    [InlineData("mydestination = a,\n# remark\n  b\n")]
    [InlineData("mailbox_command = procmail -a \"${EXTENSION\"\n")]
    [InlineData("smtpd_banner = $$5 $nobody ${nobody} $(nobody)\n")]
    [InlineData("smtpd_banner =\n")]
    [InlineData("mydomain = ${myorigin\nmydomain = example.com\n")]
    public void What_it_takes_apart_is_fine(string main) => new Lint { Main = main }.IsSilent<Syn001FatalParseError>();

    [Fact]
    public void A_value_that_doubles_itself_is_no_hang() =>
        new Lint { Main = string.Concat(Enumerable.Range(0, 60).Select(n => $"a{n} = $a{n + 1}$a{n + 1}\n")) }.Check<Syn001FatalParseError>();

    /// <summary>What postconf of 3.7 says of each: "unused parameter: ??mydomain", "missing '=' after attribute name", "bad field count".</summary>
    [Theory]
    [InlineData("myhostname = a\n\u00A0mydomain = b\n", "error \u00A0mydomain@main.cf:2 []")]
    [InlineData("smtp_tls_security_level\u00A0= may\n", "error smtp_tls_security_level\u00A0@main.cf:1 []")]
    [InlineData("relayhost = x\n\u2003\n", "error @main.cf:2 []")]
    [InlineData("\u00A0# comment\n", "error @main.cf:1 []")]
    public void A_space_that_is_none_is_a_letter(string main, string expected)
    {
        Lint lint = new() { Main = main };
        Assert.Equal([expected], lint.Brief<Syn001FatalParseError>());
        lint.IsSilent<Syn007UnknownParameter>();
    }

    [Fact]
    public void A_space_that_is_none_stays_in_a_value_and_cuts_no_field()
    {
        Assert.Single(new Lint { Main = "smtp_tls_security_level = may\u00A0\n" }.Check<Syn003WrongType>());
        Assert.NotEmpty(new Lint { Master = "smtp\u00A0inet n - n - - smtpd\n" }.Check<Syn006MasterCfSyntax>());
        new Lint { Main = "smtpd_banner = a\u00A0b\nmyhostname\v=\fx\n" }.IsSilent<Syn001FatalParseError>();
    }
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn005UndefinedReferenceTests
{
    [Theory]
    [InlineData("mydestination = $myhostname, $my_domain\n", 30, 10)]
    [InlineData("address_verify_map = btree:\\${data_directory}/verify\n", 28, 17)]
    [InlineData("smtpd_timeout = $smtp_helo_timeout\n", 17, 18)]
    public void An_empty_name_is_underlined(string main, int column, int length)
    {
        Finding finding = new Lint { Main = main }.Single<Syn005UndefinedReference>();
        Assert.Equal((Severity.Warning, column, length), (finding.Severity, finding.Position!.Value.Column, finding.Length));
    }

    [Fact]
    public void The_seed_s_two_shell_quoted_names_are_found() => Assert.Equal(
        2, new Lint { Main = "address_verify_map = hash:\\${data_directory}/verify\naddress_verify_local_transport = \\$local_transport\n" }.Check<Syn005UndefinedReference>().Count);

    [Fact]
    public void What_must_not_be_empty_is_found() => Assert.Equal(
        ["warning myorigin@main.cf:1 []"], new Lint { Main = "myorigin = ${nobody?x}\n" }.Brief<Syn005UndefinedReference>());

    [Theory]
    [InlineData("smtp_helo_timeout = 5s\nsmtpd_timeout = $smtp_helo_timeout\n")]
    [InlineData("mine = a\nmydestination = $mine $myhostname $$x\n")]
    [InlineData("mydestination = a ${nobody?b} ${nobody:c}\n")]
    [InlineData("mailbox_command = procmail -a \"$EXTENSION\"\n")]
    [InlineData("smtpd_reject_footer = See $client_address\n")]
    [InlineData("smtpd_hard_error_limit = ${stress?{1}:{20}}\nsyslog_name = postfix/$service_name\n")]
    [InlineData("smtpd_timeout = $ipc_timeout\n")]
    [InlineData("smtp_tls_protocols = $smtp_tls_mandatory_protocols\n")]
    public void What_is_defined_or_filled_in_later_is_fine(string main) => new Lint { Main = main }.IsSilent<Syn005UndefinedReference>();

    [Fact]
    public void A_name_that_a_service_defines_may_be_meant_for_it() => new Lint
    {
        Main = "smtpd_client_restrictions = $mine\n",
        Master = "587 inet n - n - - smtpd -o mine=reject\n",
    }.IsSilent<Syn005UndefinedReference>();

    [Fact]
    public void An_option_is_resolved_for_its_service() => Assert.Equal(
        ["warning smtpd_client_restrictions@master.cf:1 [587/inet]"],
        new Lint { Master = "587 inet n - n - - smtpd -o smtpd_client_restrictions=$mua_client_restrictions\n" }.Brief<Syn005UndefinedReference>());
}

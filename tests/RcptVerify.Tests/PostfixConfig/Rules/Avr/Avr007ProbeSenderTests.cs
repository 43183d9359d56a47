using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr007ProbeSenderTests
{
    [Theory]
    [InlineData("address_verify_sender =", "3.11", "warning address_verify_sender@main.cf:1 []")]
    [InlineData("address_verify_sender = <>\naddress_verify_sender_ttl = 8h", "3.11", "warning address_verify_sender@main.cf:1 []")]
    [InlineData("address_verify_sender = v@example.com", "3.11", "notice address_verify_sender@main.cf:1 []")]
    [InlineData("address_verify_sender = v@example.com\naddress_verify_sender_ttl = 00s", "3.11", "notice address_verify_sender@main.cf:1 []")]
    [InlineData("address_verify_sender = v@example.com\naddress_verify_sender_ttl = 8h", "3.11", null)]
    [InlineData("address_verify_sender = v@example.com\naddress_verify_sender_ttl = s", "3.11", null)]
    [InlineData("address_verify_sender = v@example.com", "2.8", null)]
    [InlineData("", "3.11", null)]
    public void The_sender_of_probes_is_neither_empty_nor_for_ever(string main, string postfix, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main + "\n", Postfix = postfix }.Brief<Avr007ProbeSender>());

    [Theory]
    [InlineData("3.2", "no", true)]
    [InlineData("3.3", "no", false)]
    [InlineData("3.2", "yes", false)]
    public void Results_were_filed_under_the_rewritten_address_up_to_3_2(string postfix, string value, bool found)
    {
        string main = $"enable_original_recipient = {value}\n";
        Assert.Equal(
            found ? ["error enable_original_recipient@main.cf:1 []"] : [],
            new Lint { Main = main + "smtpd_sender_restrictions = warn_if_reject reject_unverified_sender\n", Postfix = postfix }.Brief<Avr007ProbeSender>());
        new Lint { Main = main, Postfix = postfix }.IsSilent<Avr007ProbeSender>();
    }
}

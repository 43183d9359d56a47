using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr002ReplyCodesTests
{
    private const string Verifies = "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, reject_unverified_recipient\n";
    private const string Explains = "unverified_recipient_reject_reason = no such recipient\n";

    [Fact]
    public void Defaults_leak_and_refuse_for_the_time_being_only()
    {
        Lint lint = new() { Main = Verifies };
        Assert.Equal(
            ["warning unverified_recipient_reject_reason@- [smtp/inet]", "notice unverified_recipient_reject_code@- [smtp/inet]"],
            lint.Brief<Avr002ReplyCodes>());
    }

    [Fact]
    public void One_default_is_one_finding_for_all_services() => Assert.Equal(
        ["notice unverified_recipient_reject_code@- [smtp/inet, smtpd/pass]"],
        new Lint { Main = Verifies + Explains, Master = "smtp inet n - n - - smtpd\nsmtpd pass - - n - - smtpd\n" }.Brief<Avr002ReplyCodes>());

    [Theory]
    [InlineData("unverified_recipient_reject_code = 250", "error unverified_recipient_reject_code@main.cf:3 [smtp/inet]")]
    [InlineData("unverified_recipient_reject_code = 450", "notice unverified_recipient_reject_code@main.cf:3 [smtp/inet]")]
    [InlineData("unverified_recipient_reject_code = 550", null)]
    [InlineData("unverified_recipient_reject_code = 550\nunverified_recipient_defer_code = 250", "error unverified_recipient_defer_code@main.cf:4 [smtp/inet]")]
    [InlineData("unverified_recipient_reject_code = 550\nunverified_recipient_defer_code = 554", "error unverified_recipient_defer_code@main.cf:4 [smtp/inet]")]
    [InlineData("unverified_recipient_reject_code = 550\nunverified_recipient_defer_code = 451", null)]
    [InlineData("unverified_recipient_reject_code = 2", null)]
    [InlineData("unverified_recipient_reject_code =", null)]
    public void Codes_are_judged_by_what_they_do_to_mail(string codes, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = $"{Verifies}{Explains}{codes}\n" }.Brief<Avr002ReplyCodes>());

    [Fact]
    public void Users_may_see_the_reason() => new Lint
    {
        Main = Verifies,
        Master = "submission inet n - n - - smtpd\n",
    }.IsSilent<Avr002ReplyCodes>();

    [Theory]
    [InlineData("unverified_recipient_reject_code = 250\n")]
    [InlineData("unverified_recipient_reject_code = 250\nsmtpd_recipient_restrictions = warn_if_reject reject_unverified_recipient\n")]
    public void Codes_that_nobody_uses_are_nobody_s_business(string main) => new Lint { Main = main }.IsSilent<Avr002ReplyCodes>();
}

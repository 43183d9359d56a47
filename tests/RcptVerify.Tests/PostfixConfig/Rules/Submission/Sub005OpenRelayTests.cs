using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Sub;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Submission;

public sealed class Sub005OpenRelayTests
{
    [Theory]
    [InlineData("smtpd_relay_restrictions = permit_mynetworks\n", "does not start")]
    [InlineData("smtpd_relay_restrictions = permit, defer\n", "does not start")]
    [InlineData("smtpd_relay_restrictions = warn_if_reject reject_unauth_destination\n", "does not start")]
    [InlineData("smtpd_relay_restrictions = check_client_access static:ok, reject\n", "open relay")]
    [InlineData("smtpd_relay_restrictions = trusted, reject\nsmtpd_restriction_classes = trusted\ntrusted = permit\n", "open relay")]
    public void Strangers_can_relay_or_the_server_does_not_start(string main, string effective)
    {
        Finding finding = new Lint { Main = main }.Single<Sub005OpenRelay>();
        Assert.Equal("error smtpd_relay_restrictions@main.cf:1 [smtp/inet]", Lint.Brief(finding));
        Assert.Equal(effective, finding.Effective);
    }

    [Theory]
    [InlineData("smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n")]
    [InlineData("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination\n")]
    [InlineData("smtpd_relay_restrictions = permit_sasl_authenticated reject\n")]
    [InlineData("smtpd_relay_restrictions = check_policy_service { inet:127.0.0.1:1, permit, timeout=1s }, defer_unauth_destination\n")]
    [InlineData("smtpd_relay_restrictions = ours\nsmtpd_restriction_classes = ours\nours = permit_mynetworks, defer_if_permit\n")]
    [InlineData("smtpd_relay_restrictions = ours, reject\nsmtpd_restriction_classes = ours\nours = ours\n")]
    [InlineData("smtpd_relay_restrictions = check_client_access static:ok, reject\nsmtpd_client_restrictions = permit_mynetworks, reject\n")]
    [InlineData("compatibility_level = 3.11\n")]
    public void One_refusal_that_strangers_meet_is_enough(string main) => new Lint { Main = main }.IsSilent<Sub005OpenRelay>();

    [Theory]
    [InlineData("2.9", false)]
    [InlineData("2.10", false)]
    [InlineData("3.2", false)]
    [InlineData("3.3", true)]
    public void The_defaults_refuse_strangers_but_for_an_old_compatibility_level(string release, bool found) =>
        Assert.Equal(found, new Lint { Postfix = release }.Check<Sub005OpenRelay>().Count == 1);

    [Fact]
    public void Before_2_10_the_newer_list_is_no_help() =>
        Assert.Single(new Lint { Main = "smtpd_relay_restrictions = reject\nsmtpd_recipient_restrictions = permit_mynetworks\n", Postfix = "2.9" }.Check<Sub005OpenRelay>());

    [Fact]
    public void A_filter_on_this_host_takes_mail_from_this_host() => new Lint
    {
        Main = "compatibility_level = 3.11\n",
        Master = "127.0.0.1:10025 inet n - n - - smtpd -o smtpd_relay_restrictions=permit_mynetworks -o smtpd_recipient_restrictions=permit\n",
    }.IsSilent<Sub005OpenRelay>();
}

using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr008UnknownRelayRecipientsTests
{
    [Fact]
    public void Domains_without_any_knowledge_of_recipients_are_found() => Assert.Equal(
        ["warning relay_domains@main.cf:1 [smtp/inet]"], new Lint { Main = "relay_domains = example.com\n" }.Brief<Avr008UnknownRelayRecipients>());

    [Fact]
    public void A_verification_that_only_warns_refuses_nobody() => Assert.Single(new Lint
    {
        Main = "relay_domains = example.com\nsmtpd_recipient_restrictions = warn_if_reject reject_unverified_recipient\n",
    }.Check<Avr008UnknownRelayRecipients>());

    [Theory]
    [InlineData("relay_recipient_maps = hash:/t")]
    [InlineData("smtpd_recipient_restrictions = reject_unauth_destination, reject_unverified_recipient")]
    [InlineData("smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10045")]
    [InlineData("smtpd_recipient_restrictions = reject_unauth_destination, pcre:/t")]
    [InlineData("smtpd_restriction_classes = ours\nours = check_recipient_access hash:/t\nsmtpd_relay_restrictions = ours, reject")]
    [InlineData("smtpd_milters = inet:127.0.0.1:10046")]
    [InlineData("smtpd_proxy_filter = 127.0.0.1:10024")]
    [InlineData("relay_domains = $mydestination")]
    [InlineData("mydestination = example.com, example.org")]
    [InlineData("relay_domains =")]
    [InlineData("inet_interfaces = loopback-only")]
    public void Any_way_to_know_them_is_enough(string more) =>
        new Lint { Main = $"relay_domains = example.com\n{more}\n" }.IsSilent<Avr008UnknownRelayRecipients>();

    /// <summary>A relay for its own clients takes nothing from strangers that could be bounced to a forged sender.</summary>
    [Theory]
    [InlineData("smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject", true)]
    [InlineData("smtpd_client_restrictions = permit_mynetworks, defer", true)]
    [InlineData("smtpd_recipient_restrictions = permit_mynetworks, permit_auth_destination, reject", false)]
    [InlineData("smtpd_relay_restrictions = permit_mynetworks, warn_if_reject reject, reject_unauth_destination", false)]
    [InlineData("smtpd_client_restrictions = permit, reject", false)]
    public void Where_strangers_may_name_no_recipient_there_is_nothing_to_bounce(string more, bool silent) => Assert.Equal(
        silent ? 0 : 1, new Lint { Main = $"relay_domains = example.com\n{more}\n" }.Check<Avr008UnknownRelayRecipients>().Count);

    [Fact]
    public void The_default_of_older_releases_is_silent() => new Lint { Postfix = "2.11" }.IsSilent<Avr008UnknownRelayRecipients>();
}

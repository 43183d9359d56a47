using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr006InheritedRelayhostTests
{
    private const string Verifies = "relayhost = [mail.example.net]\nrelay_domains = example.com\nsmtpd_recipient_restrictions = reject_unauth_destination, reject_unverified_recipient\n";

    [Fact]
    public void Probes_inherit_the_relayhost() => Assert.Equal(
        ["warning address_verify_relayhost@main.cf:1 []"], new Lint { Main = Verifies }.Brief<Avr006InheritedRelayhost>());

    [Theory]
    [InlineData("address_verify_relayhost =\n")]
    [InlineData("address_verify_relayhost = [10.0.0.1]\n")]
    [InlineData("transport_maps = hash:/t\n")]
    [InlineData("address_verify_relay_transport = smtp:[10.0.0.1]\n")]
    [InlineData("relay_transport = relay:[10.0.0.1]\n")]
    [InlineData("relayhost =\n")]
    [InlineData("relay_domains =\n")]
    [InlineData("mydestination = example.com\n")]
    [InlineData("smtpd_recipient_restrictions = reject_unauth_destination\n")]
    public void Probes_with_a_way_of_their_own_do_not_and_nobody_asks_without_verification(string more) =>
        new Lint { Main = Verifies + more }.IsSilent<Avr006InheritedRelayhost>();

    [Fact]
    public void A_transport_without_a_nexthop_still_goes_to_the_relayhost() =>
        Assert.Single(new Lint { Main = Verifies + "relay_transport = relay:\n" }.Check<Avr006InheritedRelayhost>());
}

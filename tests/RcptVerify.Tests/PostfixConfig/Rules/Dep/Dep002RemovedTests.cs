using RcptVerify.PostfixConfig.Rules.Dep;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dep;

public sealed class Dep002RemovedTests
{
    [Theory]
    [InlineData("smtpd_recipient_restrictions = check_relay_domains", "3.8", null)]
    [InlineData("smtpd_recipient_restrictions = check_relay_domains", "3.9", "error smtpd_recipient_restrictions@main.cf:1 [smtp/inet]")]
    [InlineData("smtpd_client_restrictions = Reject_Maps_RBL", "3.9", "error smtpd_client_restrictions@main.cf:1 [smtp/inet]")]
    [InlineData("smtpd_helo_restrictions = permit_naked_ip_address", "3.12", "error smtpd_helo_restrictions@main.cf:1 [smtp/inet]")]
    [InlineData("smtpd_recipient_restrictions = check_client_access check_relay_domains", "3.9", null)]
    [InlineData("tls_dane_digest_agility = on", "3.3", null)]
    [InlineData("tls_dane_digest_agility = on", "3.4", "error tls_dane_digest_agility@main.cf:1 []")]
    [InlineData("tlsproxy_client_loglevel_parameter = x", "3.11", null)]
    [InlineData("tlsproxy_client_loglevel_parameter = x", "3.12", "error tlsproxy_client_loglevel_parameter@main.cf:1 []")]
    // Not there yet is not gone: a patch release brought it.
    [InlineData("smtpd_forbid_bare_newline = yes", "3.6.0", null)]
    [InlineData("smtpd_tls_chain_files = /x", "3.3", null)]
    // Gone by itself, and still the default of smtp_fallback_relay.
    [InlineData("fallback_relay = [x]", "3.5", null)]
    [InlineData("my_own_name = x", "3.5", null)]
    [InlineData("tls_dane_digest_agility = on\nx = $tls_dane_digest_agility", "3.4", null)]
    public void What_is_gone_from_a_release_on_is_found(string main, string postfix, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main + "\n", Postfix = postfix }.Brief<Dep002Removed>());

    [Fact]
    public void A_restriction_is_found_in_the_class_that_names_it() => Assert.Equal(
        ["error old@main.cf:2 [smtp/inet]"],
        new Lint { Main = "smtpd_restriction_classes = old\nold = reject_maps_rbl\nsmtpd_client_restrictions = old\n" }.Brief<Dep002Removed>());
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Syn;

public sealed class Syn007UnknownParameterTests
{
    [Theory]
    [InlineData("smtpd_exclude_ciphers = aNULL\n", "error", "smtpd_tls_exclude_ciphers = aNULL")]
    [InlineData("smtpd_tls_mandatory_protocol = >=TLSv1.2\n", "error", "smtpd_tls_mandatory_protocols = >=TLSv1.2")]
    [InlineData("lmtpd_tls_security_level = may\n", "error", "lmtp_tls_security_level = may")]
    [InlineData("mydestinations = example.com\n", "warning", "mydestination = example.com")]
    [InlineData("we_like_long_names_of_our_own = x\n", "warning", "")]
    public void A_name_that_nobody_knows_does_nothing(string main, string severity, string fix)
    {
        Finding finding = new Lint { Main = main }.Single<Syn007UnknownParameter>();
        Assert.Equal(severity, Severities.Text(finding.Severity));
        Assert.Equal(fix, finding.Fix);
        Assert.Equal(1, finding.Position!.Value.Column);
    }

    [Theory]
    [InlineData("smtpd_tls_chain_files = /k.pem\n", "3.3", "error", "Postfix 3.4.0 or later")]
    [InlineData("smtpd_forbid_bare_newline = yes\n", "3.6.5", "warning", "Postfix 3.6.13 or later")]
    public void A_name_of_a_later_release_does_nothing_yet(string main, string release, string severity, string fix)
    {
        Finding finding = new Lint { Main = main, Postfix = release }.Single<Syn007UnknownParameter>();
        Assert.Equal((severity, fix), (Severities.Text(finding.Severity), finding.Fix));
    }

    [Theory]
    [InlineData("our_domain = example.com\nmydestination = $our_domain\n")]
    [InlineData("our_domain = example.com\nmydestination = ${our_domain}\n")]
    [InlineData("our_domain = example.com\nmydestination = a ${our_domain?b}\n")]
    [InlineData("smtpd_restriction_classes = ours, theirs\nours = reject\ntheirs = permit\n")]
    [InlineData("scan_destination_concurrency_limit = 2\npolicy-spf_time_limit = 3600\nscan_transport_rate_delay = 1s\n")]
    [InlineData("virtual_alias_maps = proxy:ldap:people\npeople_server_host = ldap.example.com\n")]
    [InlineData("virtual_maps = hash:/etc/postfix/virtual\nauthorized_verp_clients = 192.0.2.1\n")]
    [InlineData("smtp_destination_concurrency_limit = 5\nlocal_destination_recipient_limit = 1\n")]
    [InlineData("smtpd_tls_chain_files = /k.pem\n")]
    public void Names_of_one_s_own_that_something_uses_are_fine(string main) => new Lint { Main = main }.IsSilent<Syn007UnknownParameter>();

    [Fact]
    public void An_option_may_define_a_name_that_main_cf_uses() => new Lint
    {
        Main = "smtpd_client_restrictions = $mine\n",
        Master = "587 inet n - n - - smtpd -o mine=reject\n",
    }.IsSilent<Syn007UnknownParameter>();

    [Fact]
    public void What_a_release_no_longer_has_is_another_rule_s() =>
        new Lint { Main = "tlsproxy_client_loglevel_parameter = x\n", Postfix = "3.12" }.IsSilent<Syn007UnknownParameter>();

    [Fact]
    public void Hundreds_of_unknown_names_take_no_time() => Assert.Equal(
        900, new Lint { Main = string.Concat(Enumerable.Range(0, 900).Select(n => $"smtpd_tls_nonsense_{n} = x\n")) }.Check<Syn007UnknownParameter>().Count);
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Crt;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Crt;

public sealed class Crt004FingerprintDigestTests
{
    private const string Server = Mail.Mx + "smtpd_tls_ask_ccert = yes\nrelay_clientcerts = hash:/x\n";
    private const string Permit = "smtpd_relay_restrictions = permit_tls_clientcerts, reject_unauth_destination\n";

    [Theory]
    [InlineData(Server + Permit, "3.5", true)]
    [InlineData(Server + Permit, "3.11", true)]
    [InlineData(Server + Permit + "compatibility_level = 3.6\n", "3.11", false)]
    [InlineData(Server + Permit + "smtpd_tls_fingerprint_digest = sha256\n", "3.11", false)]
    [InlineData(Server + "smtpd_client_restrictions = check_ccert_access hash:/y\n", "3.11", true)]
    [InlineData(Server + "smtpd_restriction_classes = friends\nfriends = permit_tls_clientcerts\n", "3.11", true)]
    [InlineData(Server, "3.11", false)]
    [InlineData(Mail.Mx + Permit, "3.11", false)]
    [InlineData(Mail.Mx + "smtpd_tls_ask_ccert = yes\n" + Permit, "3.11", false)]
    [InlineData("", "3.11", false)]
    public void A_server_is_found_where_fingerprints_decide(string main, string postfix, bool found) => Assert.Equal(
        found ? ["warning smtpd_tls_fingerprint_digest@- [smtp/inet]"] : [],
        new Lint { Main = main, Postfix = postfix, Master = Mail.Smtp }.Brief<Crt004FingerprintDigest>());

    [Theory]
    [InlineData("MD5")]
    [InlineData("sha1")]
    public void A_client_at_level_fingerprint_is_found(string digest)
    {
        Finding finding = new Lint { Main = $"smtp_tls_security_level = fingerprint\nsmtp_tls_fingerprint_digest = {digest}\n" }.Single<Crt004FingerprintDigest>();
        Assert.Equal("warning smtp_tls_fingerprint_digest@main.cf:2 [smtp/unix, relay/unix]", Lint.Brief(finding));
    }

    [Fact]
    public void At_other_levels_the_digest_is_for_the_log_only() =>
        new Lint { Main = "smtp_tls_security_level = secure\nsmtp_tls_fingerprint_digest = md5\n" }.IsSilent<Crt004FingerprintDigest>();
}

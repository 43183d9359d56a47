using RcptVerify.PostfixConfig.Rules.Pro;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Pro;

public sealed class Pro006EmptySetTests
{
    [Fact]
    public void A_floor_above_the_ceiling_leaves_nothing() => Assert.Equal(
        ["error smtp_tls_protocols@main.cf:2 [smtp/unix, relay/unix]"],
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1.3, <=TLSv1.2\n" }.Brief<Pro006EmptySet>());

    [Fact]
    public void A_range_of_one_protocol_is_not_empty() =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_protocols = >=TLSv1.2, <=TLSv1.2\n" }.IsSilent<Pro006EmptySet>();

    [Fact]
    public void A_list_that_nobody_reads_may_be_empty() =>
        new Lint { Main = "smtp_tls_security_level = may\nsmtp_tls_mandatory_protocols = >=TLSv1.3, <=TLSv1.2\n" }.IsSilent<Pro006EmptySet>();

    [Fact]
    public void What_postscreen_inherits_is_found_once_where_it_is_written() => Assert.Equal(
        ["error smtpd_tls_protocols@main.cf:3 [smtp/inet, smtpd/pass]"],
        new Lint
        {
            Main = Mail.Mx + "smtpd_tls_protocols = >=TLSv1.3, <=TLSv1.2\n",
            Master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\ntlsproxy unix - - n - 0 tlsproxy\n",
        }.Brief<Pro006EmptySet>());
}

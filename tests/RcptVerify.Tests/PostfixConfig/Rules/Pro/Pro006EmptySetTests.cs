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
}

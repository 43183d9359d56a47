using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Net;

public sealed class Net003ProtocolsTests
{
    [Theory]
    [InlineData("inet_protocols = ipv4", "notice inet_protocols@main.cf:1 []")]
    [InlineData("inet_protocols = IPv6, ipv6", "notice inet_protocols@main.cf:1 []")]
    [InlineData("inet_protocols = all", null)]
    [InlineData("inet_protocols = ipv6 ipv4", null)]
    [InlineData("inet_protocols = ipv4 (DEFAULT)", null)]
    [InlineData("inet_protocols =", null)]
    [InlineData("smtp_address_preference = ipv4", "warning smtp_address_preference@main.cf:1 []")]
    [InlineData("lmtp_address_preference = IPV6", "warning lmtp_address_preference@main.cf:1 []")]
    [InlineData("smtp_address_preference = any", null)]
    [InlineData("smtp_address_preference = ipv4\ninet_protocols = ipv4", "notice inet_protocols@main.cf:2 []")]
    public void One_protocol_only_or_always_first_is_found(string main, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main + "\n" }.Brief<Net003Protocols>());

    [Fact]
    public void A_transport_may_have_a_protocol_of_its_own_and_a_preference_of_its_own_is_a_notice() => Assert.Equal(
        ["notice smtp_address_preference@master.cf:2 [slow/unix]"],
        new Lint
        {
            Master = "smtp unix - - n - - smtp -o inet_protocols=ipv4 -o smtp_address_preference=ipv4\nslow unix - - n - - smtp -o smtp_address_preference=ipv4\n",
        }.Brief<Net003Protocols>());

    [Fact]
    public void The_old_default_is_nobody_s_choice() => new Lint { Postfix = "2.8" }.IsSilent<Net003Protocols>();
}

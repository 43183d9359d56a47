using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Net;

public sealed class Net005BindAddressTests
{
    [Theory]
    [InlineData("smtp_bind_address6 = 2001:db8::25", null)]
    [InlineData("smtp_bind_address6 = [2001:db8::25]", null)]
    [InlineData("smtp_bind_address6 =", null)]
    [InlineData("smtp_bind_address6 = 192.0.2.25", "error smtp_bind_address6@main.cf:1 []")]
    [InlineData("smtp_bind_address6 = mx.example.com", "error smtp_bind_address6@main.cf:1 []")]
    [InlineData("smtp_bind_address6 = [2001:db8::25", "error smtp_bind_address6@main.cf:1 []")]
    [InlineData("smtp_bind_address = 2001:db8::25", "error smtp_bind_address@main.cf:1 []")]
    [InlineData("smtp_bind_address = 192.0.2", "error smtp_bind_address@main.cf:1 []")]
    [InlineData("lmtp_bind_address = 192.0.2.25", null)]
    [InlineData("smtp_bind_address6 = 2001:db8::25\ninet_protocols = ipv4", "warning smtp_bind_address6@main.cf:1 []")]
    [InlineData("smtp_bind_address = 192.0.2.25\ninet_protocols = ipv6", "warning smtp_bind_address@main.cf:1 []")]
    [InlineData("smtp_bind_address = 192.0.2.25\ninet_protocols = IPv4", null)]
    [InlineData("smtp_bind_address = 192.0.2.25\ncontent_filter = smtp:[127.0.0.1]:10024", "notice smtp_bind_address@main.cf:1 []")]
    [InlineData("smtp_bind_address = 192.0.2.25\nrelayhost = localhost:10024", "notice smtp_bind_address@main.cf:1 []")]
    [InlineData("smtp_bind_address6 = 2001:db8::25\ncontent_filter = smtp:[127.0.0.1]:10024", null)]
    [InlineData("smtp_bind_address6 = 2001:db8::25\ncontent_filter = smtp:[::1]:10024", "notice smtp_bind_address6@main.cf:1 []")]
    [InlineData("smtp_bind_address = 192.0.2.25\ncontent_filter = lmtp:[127.0.0.1]:10024", null)]
    [InlineData("smtp_bind_address = 127.0.0.1\ncontent_filter = smtp:[127.0.0.1]:10024", null)]
    public void An_address_is_of_the_right_sort_and_for_the_right_destinations(string main, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main + "\n" }.Brief<Net005BindAddress>());

    [Fact]
    public void A_filter_s_transport_with_an_address_of_its_own_is_not_touched() => new Lint
    {
        Main = "smtp_bind_address = 192.0.2.25\ncontent_filter = scan:[127.0.0.1]:10024\n",
        Master = "smtp unix - - n - - smtp\nscan unix - - n - - smtp -o smtp_bind_address=\n",
    }.IsSilent<Net005BindAddress>();

    [Fact]
    public void A_service_s_address_is_judged_by_that_service_s_protocols() => Assert.Equal(
        ["warning smtp_bind_address6@master.cf:2 [v4/unix]"],
        new Lint
        {
            Master = "v6 unix - - n - - smtp -o smtp_bind_address6=2001:db8::25\nv4 unix - - n - - smtp -o inet_protocols=ipv4 -o smtp_bind_address6=2001:db8::25\n",
        }.Brief<Net005BindAddress>());

    [Theory]
    [InlineData("3.6", 1)]
    [InlineData("3.7", 0)]
    public void Enforcing_the_address_needs_3_7(string postfix, int findings)
    {
        Assert.Equal(findings, new Lint { Main = "smtp_bind_address_enforce = yes\n", Postfix = postfix }.Check<Net005BindAddress>().Count);
        new Lint { Main = "smtp_bind_address_enforce = no\n", Postfix = postfix }.IsSilent<Net005BindAddress>();
    }
}

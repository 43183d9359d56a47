using RcptVerify.PostfixConfig.Rules.Opp;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Opp;

public sealed class Opp001NoClientTlsTests
{
    [Fact]
    public void A_client_without_a_level_is_found_once() => Assert.Equal(
        ["warning smtp_tls_security_level@- [smtp/unix, relay/unix]"],
        new Lint { Main = "smtpd_tls_security_level = may\n", Postfix = "3.9" }.Brief<Opp001NoClientTls>());

    [Fact]
    public void From_3_11_on_the_compatibility_level_decides()
    {
        new Lint { Main = "compatibility_level = 3.11\n" }.IsSilent<Opp001NoClientTls>();
        Assert.Single(new Lint { Main = "compatibility_level = 3.10\n" }.Check<Opp001NoClientTls>());
    }

    [Theory]
    [InlineData("smtp_tls_security_level = may\n")]
    [InlineData("smtp_use_tls = yes\n")]
    [InlineData("smtp_tls_policy_maps = hash:/t\n")]
    [InlineData("smtp_tls_security_level = dane\n")]
    [InlineData("relayhost = [127.0.0.1]:2525\n")]
    public void A_client_that_tries_or_talks_to_this_host_is_fine(string main) => new Lint { Main = main, Postfix = "3.9" }.IsSilent<Opp001NoClientTls>();

    [Theory]
    [InlineData("content_filter = scan:[127.0.0.1]:10025\n", 0)]
    [InlineData("content_filter = scan:[192.0.2.1]:10025\n", 1)]
    [InlineData("content_filter = scan:[127.0.0.1]:10025\nmailbox_transport = scan:[192.0.2.1]\n", 1)]
    [InlineData("", 1)]
    public void A_transport_to_this_host_needs_none(string main, int expected) => Assert.Equal(
        expected,
        new Lint
        {
            Main = "smtp_tls_security_level = may\n" + main,
            Master = "scan unix - - n - - smtp -o smtp_tls_security_level=none\nsmtp unix - - n - - smtp\n",
        }.Check<Opp001NoClientTls>().Count);

    [Fact]
    public void A_transport_table_shows_where_a_transport_goes() => new Lint
    {
        Main = "smtp_tls_security_level = may\ntransport_maps = hash:/etc/postfix/transport\n",
        Master = "inner unix - - n - - smtp -o smtp_tls_security_level=none\n",
        Files = new FakeFiles().With("/etc/postfix/transport", "example.com inner:[127.0.0.1]:2525\n"),
    }.IsSilent<Opp001NoClientTls>();
}

using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Net;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Net;

public sealed class Net004TrustedNetworksTests
{
    private const string Loopback = "127.0.0.0/8 [::1]/128";

    [Theory]
    [InlineData("0.0.0.0/0", "error")]
    [InlineData("[::]/0", "error")]
    [InlineData("[::/0]", "error")]
    [InlineData("192.168.1.1/24", "error")]
    [InlineData("[2001:db8::1]/64", "error")]
    [InlineData("2001:db8::/32", "error")]
    [InlineData("::1", "error")]
    [InlineData("10.0.0.0/255.0.0.0", "error")]
    [InlineData("10/8", "error")]
    [InlineData("10.0/8", "error")]
    [InlineData("10.0.0.0/33", "error")]
    [InlineData("[2001:db8::/32", "error")]
    [InlineData("[2001:db8::]x", null)]
    [InlineData("[2001:db8::]a", "error")]
    [InlineData("80.0.0.0/8", "warning")]
    [InlineData("10.0.0.0/7", "warning")]
    [InlineData("172.16.0.0/11", "error")]
    [InlineData("172.0.0.0/11", "warning")]
    [InlineData("[2000::]/3", "warning")]
    [InlineData("80.1.0.0/16", null)]
    [InlineData("172.16.0.0/12", null)]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("[2001:db8::]/32", null)]
    [InlineData("[fd00::]/8", null)]
    [InlineData("192.0.2.1", null)]
    [InlineData("[2001:db8::1]", null)]
    [InlineData("[::ffff:127.0.0.0]/104", null)]
    [InlineData("!0.0.0.0/0", null)]
    [InlineData("!192.168.1.1/24", "error")]
    [InlineData("hash:/etc/postfix/networks", null)]
    [InlineData("cidr:{1.2.3.4/24 OK}", null)]
    [InlineData("/etc/postfix/networks", null)]
    [InlineData("example.com", null)]
    [InlineData("1.de", null)]
    [InlineData("127.0.0", null)]
    [InlineData("[127.0.0.1", null)]
    [InlineData("[192.0.2.1]", null)]
    [InlineData("!", null)]
    public void Networks_are_judged_as_postfix_reads_them(string network, string? severity)
    {
        string[] found = new Lint { Main = $"mynetworks = {Loopback} {network}\n" }.Brief<Net004TrustedNetworks>();
        Assert.Equal(severity is null ? [] : [$"{severity} mynetworks@main.cf:1 []"], found);
    }

    [Fact]
    public void The_word_is_underlined_and_the_network_that_is_meant_is_named()
    {
        var finding = new Lint { Main = "mynetworks = 127.0.0.0/8, [::1]/128\n  192.168.7.9/20\n" }.Single<Net004TrustedNetworks>();
        Assert.Equal(("main.cf:2", 3, 14), (finding.Position.ToString(), finding.Position!.Value.Column, finding.Length));
        Assert.Contains("192.168.0.0/20 is meant", finding.Message, StringComparison.Ordinal);
        Assert.Contains("[2001:db8::]/33 is meant", new Lint { Main = "mynetworks = [2001:db8::ffff]/33\n" }.Single<Net004TrustedNetworks>().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mynetworks = 127.0.0.0/8", "notice mynetworks@main.cf:1 []")]
    [InlineData("mynetworks = 127.0.0.1", "notice mynetworks@main.cf:1 []")]
    [InlineData("mynetworks = 10.0.0.0/8", null)]
    [InlineData("mynetworks = 127.0.0.0/8 [::1]", null)]
    [InlineData("mynetworks = 127.0.0.0/8\ninet_protocols = ipv4", null)]
    [InlineData("mynetworks = 127.0.0.0/8 cidr:/etc/postfix/networks", null)]
    [InlineData("mynetworks_style = class", "warning mynetworks_style@main.cf:1 []")]
    [InlineData("mynetworks_style = subnet", "notice mynetworks_style@main.cf:1 []")]
    [InlineData("mynetworks_style = host", null)]
    [InlineData("mynetworks_style = class\nmynetworks = 10.0.0.0/8", null)]
    [InlineData("compatibility_level = 0", null)]
    public void Loopback_and_style_are_looked_at(string main, string? finding) =>
        Assert.Equal(finding is null ? [] : [finding], new Lint { Main = main + "\n" }.Brief<Net004TrustedNetworks>());

    [Theory]
    [InlineData("::1/128", "does not start")]
    [InlineData("2001:db8::/32", "lookups fail")]
    public void Without_brackets_an_address_is_a_table_with_or_without_a_type(string network, string says) => Assert.Contains(
        says, new Lint { Main = $"mynetworks = {Loopback} {network}\n" }.Single<Net004TrustedNetworks>().Message, StringComparison.Ordinal);

    [Fact]
    public void An_option_of_a_service_is_a_list_too() => Assert.Equal(
        ["error mynetworks@master.cf:2 [25/inet]"],
        new Lint { Master = "25 inet n - n - - smtpd\n -o mynetworks=0.0.0.0/0,[::1]\n" }.Brief<Net004TrustedNetworks>());

    [Theory]
    [InlineData("127.0.0.1:10025", null)]
    [InlineData("localhost:10025", "notice mynetworks@master.cf:2 [localhost:10025/inet]")]
    [InlineData("[::1]:10025", "notice mynetworks@master.cf:2 [[::1]:10025/inet]")]
    public void A_service_that_listens_on_IPv4_alone_has_no_client_at_the_loopback_of_IPv6(string service, string? finding) => Assert.Equal(
        finding is null ? [] : [finding],
        new Lint { Master = $"{service} inet n - n - - smtpd\n -o mynetworks=127.0.0.0/8\n" }.Brief<Net004TrustedNetworks>());

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("127.0.0.0/8 ::1/128")]
    public void Of_a_list_that_must_be_written_anew_nothing_smaller_is_said(string networks) =>
        Assert.Equal(Severity.Error, new Lint { Main = $"mynetworks = {networks}\n" }.Single<Net004TrustedNetworks>().Severity);

    [Fact]
    public void A_huge_list_is_read_in_no_time()
    {
        string list = string.Join(' ', Enumerable.Range(0, 50_000).Select(n => $"10.{n / 250 % 250}.{n % 250}.1"));
        new Lint { Main = $"mynetworks = {list}\n" }.IsSilent<Net004TrustedNetworks>();
    }
}

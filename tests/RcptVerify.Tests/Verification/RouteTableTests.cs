using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

[Collection(Alone.Name)]
public sealed class RouteTableTests
{
    private static readonly RouteTable Table = new(
    [
        TestRoute.Create(domains: ["*"]),
        TestRoute.Create(domains: [".example.com"]),
        TestRoute.Create(domains: ["example.com", "example.net"]),
        TestRoute.Create(domains: [".deep.example.com"]),
        TestRoute.Create(domains: ["exact.deep.example.com"]),
        TestRoute.Create(domains: ["[192.0.2.1]"]),
    ]);

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("example.net", "example.com")]
    [InlineData("a.example.com", ".example.com")]
    [InlineData("a.b.example.com", ".example.com")]
    [InlineData("deep.example.com", ".example.com")]
    [InlineData("a.deep.example.com", ".deep.example.com")]
    [InlineData("exact.deep.example.com", "exact.deep.example.com")]
    [InlineData("a.exact.deep.example.com", ".deep.example.com")]
    [InlineData("notexample.com", "*")]
    [InlineData("a.example.net", "*")]
    [InlineData("com", "*")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[192.0.2.2]", "*")]
    public void The_most_specific_route_wins_whatever_the_order(string domain, string route) =>
        Assert.Equal(route, Table.Find(Encoding.UTF8.GetBytes(domain))?.Name);

    [Theory]
    [InlineData("example.org")]
    [InlineData("a.example.com")]
    [InlineData("")]
    [InlineData("[a.example.com]")]
    public void A_domain_without_a_route_has_none(string domain) =>
        Assert.Null(new RouteTable([TestRoute.Create(domains: ["example.com", ".example.net"])]).Find(Encoding.UTF8.GetBytes(domain)));

    [Fact]
    public void An_address_literal_is_nobodys_subdomain()
    {
        RouteTable table = new([TestRoute.Create(domains: [".1]", ".0.2.1]"])]);
        Assert.Null(table.Find("[192.0.2.1]"u8));
    }

    [Fact]
    public void A_domain_named_twice_keeps_its_first_route()
    {
        Route first = TestRoute.Create(domains: ["a.example", "*"]);
        Route second = TestRoute.Create(domains: ["b.example", "a.example", "*"]);
        RouteTable table = new([first, second]);
        Assert.Same(first, table.Find("a.example"u8));
        Assert.Same(first, table.Find("elsewhere.example"u8));
        Assert.Equal([first, second], table.Routes);
    }

    [Fact]
    public void Finding_a_route_costs_no_allocation()
    {
        Table.Find("a.b.c.example.com"u8);
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Table.Find("a.b.c.example.com"u8);
                Table.Find("example.com"u8);
                Table.Find("elsewhere.example"u8);
            }
        }));
    }
}

using System.Text;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class RouteTests
{
    [Theory]
    [InlineData("postmaster@example.com", true)]
    [InlineData("abuse@example.com", true)]
    [InlineData("list@lists.example.com", true)]
    [InlineData("list@example.com", false)]
    [InlineData("postmaster2@example.com", false)]
    [InlineData("xpostmaster@example.com", false)]
    [InlineData("user@example.com", false)]
    public void The_list_holds_local_parts_addresses_and_postmaster(string address, bool accepted)
    {
        Route route = TestRoute.Create(alwaysAccept: ["abuse", "list@lists.example.com"]);
        byte[] key = Encoding.UTF8.GetBytes(address);
        Assert.Equal(accepted, route.AlwaysAccepts(key, key.AsSpan().LastIndexOf((byte)'@')));
    }

    [Fact]
    public void Postmaster_is_accepted_on_an_empty_list() => Assert.True(TestRoute.Create().AlwaysAccepts("postmaster@example.com"u8, 10));

    [Fact]
    public void The_first_domain_names_the_route() => Assert.Equal("a.example", TestRoute.Create(domains: ["a.example", "b.example"]).Name);

    [Theory]
    [InlineData("ex1.corp.example", 25, "ex1.corp.example:25")]
    [InlineData("192.0.2.1", 2525, "192.0.2.1:2525")]
    [InlineData("2001:db8::1", 25, "[2001:db8::1]:25")]
    public void A_server_is_named_as_host_and_port(string host, int port, string name)
    {
        Assert.Equal(name, new ServerEndpoint(host, port).Name);
        Assert.Equal(name, new ServerEndpoint(host, port).ToString());
    }
}

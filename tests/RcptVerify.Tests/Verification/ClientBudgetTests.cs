using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class ClientBudgetTests
{
    private static readonly ClientLimit FourAnHour = new(4, TimeSpan.FromHours(1), [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("2001:db8:1::/48")]);
    private readonly FakeTimeProvider _time = new();
    private readonly ClientBudget _budget;

    public ClientBudgetTests() => _budget = new ClientBudget(_time);

    [Fact]
    public void A_budget_is_spent_by_so_many_refusals_and_the_last_one_is_told()
    {
        Assert.Equal([false, false, false, true, false], Enumerable.Range(0, 5).Select(_ => Charge("192.0.2.1")));
        Assert.True(IsSpent("192.0.2.1"));
        Assert.False(IsSpent("192.0.2.2"));
    }

    [Fact]
    public void One_short_of_the_limit_is_not_spent()
    {
        Charge("192.0.2.1", times: 3);
        Assert.False(IsSpent("192.0.2.1"));
    }

    [Fact]
    public void It_is_earned_back_evenly_and_told_again_only_after_half()
    {
        Charge("192.0.2.1", times: 4);
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        Assert.True(IsSpent("192.0.2.1"));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(IsSpent("192.0.2.1"));
        Assert.False(Charge("192.0.2.1"));
        Assert.True(IsSpent("192.0.2.1"));

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal([false, true], Enumerable.Range(0, 2).Select(_ => Charge("192.0.2.1")));
    }

    [Fact]
    public void Refusals_past_the_limit_delay_its_end_by_no_more_than_the_period()
    {
        Charge("192.0.2.1", times: 1000);
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.False(IsSpent("192.0.2.1"));
    }

    [Fact]
    public void Each_route_keeps_its_own_account()
    {
        Charge("192.0.2.1", times: 4);
        Assert.False(_budget.IsSpent("192.0.2.1"u8, "example.net", FourAnHour));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("2001:db8:2:3::1", "2001:db8:2:3:ffff::2", true)]
    [InlineData("2001:db8:2:3::1", "2001:DB8:2:4::1", false)]
    public void An_IPv4_address_and_an_IPv6_network_of_64_bits_are_one_client(string first, string second, bool same)
    {
        Charge(first, times: 4);
        Assert.Equal(same, IsSpent(second));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.2")]
    [InlineData("2001:db8:1:2::3")]
    [InlineData("")]
    [InlineData("unknown")]
    public void The_exempt_and_what_is_no_address_have_no_limit(string client)
    {
        Assert.False(Charge(client, times: 10));
        Assert.False(IsSpent(client));
    }

    [Fact]
    public void A_flood_of_clients_does_not_push_out_those_who_have_spent_most()
    {
        Charge("192.0.2.1", times: 4);
        for (int i = 0; i < 3 * ClientBudget.MaxClients; i++)
            Charge(string.Create(CultureInfo.InvariantCulture, $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}"));
        Assert.True(IsSpent("192.0.2.1"));
    }

    private bool Charge(string client, int times = 1)
    {
        bool told = false;
        for (int i = 0; i < times; i++)
            told = _budget.Charge(Encoding.UTF8.GetBytes(client), "example.com", FourAnHour);
        return told;
    }

    private bool IsSpent(string client) => _budget.IsSpent(Encoding.UTF8.GetBytes(client), "example.com", FourAnHour);
}

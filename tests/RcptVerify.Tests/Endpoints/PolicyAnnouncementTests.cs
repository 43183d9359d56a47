using System.Text;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Where the cache is large the door says which recipient is coming before it has read the request.</summary>
public sealed class PolicyAnnouncementTests : PolicyDoorTest
{
    private static readonly string[] Recipients = ["Anna@example.com", "nobody@example.com", "trouble@example.com"];

    private static string Requests { get; } = string.Concat(Recipients.Select(recipient => PolicySample.Request(recipient)));

    public PolicyAnnouncementTests() => Verifier = new() { IsWorthAnnouncing = true };

    [Fact]
    public async Task Each_recipient_of_a_burst_is_announced_as_it_stands_there_and_approached_before_it_is_asked_about()
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Requests);
        Assert.Equal(PolicySample.Dunno + PolicySample.Refusal + PolicySample.Tempfail, connection.ReadAvailable());
        Assert.Equal(Recipients, Verifier.Asked);
        Assert.Equal(Recipients, Verifier.Announced);
        Assert.Equal([1u, 2u, 3u], Verifier.Approached);
    }

    [Fact]
    public async Task Requests_split_anywhere_get_the_same_answers()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Requests);
        for (int split = 0; split <= bytes.Length; split++)
        {
            (InMemoryConnection connection, Task served) = Connect();
            await connection.SendAsync(bytes.AsMemory(0, split));
            await connection.SendAsync(bytes.AsMemory(split));
            Assert.Equal(PolicySample.Dunno + PolicySample.Refusal + PolicySample.Tempfail, connection.ReadAvailable());
            AssertOpen(served);
        }

        Assert.All(Verifier.Announced, announced => Assert.True(announced is "" || Recipients.Contains(announced), announced));
    }

    [Theory]
    [InlineData("request=smtpd_access_policy\nprotocol_state=RCPT\n\n")]
    [InlineData("request=smtpd_access_policy\nprotocol_state=RCPT\nrecipient=\n\n")]
    public async Task A_request_without_a_recipient_announces_nothing(string request)
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(request);
        Assert.NotEqual("", connection.ReadAvailable());
        AssertOpen(served);
        Assert.Equal([""], Verifier.Announced);
    }

    [Fact]
    public async Task With_a_small_cache_nothing_is_announced()
    {
        FakeVerifier small = new();
        InMemoryConnection connection = new();
        _ = connection.RunAsync(new RcptVerify.Endpoints.PolicyConnectionHandler(small, Settings, Time, Log));
        await connection.SendAsync(Requests);
        Assert.Equal(Recipients, small.Asked);
        Assert.Empty(small.Announced);
        Assert.Empty(small.Approached);
    }
}

using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>How connections end: by nonsense, by taking too long, by the server's stop.</summary>
public sealed class SocketmapConnectionEndTests : SocketmapDoorTest
{
    [Theory]
    [InlineData("01:x,", "NetstringBadLength")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "NetstringBadLength")]
    [InlineData("request=smtpd_access_policy\n", "NetstringBadLength")]
    [InlineData("4353", "NetstringTooLong")]
    [InlineData("1:ab", "NetstringNoComma")]
    [InlineData("10:recipients,", "SocketmapNoKey")]
    [InlineData("3:a \0,", "SocketmapNul")]
    public async Task Nonsense_is_logged_once_and_gets_no_reply(string bytes, string error)
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Request("nobody@example.com") + bytes + Request("anna@example.com"));

        await AssertClosedAsync(served);
        Assert.Equal(NotFound, connection.ReadAvailable()); // what came before it
        Assert.Equal(["nobody@example.com"], Verifier.Asked);
        (LogLevel level, int id, string text) = Assert.Single(Log.Lines, l => l.Id != EventIds.Decision);
        Assert.Equal((LogLevel.Warning, EventIds.MalformedRequest), (level, id));
        Assert.StartsWith($"malformed request from 127.0.0.1:4711: {error}; closing", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_leaves_inside_a_request_is_malformed()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync("27:recipients anna");
        await connection.EndInputAsync();

        await AssertClosedAsync(served);
        Assert.Contains("Truncated", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_faults_of_a_kind_are_counted_instead_of_logged()
    {
        for (int i = 0; i < 1000; i++)
            await Connect().Connection.SendAsync("nonsense");
        Time.Advance(TimeSpan.FromMinutes(1));
        await Connect().Connection.SendAsync("nonsense");

        Assert.Equal(12, Log.Lines.Count);
        Assert.Equal("990 more lines of this kind were left out: malformed requests", Log.Lines.Last().Text);
    }

    [Fact]
    public async Task The_last_requests_of_a_peer_that_leaves_are_answered()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Request("slow@example.com") + Request("nobody@example.com"));
        await connection.EndInputAsync();
        Verifier.Release("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal(Ok("slow@example.com") + NotFound, connection.ReadAvailable());
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task A_request_that_does_not_end_in_time_ends_the_connection()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync("4000:recipients ");

        for (int second = 0; second < 100; second++)
        {
            connection.Beat();
            await connection.SendAsync("x"); // trickling in does not help
        }

        AssertOpen(served);
        connection.Beat();

        await AssertClosedAsync(served);
        Assert.Equal("127.0.0.1:4711 did not finish its request in time; closing the connection", Assert.Single(LinesAt(LogLevel.Warning)));
    }

    [Fact]
    public async Task An_idle_connection_outlives_the_100_seconds_that_Postfix_keeps_one()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Request("anna@example.com"));
        connection.Beat(120);
        AssertOpen(served);
        connection.Beat();

        await AssertClosedAsync(served);
        Assert.Empty(LinesAt(LogLevel.Warning));
        Assert.Null(connection.AbortReason);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_replies_is_let_go()
    {
        (InMemoryConnection connection, Task served) = Connect(writeLimit: 100);
        await connection.SendAsync(string.Concat(Enumerable.Repeat(Request("anna@example.com"), 20)));
        connection.Beat(30);
        AssertOpen(served);
        connection.Beat();

        await AssertClosedAsync(served);
        Assert.Equal("127.0.0.1:4711 does not read its answers; closing the connection", Assert.Single(LinesAt(LogLevel.Warning)));
    }

    [Fact]
    public async Task A_stopping_server_answers_what_it_has_taken_and_takes_no_more()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Request("slow@example.com") + Request("nobody@example.com"));

        connection.RequestClose();
        await connection.SendAsync(Request("late@example.com"));
        AssertOpen(served);
        Verifier.Release("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal(Ok("slow@example.com") + NotFound, connection.ReadAvailable());
        Assert.Equal(["slow@example.com", "nobody@example.com"], Verifier.Asked);
    }
}

using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>
/// How connections end, at every door where each request has its answer: by nonsense, by taking too long, by the server's stop.
/// </summary>
public abstract class RequestConnectionEndTests<THandler> : DoorTest<THandler>
    where THandler : DoorConnectionHandler
{
    private protected abstract RequestWords Words { get; }

    private protected async Task AssertNonsenseAsync(string bytes, string error)
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Words.Ask("nobody@example.com") + bytes + Words.Ask("anna@example.com"));

        await AssertClosedAsync(served);
        Assert.Equal(Words.No, connection.ReadAvailable()); // what came before it
        Assert.Equal(["nobody@example.com"], Verifier.Asked);
        (LogLevel level, int id, string text) = Assert.Single(Log.Lines, l => l.Id != EventIds.Decision);
        Assert.Equal((LogLevel.Warning, EventIds.MalformedRequest), (level, id));
        Assert.Equal(FaultText.Malformed(error), text);
    }

    private protected async Task AssertIdleForAsync(int seconds)
    {
        (InMemoryConnection connection, Task served) = Connect();
        connection.Beat(seconds);
        AssertOpen(served);

        await connection.SendAsync(Words.Ask("anna@example.com"));
        connection.Beat(seconds);
        AssertOpen(served);
        connection.Beat();

        await AssertClosedAsync(served);
        Assert.Empty(LinesAt(LogLevel.Warning));
        Assert.Null(connection.AbortReason);
    }

    [Fact]
    public async Task A_peer_that_leaves_inside_a_request_is_malformed()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Words.Beginning);
        await connection.EndInputAsync();

        await AssertClosedAsync(served);
        Assert.Contains("Truncated", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_requests_of_a_peer_that_leaves_are_answered()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Words.Ask("slow@example.com") + Words.Ask("nobody@example.com"));
        await connection.EndInputAsync();
        Verifier.Release("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal(Words.Yes("slow@example.com") + Words.No, connection.ReadAvailable());
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task Many_faults_of_a_kind_are_counted_instead_of_logged()
    {
        for (int i = 0; i < 1000; i++)
            await Connect().Connection.SendAsync("nonsense\n");
        Time.Advance(TimeSpan.FromMinutes(1));
        await Connect().Connection.SendAsync("nonsense\n");

        Assert.Equal(12, Log.Lines.Count);
        Assert.Equal("990 more lines of this kind were left out: malformed requests", Log.Lines.Last().Text);
    }

    [Fact]
    public async Task A_request_that_does_not_end_in_time_ends_the_connection()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Words.Beginning);

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
    public async Task A_busy_peer_whose_next_request_is_always_half_there_is_not_slow()
    {
        (InMemoryConnection connection, Task served) = Connect();
        string request = Words.Ask("anna@example.com");
        int half = request.Length / 2;
        await connection.SendAsync(request[..half]);

        for (int second = 0; second < 1000; second++)
        {
            connection.Beat();
            await connection.SendAsync(request[half..] + request[..half]);
            Assert.Equal(Words.Yes("anna@example.com"), connection.ReadAvailable());
        }

        AssertOpen(served);
    }

    [Fact]
    public async Task Our_own_slowness_is_not_held_against_the_peer()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Words.Ask("slow@example.com"));
        connection.Beat(5000);
        Verifier.Release("slow@example.com");

        Assert.Equal(Words.Yes("slow@example.com"), connection.ReadAvailable());
        AssertOpen(served);
    }

    [Theory]
    [InlineData("anna@example.com")]
    [InlineData("slow@example.com")]
    public async Task A_peer_that_does_not_read_its_answers_is_let_go(string last)
    {
        (InMemoryConnection connection, Task served) = Connect(writeLimit: 100);
        await connection.SendAsync(string.Concat(Enumerable.Repeat(Words.Ask("anna@example.com"), 20)) + Words.Ask(last));
        Verifier.Release("slow@example.com");
        connection.Beat(30);
        AssertOpen(served);

        connection.Beat();

        await AssertClosedAsync(served);
        Assert.Equal("127.0.0.1:4711 does not read its answers; closing the connection", Assert.Single(LinesAt(LogLevel.Warning)));
    }

    [Fact]
    public async Task A_peer_that_reads_late_is_served_on()
    {
        (InMemoryConnection connection, Task served) = Connect(writeLimit: 100);
        await connection.SendAsync(string.Concat(Enumerable.Repeat(Words.Ask("anna@example.com"), 20)));
        connection.Beat(29);

        Assert.Equal(20 * Words.Yes("anna@example.com").Length, connection.ReadAvailable().Length);
        connection.Beat(100);
        await connection.SendAsync(Words.Ask("nobody@example.com"));

        Assert.Equal(Words.No, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task A_stopping_server_closes_idle_connections_at_once()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Words.Ask("anna@example.com"));

        connection.RequestClose();

        await AssertClosedAsync(served);
        Assert.Equal(Words.Yes("anna@example.com"), connection.ReadAvailable());
        Assert.Null(connection.AbortReason);
    }

    [Fact]
    public async Task A_stopping_server_answers_what_it_has_taken_and_takes_no_more()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Words.Ask("slow@example.com") + Words.Ask("nobody@example.com"));

        connection.RequestClose();
        await connection.SendAsync(Words.Ask("late@example.com"));
        AssertOpen(served);
        Verifier.Release("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal(Words.Yes("slow@example.com") + Words.No, connection.ReadAvailable());
        Assert.Equal(["slow@example.com", "nobody@example.com"], Verifier.Asked);
    }

    [Fact]
    public async Task A_half_request_does_not_hold_up_a_stopping_server()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Words.Beginning);

        connection.RequestClose();

        await AssertClosedAsync(served);
        Assert.Empty(Log.Lines);
    }

    [Fact]
    public async Task An_aborted_connection_is_no_event()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Words.Ask("slow@example.com"));

        connection.Abort();
        Verifier.Release("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Empty(LinesAt(LogLevel.Warning));
        Assert.Empty(LinesAt(LogLevel.Error));
    }
}

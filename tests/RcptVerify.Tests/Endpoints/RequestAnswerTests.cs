using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Requests in, answers out, at every door where each request has its answer.</summary>
public abstract class RequestAnswerTests<THandler> : DoorTest<THandler>
    where THandler : DoorConnectionHandler
{
    private string ThreeRequests => Words.Ask("anna@example.com") + Words.Ask("nobody@example.com") + Words.Ask("trouble@example.com");

    private string ThreeAnswers => Words.Yes("anna@example.com") + Words.No + Words.Later;

    private protected abstract RequestWords Words { get; }

    /// <summary>The same door, and a route that answers like this.</summary>
    private protected abstract RequestAnswerTests<THandler> With(ReplySettings reply);

    [Fact]
    public async Task Requests_split_anywhere_get_the_same_answers()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(ThreeRequests);
        for (int split = 0; split <= bytes.Length; split++)
        {
            (InMemoryConnection connection, Task served) = Connect();

            await connection.SendAsync(bytes.AsMemory(0, split));
            await connection.SendAsync(bytes.AsMemory(split));

            Assert.Equal(ThreeAnswers, connection.ReadAvailable());
            AssertOpen(served);
        }
    }

    [Fact]
    public async Task Requests_that_come_byte_by_byte_get_the_same_answers()
    {
        (InMemoryConnection connection, _) = Connect();

        foreach (byte b in Encoding.UTF8.GetBytes(ThreeRequests))
            await connection.SendAsync(new[] { b });

        Assert.Equal(ThreeAnswers, connection.ReadAvailable());
        Assert.Equal(3, connection.Flushes);
    }

    [Fact]
    public async Task A_burst_is_answered_in_order_with_one_flush()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(string.Concat(Enumerable.Repeat(ThreeRequests, 10)));

        Assert.Equal(1, connection.Flushes);
        Assert.Equal(string.Concat(Enumerable.Repeat(ThreeAnswers, 10)), connection.ReadAvailable());
    }

    [Fact]
    public async Task A_slow_verdict_holds_up_no_earlier_answer_and_every_later_one()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Words.Ask("nobody@example.com") + Words.Ask("slow1@example.com") + Words.Ask("slow-nobody@example.com") + Words.Ask("trouble@example.com"));
        Assert.Equal(Words.No, connection.ReadAvailable());

        Verifier.Release("slow-nobody@example.com"); // the later one first
        Assert.Equal("", connection.ReadAvailable());

        Verifier.Release("slow1@example.com");
        Assert.Equal(Words.Yes("slow1@example.com") + Words.No + Words.Later, connection.ReadAvailable());
        Assert.Equal(2, connection.Flushes);
        AssertOpen(served);
    }

    [Theory]
    [InlineData("nobody@example.com", "undeliverable")]
    [InlineData("trouble@example.com", "unknown")]
    public async Task A_dry_run_accepts_everything_and_logs_what_it_would_have_said(string recipient, string verdict)
    {
        RequestAnswerTests<THandler> dry = With(new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true));
        (InMemoryConnection connection, _) = dry.Connect();

        await connection.SendAsync(Words.Ask(recipient));

        Assert.Equal(Words.Yes(recipient), connection.ReadAvailable());
        string line = Assert.Single(dry.LinesAt(LogLevel.Information));
        Assert.Contains($" verdict={verdict} ", line, StringComparison.Ordinal);
        Assert.EndsWith(" dry_run=yes", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_said_before_the_first_request()
    {
        (InMemoryConnection connection, Task served) = Connect();

        connection.Beat(100);
        await connection.EndInputAsync();

        Assert.Equal("", await connection.ReadAsync());
        await AssertClosedAsync(served);
        Assert.Empty(Log.Lines);
    }

    [Fact]
    public async Task A_defect_closes_the_connection_without_an_answer_and_is_logged()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Words.Ask("slow@example.com"));
        Verifier.Fail("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal("", connection.ReadAvailable());
        Assert.Equal("internal error", connection.AbortReason?.Message);
        (LogLevel level, int id, string text) = Assert.Single(Log.Lines);
        Assert.Equal((LogLevel.Error, EventIds.ConnectionDefect), (level, id));
        Assert.Equal("internal error on the connection from 127.0.0.1:4711; closing it", text);
    }
}

using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Requests in, answers out.</summary>
public sealed class PolicyAnswerTests : PolicyDoorTest
{
    private const string ThreeAnswers = PolicySample.Dunno + PolicySample.Refusal + PolicySample.Tempfail;

    private static string ThreeRequests { get; } =
        PolicySample.Request("anna@example.com") + PolicySample.Request("nobody@example.com") + PolicySample.Request("trouble@example.com");

    [Theory]
    [InlineData("anna@example.com", PolicySample.Dunno)]
    [InlineData("nobody@example.com", PolicySample.Refusal)]
    [InlineData("trouble@example.com", PolicySample.Tempfail)]
    [InlineData("anna@elsewhere.example", PolicySample.Dunno)]
    public async Task A_verdict_becomes_an_action(string recipient, string answer)
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(PolicySample.Request(recipient));

        Assert.Equal(answer, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task The_verifier_is_told_the_client_and_the_budget()
    {
        Settings.Rules = new PolicyDoorRules { AnswerWithin = TimeSpan.FromSeconds(3) };
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("Anna Muster@example.com"));

        Assert.Equal(["Anna Muster@example.com"], Verifier.Asked);
        Assert.Equal(("192.0.2.10", TimeSpan.FromSeconds(3)), Verifier.Last);
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

        await connection.SendAsync(
            PolicySample.Request("nobody@example.com") + PolicySample.Request("slow1@example.com") + PolicySample.Request("slow-nobody@example.com")
            + PolicySample.Request("trouble@example.com"));
        Assert.Equal(PolicySample.Refusal, connection.ReadAvailable());

        Verifier.Release("slow-nobody@example.com"); // the later one first
        Assert.Equal("", connection.ReadAvailable());

        Verifier.Release("slow1@example.com");
        Assert.Equal(PolicySample.Dunno + PolicySample.Refusal + PolicySample.Tempfail, connection.ReadAvailable());
        Assert.Equal(2, connection.Flushes);
        AssertOpen(served);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("HELO")]
    [InlineData("MAIL")]
    [InlineData("DATA")]
    [InlineData("BDAT")]
    [InlineData("END-OF-MESSAGE")]
    [InlineData("VRFY")]
    [InlineData("ETRN")]
    [InlineData("XYZZY")]
    [InlineData("")]
    public async Task Outside_RCPT_nobody_is_asked(string state)
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("nobody@example.com", state));

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        Assert.Empty(Verifier.Asked);
    }

    [Theory]
    [InlineData("nobody@example.com", "undeliverable")]
    [InlineData("trouble@example.com", "unknown")]
    public async Task A_dry_run_accepts_everything_and_logs_what_it_would_have_said(string recipient, string verdict)
    {
        PolicyAnswerTests dry = new() { Verifier = new() { Route = FakeVerifier.NewRoute(new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true)) } };
        (InMemoryConnection connection, _) = dry.Connect();

        await connection.SendAsync(PolicySample.Request(recipient));

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        string line = Assert.Single(dry.LinesAt(LogLevel.Information));
        Assert.Contains($" verdict={verdict} ", line, StringComparison.Ordinal);
        Assert.EndsWith(" dry_run=yes", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550 5.1.1 no such mailbox", TempfailAction.Defer, "action=550 5.1.1 no such mailbox\n\naction=DEFER 4.3.0 " + ReplyText)]
    [InlineData("551 gone", TempfailAction.Dunno, "action=551 gone\n\naction=DUNNO\n\n")]
    public async Task The_routes_own_words_are_used(string unknownUser, TempfailAction tempfail, string answers)
    {
        PolicyAnswerTests own = new() { Verifier = new() { Route = FakeVerifier.NewRoute(new ReplySettings(unknownUser, tempfail, dryRun: false)) } };
        (InMemoryConnection connection, _) = own.Connect();

        await connection.SendAsync(PolicySample.Request("nobody@example.com") + PolicySample.Request("trouble@example.com"));

        Assert.Equal(answers, connection.ReadAvailable());
    }

    private const string ReplyText = "Recipient cannot be verified at the moment, please try again later\n\n";

    [Fact]
    public async Task A_defect_closes_the_connection_without_an_answer_and_is_logged()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(PolicySample.Request("slow@example.com"));
        Verifier.Fail("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal("", connection.ReadAvailable());
        Assert.Equal("internal error", connection.AbortReason?.Message);
        (LogLevel level, int id, string text) = Assert.Single(Log.Lines);
        Assert.Equal((LogLevel.Error, EventIds.ConnectionDefect), (level, id));
        Assert.Equal("internal error on the connection from 127.0.0.1:4711; closing it", text);
    }
}

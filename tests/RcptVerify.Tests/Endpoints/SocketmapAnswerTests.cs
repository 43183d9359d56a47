using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Requests in, replies out.</summary>
public sealed class SocketmapAnswerTests : SocketmapDoorTest
{
    private static string ThreeRequests { get; } = Request("anna@example.com") + Request("nobody@example.com") + Request("trouble@example.com");

    private static string ThreeReplies { get; } = Ok("anna@example.com") + NotFound + Temp;

    [Theory]
    [InlineData("anna@example.com", "19:OK anna@example.com,")]
    [InlineData("nobody@example.com", NotFound)]
    [InlineData("trouble@example.com", Temp)]
    [InlineData("jürgen@bücher.example", "26:OK jürgen@bücher.example,")]
    [InlineData("\"two words\"@example.com", "26:OK \"two words\"@example.com,")]
    public async Task A_verdict_becomes_a_reply(string key, string reply) => Assert.Equal(reply, await AskAsync(key));

    [Theory]
    [InlineData(NoRouteAnswer.Temp, false, Temp)]
    [InlineData(NoRouteAnswer.Notfound, false, NotFound)]
    [InlineData(NoRouteAnswer.Ok, false, "25:OK anna@elsewhere.example,")]
    [InlineData(NoRouteAnswer.Temp, true, "25:OK anna@elsewhere.example,")]
    [InlineData(NoRouteAnswer.Notfound, true, "25:OK anna@elsewhere.example,")]
    public async Task A_domain_without_a_route_is_answered_as_configured(NoRouteAnswer noRoute, bool dryRun, string reply)
    {
        (Settings.NoRoute, Settings.DryRun) = (noRoute, dryRun);
        Assert.Equal(reply, await AskAsync("anna@elsewhere.example"));
    }

    [Theory]
    [InlineData("@example.com")]
    [InlineData("@elsewhere.example")]
    [InlineData("\"\"@example.com")]
    [InlineData("anna")]
    [InlineData("@")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_key_that_stands_for_many_or_for_nobody_is_never_found(string key)
    {
        (Settings.NoRoute, Settings.DryRun) = (NoRouteAnswer.Ok, true);
        Assert.Equal(NotFound, await AskAsync(key));
        Assert.Empty(Verifier.Asked);
    }

    [Theory]
    [InlineData("rcpt")]
    [InlineData("RECIPIENTS")]
    [InlineData("recipient")]
    [InlineData("recipients2")]
    [InlineData("")]
    public async Task Another_map_is_an_error_of_the_configuration(string map)
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Request("anna@example.com", map) + Request("anna@example.com"));

        Assert.Equal("51:PERM no such map: the one here is called recipients," + Ok("anna@example.com"), connection.ReadAvailable());
        Assert.Equal(["anna@example.com"], Verifier.Asked);
        AssertOpen(served);
        Assert.StartsWith($"127.0.0.1:4711 asks for the map {map};", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verifier_is_told_the_unquoted_address_and_the_budget()
    {
        Settings.AnswerWithin = TimeSpan.FromSeconds(3);

        await AskAsync("\"Anna \\\"A\\\" Muster\"@example.com");

        Assert.Equal(["Anna \"A\" Muster@example.com"], Verifier.Asked);
        Assert.Equal(("", TimeSpan.FromSeconds(3)), Verifier.Last);
    }

    [Fact]
    public async Task Requests_split_anywhere_get_the_same_replies()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(ThreeRequests);
        for (int split = 0; split <= bytes.Length; split++)
        {
            (InMemoryConnection connection, Task served) = Connect();

            await connection.SendAsync(bytes.AsMemory(0, split));
            await connection.SendAsync(bytes.AsMemory(split));

            Assert.Equal(ThreeReplies, connection.ReadAvailable());
            AssertOpen(served);
        }
    }

    [Fact]
    public async Task Requests_that_come_byte_by_byte_get_the_same_replies()
    {
        (InMemoryConnection connection, _) = Connect();

        foreach (byte b in Encoding.UTF8.GetBytes(ThreeRequests))
            await connection.SendAsync(new[] { b });

        Assert.Equal(ThreeReplies, connection.ReadAvailable());
        Assert.Equal(3, connection.Flushes);
    }

    [Fact]
    public async Task A_burst_is_answered_in_order_with_one_flush()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(string.Concat(Enumerable.Repeat(ThreeRequests, 10)));

        Assert.Equal(1, connection.Flushes);
        Assert.Equal(string.Concat(Enumerable.Repeat(ThreeReplies, 10)), connection.ReadAvailable());
    }

    [Fact]
    public async Task A_slow_verdict_holds_up_no_earlier_reply_and_every_later_one()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(
            Request("nobody@example.com") + Request("slow1@example.com") + Request("slow-nobody@example.com") + Request("trouble@example.com"));
        Assert.Equal(NotFound, connection.ReadAvailable());

        Verifier.Release("slow-nobody@example.com"); // the later one first
        Assert.Equal("", connection.ReadAvailable());

        Verifier.Release("slow1@example.com");
        Assert.Equal(Ok("slow1@example.com") + NotFound + Temp, connection.ReadAvailable());
        Assert.Equal(2, connection.Flushes);
        AssertOpen(served);
    }

    [Theory]
    [InlineData("nobody@example.com", "undeliverable")]
    [InlineData("trouble@example.com", "unknown")]
    public async Task A_dry_run_accepts_everything_and_logs_what_it_would_have_said(string recipient, string verdict)
    {
        SocketmapAnswerTests dry = new() { Verifier = new() { Route = FakeVerifier.NewRoute(new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true)) } };

        Assert.Equal(Ok(recipient), await dry.AskAsync(recipient));

        string line = Assert.Single(dry.LinesAt(LogLevel.Information));
        Assert.Contains($" verdict={verdict} ", line, StringComparison.Ordinal);
        Assert.EndsWith(" dry_run=yes", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_no_reply_can_carry_is_accepted_without_being_repeated()
    {
        SocketmapAnswerTests dry = new() { Verifier = new() { Route = FakeVerifier.NewRoute(new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true)) } };
        Assert.Equal(Ok("recipients"), await dry.AskAsync("trouble\u0001@example.com"));
    }

    [Theory]
    [InlineData("anna@example.com", LogLevel.Debug, "verdict=deliverable from=cache stage=rcpt server=ex1:25 reply=\"250 2.1.5 Recipient OK\"")]
    [InlineData("nobody@example.com", LogLevel.Information, "verdict=undeliverable from=cache stage=rcpt server=ex1:25 reply=\"550 5.1.1 User unknown\"")]
    [InlineData("trouble@example.com", LogLevel.Information, "verdict=unknown from=cache reply=\"no answer yet, the probe goes on\"")]
    [InlineData("anna@elsewhere.example", LogLevel.Information, "verdict=no_route from=address")]
    public async Task A_decision_is_one_line(string recipient, LogLevel level, string middle)
    {
        await AskAsync(recipient);
        Assert.Equal((level, EventIds.Decision, $"map=recipients recipient=<{recipient}> {middle} delay=0.00"), Assert.Single(Log.Lines));
    }

    [Fact]
    public async Task A_decision_that_took_time_tells_how_long()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(Request("slow@example.com"));
        Time.Advance(TimeSpan.FromMilliseconds(5128));
        Verifier.Release("slow@example.com");

        Assert.Equal(
            "map=recipients recipient=<slow@example.com> verdict=deliverable from=probe stage=rcpt server=ex1:25 reply=\"250 2.1.5 Recipient OK\" delay=5.13",
            Assert.Single(LinesAt(LogLevel.Information)));
    }

    [Fact]
    public async Task What_comes_from_outside_can_forge_nothing()
    {
        await AskAsync("nobody> verdict=deliverable \"x\"\u001b[2J\r\n@example.com");
        await AskAsync("a", "other\nfake");

        Assert.Contains("recipient=<nobody\\x3e verdict=deliverable \\x22x\\x22\\x1b[2J\\x0d\\x0a@example.com> verdict=undeliverable", Log.Lines.First().Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Log.Lines.Last().Text);
    }

    [Fact]
    public async Task A_defect_closes_the_connection_without_a_reply_and_is_logged()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(Request("slow@example.com"));
        Verifier.Fail("slow@example.com");

        await AssertClosedAsync(served);
        Assert.Equal("", connection.ReadAvailable());
        Assert.Equal("internal error", connection.AbortReason?.Message);
        Assert.Equal((LogLevel.Error, EventIds.ConnectionDefect), Assert.Single(Log.Lines.Select(l => (l.Level, l.Id))));
    }
}

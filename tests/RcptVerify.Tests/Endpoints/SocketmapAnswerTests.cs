using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Endpoints.SocketmapSample;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Requests in, replies out.</summary>
public sealed class SocketmapAnswerTests : RequestAnswerTests<SocketmapConnectionHandler>
{
    private SocketmapDoorSettings Settings { get; } = new();

    private protected override RequestWords Words => SocketmapSample.Words;

    [Theory]
    [InlineData("anna@example.com", "19:OK anna@example.com,")]
    [InlineData("nobody@example.com", NotFound)]
    [InlineData("trouble@example.com", Temp)]
    [InlineData("jürgen@bücher.example", "26:OK jürgen@bücher.example,")]
    [InlineData("\"two words\"@example.com", "26:OK \"two words\"@example.com,")]
    public async Task A_verdict_becomes_a_reply(string key, string reply) => Assert.Equal(reply, await AskAsync(key));

    [Theory]
    [InlineData(NoRouteAnswer.Temp, false, "41:TEMP 4.3.0 no route for elsewhere.example,")]
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
    [InlineData("anna@elsewhere.EXAMPLE.", "41:TEMP 4.3.0 no route for elsewhere.example,")]
    [InlineData("anna@elsewhere..example", "36:TEMP 4.3.0 no route for this address,")]
    [InlineData("anna\u0001@elsewhere.example", "36:TEMP 4.3.0 no route for this address,")]
    public async Task The_domain_is_said_as_far_as_it_can_be_read(string key, string reply) => Assert.Equal(reply, await AskAsync(key));

    [Fact]
    public async Task A_domain_without_a_route_is_warned_of_once_an_hour()
    {
        for (int i = 0; i < 100; i++)
            await AskAsync($"user{i}@elsewhere.example");
        await AskAsync("anna@also.elsewhere.example");
        Settings.NoRoute = NoRouteAnswer.Notfound;
        Time.Advance(UnroutedDomains.Interval);
        await AskAsync("anna@elsewhere.EXAMPLE");

        Assert.Equal(
            [
                "socketmap: no route for the domain elsewhere.example, whose mail no_route = \"temp\" defers; give it a [[route]], or take it out of relay_domains. Said once an hour",
                "socketmap: no route for the domain also.elsewhere.example, whose mail no_route = \"temp\" defers; give it a [[route]], or take it out of relay_domains. Said once an hour",
                "socketmap: no route for the domain elsewhere.example, whose mail no_route = \"notfound\" refuses; give it a [[route]], or take it out of relay_domains. Said once an hour",
            ],
            LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task Many_domains_without_a_route_are_counted_and_those_that_are_to_go_on_are_no_event()
    {
        for (int i = 0; i < 50; i++)
            await AskAsync($"anna@d{i}.elsewhere.example");
        Assert.Equal(10, LinesAt(LogLevel.Warning).Count);
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskAsync("anna@late.elsewhere.example");
        Assert.Equal("40 more lines of this kind were left out: domains without a route", LinesAt(LogLevel.Warning)[^1]);

        Settings.NoRoute = NoRouteAnswer.Ok;
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskAsync("anna@accepted.elsewhere.example");
        Assert.Equal(12, LinesAt(LogLevel.Warning).Count);
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
    public async Task A_key_that_no_reply_can_carry_is_accepted_without_being_repeated()
    {
        SocketmapAnswerTests dry = With(new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true));
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
        Assert.Equal((level, EventIds.Decision, $"map=recipients recipient=<{recipient}> {middle} delay=0.00"), Assert.Single(Log.Lines, line => line.Id == EventIds.Decision));
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

    private async Task<string> AskAsync(string key, string map = "recipients")
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Request(key, map));
        return connection.ReadAvailable();
    }

    private protected override SocketmapConnectionHandler Create() => new(Verifier, Settings, Time, Log);

    private protected override SocketmapAnswerTests With(ReplySettings reply) => new() { Verifier = new() { Route = FakeVerifier.NewRoute(reply) } };
}

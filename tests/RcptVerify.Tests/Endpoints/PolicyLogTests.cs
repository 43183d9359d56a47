using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>One line a decision.</summary>
public sealed class PolicyLogTests : PolicyDoorTest
{
    private const string Begin = "instance=4d2.61f1f0a4.8f3c1.0 sender=<sender@example.net>";
    private const string End = "client=192.0.2.10";

    [Theory]
    [InlineData("anna@example.com", LogLevel.Debug, "verdict=deliverable from=cache stage=rcpt server=ex1:25 reply=\"250 2.1.5 Recipient OK\"")]
    [InlineData("nobody@example.com", LogLevel.Information, "verdict=undeliverable from=cache stage=rcpt server=ex1:25 reply=\"550 5.1.1 User unknown\"")]
    [InlineData("trouble@example.com", LogLevel.Information, "verdict=unknown from=cache reply=\"no answer yet, the probe goes on\"")]
    [InlineData("anna@elsewhere.example", LogLevel.Debug, "verdict=no_route from=address")]
    public async Task A_cached_decision_is_one_line(string recipient, LogLevel level, string middle)
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request(recipient));

        Assert.Equal((level, EventIds.Decision, $"{Begin} recipient=<{recipient}> {middle} delay=0.00 {End}"), Assert.Single(Log.Lines));
    }

    [Theory]
    [InlineData(VerdictSource.Probe, LogLevel.Information, "probe")]
    [InlineData(VerdictSource.Stale, LogLevel.Information, "stale")]
    [InlineData(VerdictSource.Cache, LogLevel.Debug, "cache")]
    public async Task A_decision_that_took_time_tells_how_long(VerdictSource source, LogLevel level, string from)
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("slow@example.com"));
        Time.Advance(TimeSpan.FromMilliseconds(5128));
        Verifier.Release("slow@example.com", source);

        Assert.Equal(
            (level, EventIds.Decision, $"{Begin} recipient=<slow@example.com> verdict=deliverable from={from} stage=rcpt server=ex1:25 reply=\"250 2.1.5 Recipient OK\" delay=5.13 {End}"),
            Assert.Single(Log.Lines));
    }

    [Fact]
    public async Task A_verdict_of_a_server_that_does_not_tell_is_marked()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("marked@example.com"));

        Assert.Equal(
            $"{Begin} recipient=<marked@example.com> verdict=deliverable from=cache mark=accept_all stage=rcpt server=ex1:25 reply=\"250 2.1.5 Recipient OK\" delay=0.00 {End}",
            Assert.Single(Log.Lines).Text);
    }

    [Fact]
    public async Task What_comes_from_outside_can_forge_nothing()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request(
            "nobody> verdict=deliverable \"x\"\u001b[2J\r@example.com", sender: "\u202Eevil\t<>", instance: "1 verdict=deliverable"));

        Assert.Equal(
            "instance=1\\x20verdict=deliverable sender=<\\xe2\\x80\\xaeevil\\x09\\x3c\\x3e> "
            + "recipient=<nobody\\x3e verdict=deliverable \\x22x\\x22\\x1b[2J\\x0d@example.com> verdict=undeliverable from=cache stage=rcpt server=ex1:25 "
            + $"reply=\"550 5.1.1 User unknown\" delay=0.00 {End}",
            Assert.Single(Log.Lines).Text);
    }

    [Fact]
    public async Task States_other_than_RCPT_are_told_at_debug_only()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("", "MAIL"));

        Assert.Equal(LogLevel.Debug, Assert.Single(Log.Lines).Level);
    }
}

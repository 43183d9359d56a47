using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>How transactions, sessions and connections end: well, by nonsense, by taking too long.</summary>
public sealed class MilterConnectionEndTests : MilterDoorTest
{
    /// <summary>Commands that have no place where they come: at the start, after the negotiation, before MAIL, after it.</summary>
    public static TheoryData<string, string> Misplaced { get; } = new()
    {
        { "", "C" }, { "", "M" }, { "", "R" }, { "", "A" }, { "", "D" }, { "", "K" },
        { "O", "O" }, { "O", "M" }, { "O", "R" }, { "O", "H" }, { "O", "E" },
        { "OC", "C" }, { "OC", "R" }, { "OC", "T" }, { "OC", "E" },
        { "OCM", "M" }, { "OCM", "C" }, { "OCM", "H" }, { "OCMT", "R" }, { "OCMRE", "R" }, { "OCMA", "R" }, { "OCMK", "M" },
    };

    [Theory]
    [MemberData(nameof(Misplaced))]
    public async Task A_command_that_has_no_place_where_it_comes_ends_the_connection_with_one_line(string before, string command)
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(MilterBytes.Join(before.Select(Sample)));
        AssertOpen(served);
        _ = connection.ReadAvailable();

        await connection.SendAsync(MilterBytes.Join(Sample(command[0]), Rcpt("nobody@example.com")));

        await AssertClosedAsync(served);
        Assert.Equal("", connection.ReadAvailable());
        Assert.Equal(FaultText.Malformed("MilterUnexpectedCommand"), Assert.Single(LinesAt(LogLevel.Warning)));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "MilterEmptyFrame")]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff }, "MilterFrameTooLong")]
    [InlineData(new byte[] { (byte)'G', (byte)'E', (byte)'T', (byte)' ' }, "MilterFrameTooLong")]
    [InlineData(new byte[] { 0, 0, 0, 1, (byte)'z' }, "MilterUnknownCommand")]
    [InlineData(new byte[] { 0, 0, 0, 2, (byte)'R', (byte)'x' }, "MilterBadArguments")]
    [InlineData(new byte[] { 0, 0, 0, 1, (byte)'D' }, "MilterBadArguments")]
    public async Task Nonsense_is_logged_once_and_what_came_before_it_is_answered(byte[] bytes, string error)
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(Rcpt("nobody@example.com"), bytes, Rcpt("anna@example.com")));

        await AssertClosedAsync(served);
        Assert.Equal(Refusal("nobody@example.com"), connection.ReadAvailable());
        (LogLevel level, int id, string text) = Assert.Single(Log.Lines, l => l.Id != EventIds.Decision);
        Assert.Equal((LogLevel.Warning, EventIds.MalformedRequest), (level, id));
        Assert.Equal(FaultText.Malformed(error), text);
    }

    [Fact]
    public async Task An_offer_of_version_1_is_refused()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(MilterBytes.Offer(1, 0, 0));
        await AssertClosedAsync(served);
        Assert.Contains("MilterVersion", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abort_ends_the_transaction_only_and_may_come_again()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(
            Rcpt("anna@example.com"), MilterBytes.Frame('A'), MilterBytes.Frame('A'), Mail("other@example.net"), Rcpt("nobody@example.com")));

        Assert.Equal(Go + Refusal("nobody@example.com"), connection.ReadAvailable());
        Assert.Contains(" sender=<other@example.net> ", LinesAt(LogLevel.Information)[^1], StringComparison.Ordinal);
        AssertOpen(served);
    }

    [Fact]
    public async Task Quit_without_close_keeps_the_connection_for_another_client()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(
            MilterBytes.Frame('K'), MilterBytes.Connect("198.51.100.7"), Mail(), Rcpt("nobody@example.com")));

        Assert.Equal(Refusal("nobody@example.com"), connection.ReadAvailable());
        Assert.Equal("198.51.100.7", Verifier.Last.Client);
        AssertOpen(served);
    }

    [Fact]
    public async Task Quit_closes_without_a_word()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Frame('Q'));

        await AssertClosedAsync(served);
        Assert.Equal("", connection.ReadAvailable());
        Assert.Empty(Log.Lines);
    }

    [Fact]
    public async Task A_peer_that_leaves_between_commands_is_no_fault_and_within_one_it_is()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.EndInputAsync();
        await AssertClosedAsync(served);
        Assert.Empty(Log.Lines);

        (connection, served) = await InTransactionAsync();
        await connection.SendAsync(Rcpt("anna@example.com").AsMemory()[..^1]);
        await connection.EndInputAsync();
        await AssertClosedAsync(served);
        Assert.Contains("Truncated", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_that_does_not_end_in_time_ends_the_connection()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(Rcpt("anna@example.com").AsMemory()[..^1]);
        connection.Beat(100);
        AssertOpen(served);
        connection.Beat();
        await AssertClosedAsync(served);
        Assert.Contains("did not finish its request in time", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_hour_of_content_does_not_end_the_connection()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(Rcpt("anna@example.com"));
        connection.Beat(3600);
        await connection.SendAsync(MilterBytes.Frame('E'));
        Assert.Equal(Go + Go, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_a_place_left_can_be_taken()
    {
        MilterConnectionEndTests small = new() { Settings = new MilterDoorSettings { MaxConnections = 2 } };
        (InMemoryConnection first, Task firstServed) = small.Connect();
        (_, Task secondServed) = small.Connect();
        (_, Task thirdServed) = small.Connect();
        await AssertClosedAsync(thirdServed);
        Assert.Equal("no place for another connection, from 127.0.0.1:4711: 2 are open; closing it", Assert.Single(small.LinesAt(LogLevel.Error)));

        await first.EndInputAsync();
        await AssertClosedAsync(firstServed);
        AssertOpen(small.Connect().Served);
        AssertOpen(secondServed);
    }

    private static byte[] Sample(char command) => command switch
    {
        'O' => MilterBytes.PostfixOffer,
        'C' => MilterBytes.Connect(),
        'M' => Mail(),
        'R' => Rcpt("anna@example.com"),
        'D' => MilterBytes.Macros('M', "i", "x"),
        'H' => MilterBytes.Frame('H', "client.test\0"),
        _ => MilterBytes.Frame(command),
    };
}

using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>What of {rcpt_host} the verifier is told: what Postfix said for this recipient, where it may choose.</summary>
public sealed class MilterNextHopTests : MilterDoorTest
{
    private const string Hop = "[10.0.0.5]:2525";

    public MilterNextHopTests() => Settings.Rules = new() { RouteFromRcptHost = true };

    [Fact]
    public async Task It_is_told_for_the_recipient_it_came_with_and_for_no_other()
    {
        await AskAsync(
            Macros("{rcpt_addr}", "anna@one.example", "{rcpt_host}", Hop, "{rcpt_mailer}", "relay"), Rcpt("anna@one.example"),
            Rcpt("anna@two.example"),
            Macros("rcpt_host", "[ex.corp.example]"), Rcpt("anna@three.example"),
            Macros("{rcpt_host}", Hop), Macros("i", "4F2"), Rcpt("anna@four.example"),
            Macros("{rcpt_host}", Hop), MilterBytes.Frame('A'), Mail(), Rcpt("anna@five.example"));

        Assert.Equal([Hop, "", "[ex.corp.example]", "", ""], Verifier.NextHops);
    }

    [Fact]
    public async Task It_is_not_told_where_it_may_not_choose()
    {
        Settings.Rules = new();
        await AskAsync(Macros("{rcpt_host}", Hop), Rcpt("anna@one.example"));
        Assert.Equal([""], Verifier.NextHops);
    }

    [Fact]
    public async Task Macros_of_another_command_do_not_count()
    {
        await AskAsync(MilterBytes.Macros('M', "{rcpt_host}", Hop), Rcpt("anna@one.example"));
        Assert.Equal([""], Verifier.NextHops);
    }

    [Theory]
    [InlineData("relay", Hop)]
    [InlineData("smtp", Hop)]
    [InlineData("smtp-exchange", Hop)]
    [InlineData("error", "")]
    [InlineData("retry", "")]
    [InlineData("discard", "")]
    [InlineData("local", "")]
    [InlineData("virtual", "")]
    [InlineData("lmtp", "")]
    public async Task A_transport_that_is_not_SMTP_has_no_server_to_ask(string mailer, string told)
    {
        await AskAsync(Macros("{rcpt_host}", Hop, "{rcpt_mailer}", mailer), Rcpt("anna@one.example"));
        Assert.Equal([told], Verifier.NextHops);
    }

    [Theory]
    [InlineData("anna@ONE.example", Hop)]
    [InlineData("other@one.example", Hop)] // only the domain chooses the next hop
    [InlineData("anna@inner.example", "")] // anna%inner.example@one.example, resolved
    public async Task The_next_hop_of_another_domain_is_not_the_recipients(string resolved, string told)
    {
        await AskAsync(Macros("{rcpt_addr}", resolved, "{rcpt_host}", Hop), Rcpt("anna@one.example"));
        Assert.Equal([told], Verifier.NextHops);
    }

    [Fact]
    public async Task Hostile_values_are_none_and_the_connection_goes_on()
    {
        string[] values = [new('a', 30_000), "[10.0.0.5%]", "[10.0.0.5]\r\n", "%s%n", "\u001b[2J", "[" + new string('1', 300) + "]"];
        foreach (string value in values)
            await AskAsync(Macros("{rcpt_host}", value, "{rcpt_addr}", value + "@one.example", "{rcpt_mailer}", value), Rcpt("anna@one.example"));

        // What is longer than any host never leaves the door; the rest is the verifier's to judge.
        Assert.Equal(["", "[10.0.0.5%]", "[10.0.0.5]\r\n", "%s%n", "\u001b[2J", ""], Verifier.NextHops);
        Assert.Empty(LinesAt(Microsoft.Extensions.Logging.LogLevel.Warning));
    }

    [Fact]
    public async Task At_DATA_the_next_hop_is_kept_with_its_recipient()
    {
        Settings.Rules = new() { RouteFromRcptHost = true, AtData = true };
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(
            Macros("{rcpt_host}", Hop), Rcpt("trouble@one.example"), Macros("{rcpt_host}", "[10.0.0.6]"), Rcpt("trouble@two.example")));
        await connection.SendAsync(MilterBytes.Frame('T'));

        Assert.Equal([Hop, "[10.0.0.6]", Hop, "[10.0.0.6]"], Verifier.NextHops); // at RCPT, and once more at DATA
        AssertOpen(served);
    }

    private static byte[] Macros(params string[] fields) => MilterBytes.Macros('R', fields);

    /// <summary>The recipient's command without any macro of its own.</summary>
    private static new byte[] Rcpt(string recipient) => MilterBytes.Frame('R', $"<{recipient}>\0");

    private async Task AskAsync(params byte[][] frames)
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(frames));
        AssertOpen(served);
    }
}

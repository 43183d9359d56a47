using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class HostileServersTests : SimulatorTest
{
    [Theory]
    [InlineData("hostile-close-greeting", "")]
    [InlineData("hostile-close-ehlo", "EHLO")]
    [InlineData("hostile-close-mail", "MAIL")]
    [InlineData("hostile-close-rcpt", "RCPT")]
    [InlineData("hostile-close-data", "DATA")]
    [InlineData("hostile-close-rset", "RSET")]
    public async Task The_connection_closes_in_place_of_the_reply_to_that_command_and_no_other(string behaviour, string closing)
    {
        string[] dialogue = ["", "EHLO mx", "MAIL FROM:<>", $"RCPT TO:<{Known}>", closing == "RSET" ? "RSET" : "DATA"];
        await using ExchangeSimulator simulator = await StartAsync(behaviour);
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        foreach (string command in dialogue)
        {
            if (command.Length > 0)
                await client.SendAsync(command + "\r\n");
            if (command.Split(' ')[0] == closing)
                break;
            Assert.Matches("^[23]", await client.ReplyAsync());
        }

        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task A_line_without_end_goes_on_past_any_cap_and_stops_when_the_client_leaves()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-endless-line");
        RawSmtpClient client = await AtRcptAsync(simulator);

        Assert.Equal("250 2.1.5", await OctetsAsync(client, 9));
        Assert.DoesNotContain('\n', await OctetsAsync(client, 1_000_000));

        await client.DisposeAsync();
        await UntilAsync(() => simulator.Counters.OpenConnections == 0);
    }

    [Fact]
    public async Task A_reply_of_endless_lines_never_gets_to_its_last_one()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-endless-reply");
        await using RawSmtpClient client = await AtRcptAsync(simulator);

        for (int line = 0; line < 10_000; line++)
            Assert.StartsWith("250-", await client.LineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hostile-slow", "250 2.1.5 ")]
    [InlineData("hostile-slow-greeting", "220 ex.exa")]
    public async Task A_slow_server_gives_one_octet_a_second(string behaviour, string beginning)
    {
        NoticedClock clock = new();
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions { Behaviour = behaviour, TimeProvider = clock });
        await using RawSmtpClient client = behaviour == "hostile-slow"
            ? await AtRcptAsync(simulator)
            : await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        foreach (char octet in beginning)
        {
            Assert.Equal(octet, await client.OctetAsync());
            Assert.Equal(TimeSpan.FromSeconds(1), await clock.TimerAsync());
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Wrong_codes_come_one_after_the_other_over_all_connections()
    {
        HashSet<string> seen = [];
        await using ExchangeSimulator simulator = await StartAsync("hostile-wrong-codes");
        for (int i = 0; i < 10; i++)
        {
            await using RawSmtpClient client = await AtRcptAsync(simulator);
            seen.Add(await client.ReplyAsync());
        }

        Assert.Equal(10, seen.Count);
        Assert.DoesNotContain(seen, reply => System.Text.RegularExpressions.Regex.IsMatch(reply, "^(250|550) [^\n]*$"));
    }

    [Fact]
    public async Task Binary_noise_comes_inside_a_refusal()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-binary");
        await using RawSmtpClient client = await AtRcptAsync(simulator);

        Assert.Equal("550 5.1.1 \0\u0001\u001b[2J\u00ff\u00fe\u0080 User unknown", await client.ReplyAsync());
    }

    [Fact]
    public async Task An_early_reply_comes_before_its_command()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-early-reply");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        Assert.Equal("250 2.1.0 Sender OK", await client.AskAsync("MAIL FROM:<>"));
        Assert.Equal("250 2.1.5 Recipient OK", await client.ReplyAsync());
        Assert.Equal(0, simulator.Counters.Rcpt);
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync($"RCPT TO:<{Unknown}>"));
    }

    [Fact]
    public async Task Early_replies_to_a_whole_dialogue_come_with_the_greeting()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-early-reply-greeting");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        foreach (string code in new[] { "220", "250", "250", "250", "250" })
            Assert.StartsWith(code + ' ', await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(0, simulator.Counters.Commands);
    }

    /// <summary>Connected, greeted, and just having sent RCPT for an unknown user.</summary>
    private static async Task<RawSmtpClient> AtRcptAsync(ExchangeSimulator simulator)
    {
        RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");
        await client.SendAsync($"RCPT TO:<{Unknown}>\r\n");
        return client;
    }

    private static async Task<string> OctetsAsync(RawSmtpClient client, int count)
    {
        char[] octets = new char[count];
        for (int i = 0; i < count; i++)
            octets[i] = (char)await client.OctetAsync();
        return new string(octets);
    }
}

using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class TroubledServersTests : SimulatorTest
{
    [Fact]
    public async Task Tempfail_defers_known_and_unknown_alike()
    {
        await using ExchangeSimulator simulator = await StartAsync("tempfail");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.AskAsync("MAIL FROM:<>");
        Assert.StartsWith("451 4.7.0 ", await client.AskAsync($"RCPT TO:<{Known}>"), StringComparison.Ordinal);
        Assert.StartsWith("451 4.7.0 ", await client.AskAsync($"RCPT TO:<{Unknown}>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Back_pressure_defers_at_mail_and_leaves_no_transaction()
    {
        await using ExchangeSimulator simulator = await StartAsync("back-pressure");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        Assert.Equal("452 4.3.1 Insufficient system resources", await client.AskAsync("MAIL FROM:<>"));
        Assert.Equal("503 5.5.2 Need mail command", await client.AskAsync($"RCPT TO:<{Known}>"));
    }

    [Fact]
    public async Task Greylisting_defers_each_address_once_and_then_tells_the_truth()
    {
        await using ExchangeSimulator simulator = await StartAsync("greylist");
        await using RawSmtpClient first = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await using RawSmtpClient second = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await first.AskAsync("MAIL FROM:<>");
        await second.AskAsync("MAIL FROM:<>");

        Assert.StartsWith("451 4.7.1 ", await first.AskAsync($"RCPT TO:<{Known}>"), StringComparison.Ordinal);
        Assert.StartsWith("451 4.7.1 ", await first.AskAsync($"RCPT TO:<{Unknown}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5 ", await second.AskAsync("RCPT TO:<ALICE@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1 ", await second.AskAsync($"RCPT TO:<{Unknown}>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_server_turns_away_the_connection_past_the_limit_until_one_is_free()
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "throttled", MaxConnectionsPerSource = 2 });
        RawSmtpClient first = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await using RawSmtpClient second = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await using RawSmtpClient third = await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        Assert.Equal(
            "421 4.3.2 The maximum number of concurrent connections has exceeded a per-source limit, closing transmission channel",
            await third.ReplyAsync());
        Assert.True(await third.IsClosedAsync());

        await first.DisposeAsync();
        await UntilAsync(() => simulator.Counters.OpenConnections == 1);
        await using RawSmtpClient fourth = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        Assert.Equal(4, simulator.Counters.Connections);
    }

    [Fact]
    public async Task The_fifth_protocol_error_ends_the_connection()
    {
        await using ExchangeSimulator simulator = await StartAsync("protocol-errors");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");

        for (int error = 1; error <= 4; error++)
            Assert.StartsWith("550 5.1.1 ", await client.AskAsync($"RCPT TO:<{Unknown}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.AskAsync("RSET"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0 ", await client.AskAsync($"RCPT TO:<{Unknown}>"), StringComparison.Ordinal);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task A_tarpit_holds_a_refusal_back_for_5_s_and_lets_what_came_before_it_through()
    {
        NoticedClock clock = new();
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions { Behaviour = "tarpit", TimeProvider = clock });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.SendAsync($"MAIL FROM:<>\r\nRCPT TO:<{Known}>\r\nRCPT TO:<{Unknown}>\r\nRSET\r\n");
        Assert.StartsWith("250 2.1.0 ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5 ", await client.ReplyAsync(), StringComparison.Ordinal);

        Task<string> refusal = client.ReplyAsync();
        Assert.Equal(TimeSpan.FromSeconds(5), await clock.TimerAsync());
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(refusal.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.StartsWith("550 5.1.1 ", await refusal, StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 ", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_behaviour_gets_a_tarpit_by_option()
    {
        NoticedClock clock = new();
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions
        {
            Behaviour = "exchange2013-frontend-data",
            TimeProvider = clock,
            TarpitInterval = TimeSpan.FromSeconds(7),
        });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");
        await client.AskAsync($"RCPT TO:<{Unknown}>");

        Task<string> refusal = client.AskAsync("DATA");
        Assert.Equal(TimeSpan.FromSeconds(7), await clock.TimerAsync());
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.StartsWith("550 5.1.1 ", await refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tarpit_does_not_hold_up_the_end_of_the_simulator()
    {
        NoticedClock clock = new();
        ExchangeSimulator simulator = await StartAsync(new SimulationOptions { Behaviour = "tarpit", TimeProvider = clock });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");
        await client.SendAsync($"RCPT TO:<{Unknown}>\r\n");
        await clock.TimerAsync();

        await simulator.DisposeAsync();

        Assert.True(await client.IsClosedAsync());
        await UntilAsync(() => simulator.Counters.OpenConnections == 0);
    }
}

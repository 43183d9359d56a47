using System.Net;
using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class ExchangeSimulatorTests : SimulatorTest
{
    [Fact]
    public void The_catalogue_has_every_behaviour_with_a_summary()
    {
        string[] names =
        [
            "exchange2007", "exchange2010", "exchange2010-novalidation", "exchange2013-frontend", "exchange2013-frontend-data",
            "exchange2013-bdat", "exchange2013-2525", "exchange2016", "exchange2019", "exchange-online", "edge", "accept-all",
            "tempfail", "tarpit", "throttled", "protocol-errors", "back-pressure", "greylist",
            "hostile-endless-line", "hostile-endless-reply", "hostile-slow", "hostile-slow-greeting", "hostile-wrong-codes", "hostile-binary",
            "hostile-close-greeting", "hostile-close-ehlo", "hostile-close-mail", "hostile-close-rcpt", "hostile-close-rset",
            "hostile-close-data", "hostile-early-reply", "hostile-early-reply-greeting", "hostile-starttls-injection", "hostile-starttls-broken",
        ];

        Assert.Equal(names, SimulationBehaviours.All.Select(b => b.Name));
        Assert.All(SimulationBehaviours.All, b => Assert.NotEmpty(b.Summary));
        Assert.True(SimulationBehaviours.TryGet("Exchange2010", out SimulationBehaviour? behaviour));
        Assert.Equal("exchange2010", behaviour.Name);
        Assert.False(SimulationBehaviours.TryGet("exchange2011", out _));
    }

    [Fact]
    public async Task Counters_are_exact()
    {
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions { Behaviour = "exchange2010", RecordRecipients = true });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
            await client.AskAsync("MAIL FROM:<probe@example.net>");
            await client.AskAsync($"RCPT TO:<{Unknown}>");
            await client.AskAsync("RCPT TO:<Alice@Example.com>");
            await client.AskAsync("DATA");
            await client.AskAsync("Subject: hello\r\n there\r\nX-Empty:\r\n\r\nText: no header\r\n.");
            await client.AskAsync("MAIL FROM:<>");
            await client.AskAsync($"RCPT TO:<{Known}>");
            await client.AskAsync("BDAT 0 LAST");
            await client.AskAsync("RSET");
            await client.AskAsync("NONSENSE");
            await client.AskAsync("QUIT");
        }));
        await UntilAsync(() => simulator.Counters.OpenConnections == 0);

        SimulationCounters counters = simulator.Counters;
        Assert.Equal(8, counters.Connections);
        Assert.InRange(counters.MaxOpenConnections, 1, 8);
        Assert.Equal(
            (8L, 16L, 24L, 8L, 8L, 8L, 8L, 8L),
            (counters.Ehlo, counters.Mail, counters.Rcpt, counters.Data, counters.Bdat, counters.Rset, counters.Quit, counters.Unrecognized));
        Assert.Equal(88, counters.Commands);
        Assert.Equal(2, counters.RcptsByAddress.Count);
        Assert.Equal(8, counters.RcptsByAddress[Unknown]);
        Assert.Equal(16, counters.RcptsByAddress[Known]);
        Assert.Equal(16, counters.Messages);
        DeliveredMessage message = counters.DeliveredMessages.First(m => m.Sender.Length > 0);
        Assert.Equal("probe@example.net", message.Sender);
        Assert.Equal(["Alice@Example.com"], message.Recipients);
        Assert.Equal([new("Subject", "hello there"), new("X-Empty", "")], message.Headers);
    }

    [Fact]
    public async Task The_most_connections_at_once_are_remembered()
    {
        await using ExchangeSimulator simulator = await StartAsync("accept-all");
        for (int i = 0; i < 2; i++)
        {
            await using RawSmtpClient first = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
            await using RawSmtpClient second = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
            Assert.Equal(2, simulator.Counters.OpenConnections);
            await first.DisposeAsync();
            await second.DisposeAsync();
            await UntilAsync(() => simulator.Counters.OpenConnections == 0);
        }

        Assert.Equal(2, simulator.Counters.MaxOpenConnections);
        Assert.Equal(4, simulator.Counters.Connections);
    }

    [Theory]
    [InlineData("X-RcptVerify-Probe: s3cret", 0, 1)]
    [InlineData("x-rcptverify-probe:s3cret", 0, 1)]
    [InlineData("X-RcptVerify-Probe: other", 1, 0)]
    [InlineData("Subject: s3cret", 1, 0)]
    public async Task A_message_with_the_secret_is_deleted_in_place_of_delivery(string header, int delivered, int deleted)
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "exchange2013-frontend", EodSecret = "s3cret" });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.AskAsync("MAIL FROM:<>");
        await client.AskAsync($"RCPT TO:<{Known}>");
        await client.AskAsync("DATA");
        Assert.StartsWith("250 2.6.0", await client.AskAsync($"{header}\r\n\r\n."), StringComparison.Ordinal);

        Assert.Equal((delivered, deleted), ((int)simulator.Counters.Messages, (int)simulator.Counters.MessagesDeletedByRule));
        Assert.Equal(delivered, simulator.Counters.DeliveredMessages.Count);
    }

    [Fact]
    public async Task The_secret_does_not_save_an_unknown_user()
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "exchange2013-frontend", EodSecret = "s3cret" });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.AskAsync("MAIL FROM:<>");
        await client.AskAsync($"RCPT TO:<{Unknown}>");
        await client.AskAsync("DATA");
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync("X-RcptVerify-Probe: s3cret\r\n\r\n."));
    }

    [Fact]
    public async Task Behaviour_and_mailboxes_change_under_an_open_connection()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");

        simulator.Known.Add("new@example.com");
        Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync("RCPT TO:<new@example.com>"));
        Assert.True(simulator.Known.Remove("NEW@example.com"));
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync("RCPT TO:<new@example.com>"));
        simulator.SwitchTo("tempfail");
        Assert.StartsWith("451 ", await client.AskAsync("RCPT TO:<new@example.com>"), StringComparison.Ordinal);
        simulator.SwitchTo("throttled");
        Assert.StartsWith("550 ", await client.AskAsync("RCPT TO:<new@example.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_transcript_shows_both_sides_with_nothing_that_moves_a_cursor()
    {
        List<string> lines = [];
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "hostile-binary", Transcript = line => { lock (lines) lines.Add(line); } });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");
        await client.AskAsync("RCPT TO:<a\\\u001b@example.com>");
        await client.AskAsync($"RCPT TO:<{Unknown}>");

        lock (lines)
        {
            Assert.StartsWith("<- 220 ex.example.com", lines[0], StringComparison.Ordinal);
            Assert.Contains("\n<- 250-PIPELINING\n", lines[2], StringComparison.Ordinal);
            Assert.Equal(
                [
                    "-> MAIL FROM:<>", "<- 250 2.1.0 Sender OK",
                    @"-> RCPT TO:<a\\\x1B@example.com>", "<- 501 5.1.3 Invalid address",
                    "-> RCPT TO:<nobody@example.com>", @"<- 550 5.1.1 \x00\x01\x1B[2J\xFF\xFE\x80 User unknown",
                ],
                lines.Skip(3));
        }
    }

    [Fact]
    public async Task Disposing_cuts_open_connections_and_frees_the_port()
    {
        ExchangeSimulator simulator = await StartAsync("exchange2010");
        IPEndPoint endPoint = simulator.EndPoint;
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(endPoint);

        await simulator.DisposeAsync();

        Assert.True(await client.IsClosedAsync());
        await using ExchangeSimulator next = await StartAsync(new SimulationOptions { Behaviour = "exchange2010", Listen = endPoint });
        Assert.Equal(endPoint, next.EndPoint);
    }

    [Fact]
    public async Task A_wrong_name_a_wrong_address_and_a_taken_port_are_told_apart()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync("exchange2011"));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new SimulationOptions { Behaviour = "edge", Known = ["alice"] }));
        await using ExchangeSimulator first = await StartAsync("edge");
        await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(new SimulationOptions { Behaviour = "edge", Listen = first.EndPoint }));
    }
}

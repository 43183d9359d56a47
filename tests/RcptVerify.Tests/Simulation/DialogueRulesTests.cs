using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class DialogueRulesTests : SimulatorTest
{
    /// <summary>Command and the beginning of its reply, in pairs, on one connection to an exchange2010.</summary>
    public static readonly TheoryData<string, string[]> Dialogues = new()
    {
        {
            "commands out of order",
            [
                "MAIL FROM:<>", "503 5.5.2 Send hello first",
                "RCPT TO:<alice@example.com>", "503 5.5.2 Send hello first",
                "DATA", "503 5.5.2 Send hello first",
                "EHLO mx", "250-ex.example.com Hello [127.0.0.1]",
                "RCPT TO:<alice@example.com>", "503 5.5.2 Need mail command",
                "DATA", "503 5.5.2 Need mail command",
                "MAIL FROM:<a@b>", "250 2.1.0",
                "MAIL FROM:<a@b>", "503 5.5.2 Sender already specified",
                "DATA", "503 5.5.2 Need rcpt command",
                "RCPT TO:<nobody@example.com>", "550 5.1.1",
                "DATA", "503 5.5.2 Need rcpt command",
            ]
        },
        {
            "RSET and EHLO forget the transaction",
            [
                "EHLO mx", "250-", "MAIL FROM:<>", "250 2.1.0", "RSET", "250 2.0.0 Resetting", "RCPT TO:<alice@example.com>", "503 5.5.2",
                "MAIL FROM:<>", "250 2.1.0", "EHLO mx", "250-", "RCPT TO:<alice@example.com>", "503 5.5.2",
            ]
        },
        {
            "commands in any case and the ones that do nothing",
            [
                "helo mx", "250 ex.example.com Hello [127.0.0.1]", "noop", "250 2.0.0 OK", "VRFY alice", "252 2.1.5",
                "mail from:<>", "250 2.1.0", "rcpt to:<alice@example.com>", "250 2.1.5", "AUTH LOGIN", "504 5.7.4",
            ]
        },
        {
            "what is no command",
            ["XYZZY", "500 5.3.3 Unrecognized command", "", "500 5.3.3", "EHLO", "501 5.5.4", "DATAX", "500 5.3.3", "RCPT\tTO:<a@b>", "500 5.3.3"]
        },
        {
            "addresses",
            [
                "EHLO mx", "250-",
                "MAIL FROM:alice@example.com", "501 5.1.7", "MAIL FROM <a@b>", "501 5.1.7", "MAIL FROM:<a@b>x", "501 5.1.7",
                "MAIL FROM:<a@b", "501 5.1.7", "MAIL TO:<a@b>", "501 5.1.7",
                "MAIL FROM: <a@b>", "250 2.1.0",
                "RCPT TO:<>", "501 5.1.3", "RCPT TO:<alice>", "501 5.1.3", "RCPT TO:<@example.com>", "501 5.1.3", "RCPT TO:<alice@>", "501 5.1.3",
                "RCPT TO:<ali ce@example.com>", "501 5.1.3", "RCPT TO:<a\u0001@example.com>", "501 5.1.3", "RCPT TO:<a\u00e9@example.com>", "501 5.1.3",
                "RCPT TO:<\"alice\"@example.com>", "250 2.1.5", "RCPT TO:<ALICE@EXAMPLE.COM>", "250 2.1.5", "RCPT TO:<postmaster>", "250 2.1.5",
                "RCPT TO:<\"a>b\\\" c\"@example.com>", "250 2.1.5", "RCPT TO:<\"a>b c\"@example.com>", "550 5.1.1",
                "RCPT TO:<\"alice@example.com>", "501 5.1.3", "RCPT TO:<\"alice\"x@example.com>", "501 5.1.3",
            ]
        },
        {
            "parameters",
            [
                "EHLO mx", "250-", "MAIL FROM:<> SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=x", "250 2.1.0", "RSET", "250",
                "MAIL FROM:<> SIZE=52428801", "552 5.3.4", "MAIL FROM:<> SIZE=-1", "501 5.5.4", "MAIL FROM:<> SIZE=x", "501 5.5.4",
                "MAIL FROM:<> SOLICIT=x", "501 5.5.4", "MAIL FROM:<> size=52428800", "250 2.1.0",
                "RCPT TO:<alice@example.com> NOTIFY=NEVER ORCPT=rfc822;a@b", "250 2.1.5", "RCPT TO:<alice@example.com> RRVS=x", "501 5.5.4",
            ]
        },
        {
            "chunks",
            [
                "BDAT 0", "503 5.5.2 Send hello first", "EHLO mx", "250-", "BDAT 5\r\nabc", "503 5.5.2 Need mail command",
                "MAIL FROM:<>", "250 2.1.0", "BDAT 0 LAST", "503 5.5.2 Need rcpt command",
                "RCPT TO:<alice@example.com>", "250 2.1.5", "BDAT", "501 5.5.4", "BDAT x", "501 5.5.4", "BDAT -1", "501 5.5.4",
                "BDAT 1 FIRST", "501 5.5.4", "BDAT 99999999999999999999", "501 5.5.4",
                "BDAT 3\r\na", "250 2.6.0 CHUNK received OK, 3 octets", "DATA", "503 5.5.2 DATA not allowed",
                "BDAT 0 LAST", "250 2.6.0", "BDAT 0 LAST", "503 5.5.2 Need mail",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Commands_get_the_replies_of_RFC_5321_in_Exchanges_words(string what, string[] dialogue)
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Known = [Known, "a>b\" c@example.com"] });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);
        await client.ReplyAsync();

        for (int i = 0; i < dialogue.Length; i += 2)
        {
            string reply = await client.AskAsync(dialogue[i]);
            Assert.True(reply.StartsWith(dialogue[i + 1], StringComparison.Ordinal), $"{what}: '{dialogue[i]}' got '{reply}'");
        }
    }

    [Fact]
    public async Task Pipelined_commands_are_answered_in_order_and_in_one_piece()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.SendAsync(
            $"MAIL FROM:<>\r\nRCPT TO:<{Unknown}>\r\nRCPT TO:<{Known}>\r\nNOOP\r\nRCPT TO:<{Unknown}>\r\nDATA\r\n" +
            $"Subject: x\r\n\r\nRCPT TO:<{Known}>\r\n.\r\nMAIL FROM:<>\r\nBDAT 4\r\nRSETRSET\r\nQUIT\r\n");

        string[] expected =
            ["250 2.1.0", "550 5.1.1", "250 2.1.5", "250 2.0.0", "550 5.1.1", "354 ", "250 2.6.0", "250 2.1.0", "503 5.5.2 Need rcpt", "250 2.0.0 Res", "221 "];
        foreach (string beginning in expected)
            Assert.StartsWith(beginning, await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.True(await client.IsClosedAsync());
        Assert.Equal(3, simulator.Counters.Rcpt);
    }

    [Fact]
    public async Task A_whole_dialogue_octet_by_octet_gets_the_same_replies()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2013-frontend");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        string dialogue = $"EHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<{Known}>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\n" +
            $"MAIL FROM:<>\r\nRCPT TO:<{Known}>\r\nBDAT 5\r\n\r\n.\r\nBDAT 0 LAST\r\nQUIT\r\n";
        foreach (char octet in dialogue)
            await client.SendAsync(octet.ToString());

        string[] expected = ["220 ", "250-", "250 2.1.0", "250 2.1.5", "354 ", "250 2.6.0", "250 2.1.0", "250 2.1.5", "250 2.6.0 CHUNK", "250 2.6.0", "221 "];
        foreach (string beginning in expected)
            Assert.StartsWith(beginning, await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(["Subject: x\r\n\r\n.dot\r\n".Length, 5L], simulator.Counters.DeliveredMessages.Select(m => m.Octets));
    }

    [Theory]
    [InlineData(12 * 1024, "500 5.3.3")]
    [InlineData((12 * 1024) + 1, "500 5.5.2 Line too long")]
    [InlineData(3_000_000, "500 5.5.2 Line too long")]
    public async Task A_line_over_12_KiB_is_refused_once_and_the_dialogue_goes_on(int octets, string refusal)
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.SendAsync(new string('x', octets - 2) + "\r\nNOOP\r\n");

        Assert.StartsWith(refusal, await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("250 2.0.0 OK", await client.ReplyAsync());
        Assert.Equal(1, simulator.Counters.Unrecognized);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_ends()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.SendAsync(new string('x', 20_000));

        Assert.Equal("500 5.5.2 Line too long", await client.ReplyAsync());
    }

    [Fact]
    public async Task A_bare_LF_ends_no_command()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.SendAsync("NOOP\n");

        Assert.StartsWith("500 5.5.2", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n.\n", "")]
    [InlineData("\n.\r\n", "")]
    [InlineData("\n.\n", "")]
    [InlineData("\r.\r", "")]
    [InlineData("\r\n..\r\n", "\r\n.\r\n")]
    [InlineData("\r\n.\r\r\n", "\r\n\r\r\n")]
    [InlineData("\r\n.x.\r\n", "\r\nx.\r\n")]
    public async Task Only_a_dot_between_two_CRLF_ends_a_message(string text, string unstuffed)
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");
        await client.AskAsync($"RCPT TO:<{Known}>");
        await client.AskAsync("DATA");

        await client.SendAsync("A: b" + text + "NOOP\r\n.\r\n");

        Assert.StartsWith("250 2.6.0", await client.ReplyAsync(), StringComparison.Ordinal);
        long expected = "A: bNOOP\r\n".Length + (unstuffed.Length > 0 ? unstuffed : text == "\r\n.\n" ? "\r\n\n" : text).Length;
        Assert.Equal(expected, Assert.Single(simulator.Counters.DeliveredMessages).Octets);
        Assert.Equal(4, simulator.Counters.Commands);
    }

    [Fact]
    public async Task The_201st_recipient_of_a_message_is_deferred()
    {
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions { Behaviour = "exchange2010", Known = ["user*@example.com"] });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);
        await client.AskAsync("MAIL FROM:<>");

        for (int i = 0; i < 200; i++)
            Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync($"RCPT TO:<user{i}@example.com>"));
        Assert.Equal("452 4.5.3 Too many recipients", await client.AskAsync("RCPT TO:<user200@example.com>"));
    }

    [Fact]
    public async Task A_client_that_half_closes_gets_all_its_replies()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        await client.SendAsync($"HELO mx\r\nMAIL FROM:<>\r\nRCPT TO:<{Unknown}>\r\n");
        client.HalfClose();

        foreach (string code in new[] { "220 ", "250 ", "250 ", "550 " })
            Assert.StartsWith(code, await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.True(await client.IsClosedAsync());
    }
}

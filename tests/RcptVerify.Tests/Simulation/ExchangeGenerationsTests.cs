using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class ExchangeGenerationsTests : SimulatorTest
{
    private const string UserUnknown = "550 5.1.1 User unknown";
    private const string ByAddress = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup";
    private const string Online = "550 5.4.1 [nobody@example.com]: Recipient address rejected: Access denied. AS(201806281) [ex.example.com]";

    /// <summary>Behaviour; the command whose reply refuses an unknown user when the message goes by DATA, by BDAT; the refusal.</summary>
    public static readonly TheoryData<string, string, string, string> Generations = new()
    {
        { "exchange2007", "RCPT", "RCPT", UserUnknown },
        { "exchange2010", "RCPT", "RCPT", UserUnknown },
        { "exchange2010-novalidation", "", "", "" },
        { "exchange2013-frontend", ".", "LAST", UserUnknown },
        { "exchange2013-frontend-data", "DATA", "LAST", UserUnknown },
        { "exchange2013-bdat", ".", "BDAT", UserUnknown },
        { "exchange2013-2525", "RCPT", "RCPT", UserUnknown },
        { "exchange2016", ".", "LAST", UserUnknown },
        { "exchange2019", ".", "LAST", ByAddress },
        { "exchange-online", "RCPT", "RCPT", Online },
        { "edge", "RCPT", "RCPT", UserUnknown },
        { "accept-all", "", "", "" },
        { "tarpit", "RCPT", "RCPT", UserUnknown },
        { "throttled", "RCPT", "RCPT", UserUnknown },
        { "protocol-errors", "RCPT", "RCPT", UserUnknown },
    };

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task An_unknown_user_is_refused_at_this_generations_stage_and_a_known_one_nowhere(
        string behaviour, string byData, string byBdat, string refusal)
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = behaviour, TarpitInterval = TimeSpan.Zero });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        Assert.Equal(("", ""), await FirstRefusalAsync(client, Known, DataStages));
        Assert.Equal(("", ""), await FirstRefusalAsync(client, Known, BdatStages));
        Assert.Equal((byData, refusal), await FirstRefusalAsync(client, Unknown, DataStages));
        Assert.Equal((byBdat, refusal), await FirstRefusalAsync(client, Unknown, BdatStages));

        bool bounces = byData.Length == 0;
        Assert.Equal(bounces ? 4 : 2, simulator.Counters.Messages);
        Assert.Equal(bounces, simulator.Counters.DeliveredMessages.Any(m => m.Recipients.Contains(Unknown)));
    }

    [Theory]
    [InlineData("exchange2013-frontend")]
    [InlineData("exchange2016")]
    public async Task One_unknown_recipient_refuses_the_whole_message_after_the_dot(string behaviour)
    {
        await using ExchangeSimulator simulator = await StartAsync(behaviour);
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.AskAsync("MAIL FROM:<>");
        Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync($"RCPT TO:<{Known}>"));
        Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync($"RCPT TO:<{Unknown}>"));
        await client.AskAsync("DATA");
        Assert.Equal(UserUnknown, await client.AskAsync("Subject: both\r\n\r\nHello\r\n."));

        Assert.Empty(simulator.Counters.DeliveredMessages);
    }

    [Fact]
    public async Task The_front_end_of_2013_holds_the_dialogue_of_the_transcript()
    {
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions
        {
            Behaviour = "exchange2013-frontend",
            HostName = "EX.in.siegnetz.de",
            TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2015, 2, 25, 16, 28, 37, TimeSpan.Zero)),
        });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);

        Assert.Equal(
            "220 EX.in.siegnetz.de Microsoft ESMTP MAIL Service ready at Wed, 25 Feb 2015 16:28:37 +0000", await client.ReplyAsync());
        Assert.Equal(
            string.Join(
                '\n',
                "250-EX.in.siegnetz.de Hello [127.0.0.1]",
                "250-SIZE 52428800",
                "250-PIPELINING",
                "250-DSN",
                "250-ENHANCEDSTATUSCODES",
                "250-AUTH NTLM",
                "250-X-EXPS GSSAPI NTLM",
                "250-8BITMIME",
                "250-BINARYMIME",
                "250-CHUNKING",
                "250 XRDST"),
            await client.AskAsync("EHLO lab"));
        Assert.Equal("250 2.1.0 Sender OK", await client.AskAsync("MAIL FROM:<probe@example.net>"));
        Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync($"RCPT TO:<{Unknown}>"));
        Assert.Equal("354 Start mail input; end with <CRLF>.<CRLF>", await client.AskAsync("DATA"));
        Assert.Equal(UserUnknown, await client.AskAsync($"To: {Unknown}\r\n\r\nThis is a test mailing\r\n\r\n."));
        Assert.Equal("221 2.0.0 Service closing transmission channel", await client.AskAsync("QUIT"));
        Assert.True(await client.IsClosedAsync());
    }

    [Theory]
    [InlineData("exchange2010", false)]
    [InlineData("exchange2013-2525", false)]
    [InlineData("exchange2016", true)]
    [InlineData("exchange2019", true)]
    [InlineData("exchange-online", true)]
    public async Task An_international_address_needs_a_generation_with_SMTPUTF8(string behaviour, bool offered)
    {
        const string international = "j\u00fcrgen@example.com";
        await using ExchangeSimulator simulator = await StartAsync(new SimulationOptions { Behaviour = behaviour, Known = [international] });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);
        await client.ReplyAsync();

        Assert.Equal(offered, (await client.AskAsync("EHLO mx")).Contains("SMTPUTF8", StringComparison.Ordinal));
        Assert.StartsWith(offered ? "250 2.1.0" : "501 5.5.4", await client.AskAsync("MAIL FROM:<> SMTPUTF8"), StringComparison.Ordinal);
        await client.AskAsync("RSET");
        await client.AskAsync(offered ? "MAIL FROM:<> SMTPUTF8" : "MAIL FROM:<>");
        await client.SendAsync(System.Text.Encoding.UTF8.GetBytes($"RCPT TO:<{international}>\r\n"));
        Assert.StartsWith(offered ? "250 2.1.5" : "501 5.1.3", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exchange2010")]
    [InlineData("exchange2013-frontend")]
    public async Task A_recipient_outside_the_accepted_domains_is_refused_as_relaying(string behaviour)
    {
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = behaviour, AcceptedDomains = ["EXAMPLE.com"] });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        await client.AskAsync("MAIL FROM:<>");
        Assert.Equal("550 5.7.1 Unable to relay", await client.AskAsync("RCPT TO:<alice@example.org>"));
        Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync($"RCPT TO:<{Known}>"));
    }

    private static readonly (string Stage, string Octets)[] DataStages =
        [("DATA", "DATA\r\n"), (".", "Subject: probe\r\n\r\n.\r\n")];

    private static readonly (string Stage, string Octets)[] BdatStages =
        [("BDAT", "BDAT 16\r\nSubject: probe\r\n"), ("LAST", "BDAT 2 LAST\r\n\r\n")];

    /// <summary>One transaction for <paramref name="recipient"/>: where it was refused and how; empty texts when it was delivered.</summary>
    private static async Task<(string Stage, string Reply)> FirstRefusalAsync(
        RawSmtpClient client, string recipient, (string Stage, string Octets)[] message)
    {
        await client.AskAsync("RSET");
        Assert.Equal("250 2.1.0 Sender OK", await client.AskAsync("MAIL FROM:<>"));
        foreach ((string stage, string octets) in message.Prepend(("RCPT", $"RCPT TO:<{recipient}>\r\n")))
        {
            await client.SendAsync(octets);
            string reply = await client.ReplyAsync();
            if (reply[0] is not ('2' or '3'))
                return (stage, reply);
        }

        return ("", "");
    }
}

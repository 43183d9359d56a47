using System.Text;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Addresses that SMTP, or this server, cannot be asked about: unknown, and not a byte of them is sent.</summary>
public sealed class AddressTests : ProbingTest
{
    private const string OffersSmtpUtf8 = "250-mail.example.com\r\n250 SMTPUTF8";

    /// <summary>Local part and the reason given.</summary>
    public static TheoryData<string, string> Impossible { get; } = new()
    {
        { "anna\rRSET", "the address has a byte that SMTP cannot carry" },
        { "anna\nRSET", "the address has a byte that SMTP cannot carry" },
        { "anna>\r\nDATA\r\n", "the address has a byte that SMTP cannot carry" },
        { "an\0na", "the address has a byte that SMTP cannot carry" },
        { "an\u007fna", "the address has a byte that SMTP cannot carry" },
        { new string('a', 300), "the address is too long for SMTP" },
        { new string('"', 130), "the address is too long for SMTP" },
        { "jürgen", "the server does not offer SMTPUTF8, which this address needs" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task An_address_that_cannot_be_sent_is_unknown_and_costs_no_command(string localPart, string reason)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.AnswerAsync("anna@example.com", "250 ok"); // nothing in between: not even RSET
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        ProbeOutcome impossible = await ProbeAsync(prober, route, Unchecked(localPart));
        ProbeOutcome next = await ProbeAsync(prober, route, "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Address), (impossible.Status, impossible.Scope));
        Assert.Equal((0, reason), (impossible.Reply.Code, impossible.Reply.Text));
        Assert.Equal(VerdictStatus.Deliverable, next.Status);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task An_address_that_cannot_be_sent_waits_for_nothing()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
            await c.ExpectEndAsync(); // a server that answers nothing any more
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(Settings with { Timeout = Short * 5 }, server.Endpoint);

        for (int i = 0; i < 3; i++)
            Assert.Equal(VerdictStatus.Unknown, (await ProbeAsync(prober, route, Unchecked("a\rb"))).Status);
        ProbeOutcome silent = await ProbeAsync(prober, route, "anna@example.com");

        Assert.Equal((ProbeStage.Mail, "no reply in time"), (silent.Reply.Stage, silent.Reply.Text));
    }

    [Fact]
    public async Task An_internationalised_local_part_is_announced_where_the_server_offers_it()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync(OffersSmtpUtf8);
            await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}> SMTPUTF8");
            await c.ReplyAsync("250 ok");
            await c.ExpectAsync("RCPT TO:<jürgen@example.com>");
            await c.ReplyAsync("250 ok");
            await c.ExpectAsync("RSET");
            await c.ReplyAsync("250 ok");
            await c.AnswerAsync("anna@example.com", "250 ok"); // not announced where it is not needed
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "jürgen@example.com")).Status);
        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "anna@example.com")).Status);
    }

    /// <summary>An address past the checks of the doors.</summary>
    private static RecipientAddress Unchecked(string localPart)
    {
        byte[] address = Encoding.UTF8.GetBytes(localPart + "@example.com");
        return RecipientAddress.Create(address, address, Encoding.UTF8.GetByteCount(localPart));
    }
}

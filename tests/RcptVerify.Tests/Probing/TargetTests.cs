using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>The dialogue at each target, byte by byte.</summary>
public sealed class TargetTests : ProbingTest
{
    private const string Secret = "kQ3v9sT2mXw8";
    private const string User = "user@example.com";

    [Fact]
    public async Task Data_takes_354_for_a_yes_and_drops_the_connection_without_a_dot()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await TakeDataAsync(c);
            await c.ReplyAsync("354 Start mail input");
            await c.ExpectEndAsync();
        });

        ProbeOutcome outcome = await ProbeAsync(ProbeTarget.Data, server);

        Assert.Equal((VerdictStatus.Deliverable, OutcomeScope.Address), (outcome.Status, outcome.Scope));
        Assert.Equal((354, ProbeTarget.Data, ProbeStage.Data), (outcome.Reply.Code, outcome.Reply.Target, outcome.Reply.Stage));
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown", VerdictStatus.Undeliverable, OutcomeScope.Address)]
    [InlineData("552 5.2.2 mailbox full", VerdictStatus.Deliverable, OutcomeScope.Address)]
    [InlineData("554 5.7.1 blocked", VerdictStatus.Unknown, OutcomeScope.Backend)]
    [InlineData("451 4.7.1 later", VerdictStatus.Unknown, OutcomeScope.Address)]
    public async Task A_refusal_of_DATA_is_classified_and_the_session_serves_on(string reply, VerdictStatus status, OutcomeScope scope)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            for (int i = 0; i < 2; i++)
            {
                await TakeDataAsync(c);
                await c.ReplyAsync(reply);
                await c.ExpectAsync("RSET");
                await c.ReplyAsync("250 2.0.0 reset");
            }
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(ProbeTarget.Data, server);

        for (int i = 0; i < 2; i++)
        {
            ProbeOutcome outcome = await ProbeAsync(prober, route, User);
            Assert.Equal((status, scope, ProbeStage.Data), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
        }

        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_250_to_DATA_is_out_of_step_and_no_verdict()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await TakeDataAsync(c);
            await c.ReplyAsync("250 2.0.0 what");
            await c.ExpectEndAsync();
        });

        ProbeOutcome outcome = await ProbeAsync(ProbeTarget.Data, server);

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend), (outcome.Status, outcome.Scope));
    }

    [Theory]
    [InlineData(ProbeTarget.Data)]
    [InlineData(ProbeTarget.Bdat)]
    [InlineData(ProbeTarget.Eod)]
    public async Task A_refusal_at_RCPT_ends_the_probe_there(ProbeTarget target)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync("250-mail.example.com\r\n250 CHUNKING");
            await c.ExpectAsync(target == ProbeTarget.Eod ? "MAIL FROM:<>" : $"MAIL FROM:<{SmtpConversation.Sender}>");
            await c.ReplyAsync("250 ok");
            await c.ExpectAsync($"RCPT TO:<{User}>");
            await c.ReplyAsync("550 5.1.1 User unknown");
            await c.ExpectAsync("RSET");
            await c.ReplyAsync("250 ok");
        });

        ProbeOutcome outcome = await ProbeAsync(target, server);

        Assert.Equal((VerdictStatus.Undeliverable, target, ProbeStage.Rcpt), (outcome.Status, outcome.Reply.Target, outcome.Reply.Stage));
    }

    [Theory]
    [InlineData("250 2.0.0 chunk received", VerdictStatus.Deliverable)]
    [InlineData("550 5.1.1 User unknown", VerdictStatus.Undeliverable)]
    public async Task Bdat_sends_a_chunk_that_is_not_the_last_and_gives_up_the_transaction(string reply, VerdictStatus status)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync("250-mail.example.com\r\n250 CHUNKING");
            await c.TakeRcptAsync(User);
            await c.ReplyAsync("250 2.1.5 ok");
            Assert.Equal("BDAT 32", await c.ReadLineAsync());
            string chunk = (await c.ReadLineAsync())!;
            Assert.Equal(32, chunk.Length + 2);
            await c.ReplyAsync(reply);
            await c.ExpectAsync("RSET");
            await c.ReplyAsync("250 2.0.0 reset");
        });

        ProbeOutcome outcome = await ProbeAsync(ProbeTarget.Bdat, server);

        Assert.Equal((status, ProbeTarget.Bdat, ProbeStage.Bdat), (outcome.Status, outcome.Reply.Target, outcome.Reply.Stage));
    }

    [Fact]
    public async Task Bdat_is_not_tried_where_CHUNKING_is_not_offered()
    {
        ScriptedSmtpServer server = Server(c => c.GreetAsync());

        ProbeOutcome outcome = await ProbeAsync(ProbeTarget.Bdat, server);

        Assert.Equal(VerdictStatus.Unknown, outcome.Status);
        Assert.Contains("CHUNKING", outcome.Reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eod_sends_one_minimal_message_from_the_null_sender()
    {
        List<string> message = [];
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await TakeMessageAsync(c, message);
            await c.ReplyAsync("250 2.6.0 queued");
            await c.ExpectAsync("RSET");
            await c.ReplyAsync("250 2.0.0 reset");
        });

        ProbeOutcome outcome = await ProbeAsync(ProbeTarget.Eod, server);

        Assert.Equal((VerdictStatus.Deliverable, ProbeTarget.Eod, ProbeStage.EndOfData), (outcome.Status, outcome.Reply.Target, outcome.Reply.Stage));
        Assert.Contains($"From: postmaster@{SmtpConversation.Helo}", message);
        Assert.Contains($"To: <{User}>", message);
        Assert.Contains("Auto-Submitted: auto-generated", message);
        Assert.Contains("X-Auto-Response-Suppress: All", message);
        Assert.Contains($"X-RcptVerify-Probe: {Secret}", message);
        Assert.All(["Date: ", "Subject: ", "Message-ID: <"], header => Assert.Single(message, line => line.StartsWith(header, StringComparison.Ordinal)));
        Assert.Equal("", message.First(line => !line.Contains(": ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_whose_reply_is_lost_is_sent_to_nobody_again()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await TakeMessageAsync(c, []);
            await c.ReplyAsync("250 2.6.0 queued");
            await c.ExpectAsync("RSET");
            await c.ReplyAsync("250 2.0.0 reset");
            await TakeMessageAsync(c, []);
            c.Drop();
        });
        ScriptedSmtpServer second = Server();
        SmtpProber prober = Prober();
        Route route = RouteTo(ProbeTarget.Eod, server, second);
        await ProbeAsync(prober, route, User);

        ProbeOutcome outcome = await ProbeAsync(prober, route, User);

        Assert.Equal((VerdictStatus.Unknown, ProbeStage.EndOfData), (outcome.Status, outcome.Reply.Stage));
        Assert.Equal((1, 0), (server.Accepted, second.Accepted));
    }

    [Fact]
    public async Task The_secret_shows_neither_in_the_transcript_nor_in_the_reply()
    {
        SmtpTranscript transcript = new();
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await TakeMessageAsync(c, []);
            await c.ReplyAsync($"550 5.7.1 header X-RcptVerify-Probe: {Secret} not wanted");
        });

        using SmtpSession session = await InTime(SmtpSession.OpenAsync(server.Endpoint, Settings, Settings.Timeout, TimeProvider.System, transcript));
        ProbeOutcome outcome = await InTime(session.ProbeAsync(Job(User, RouteTo(ProbeTarget.Eod, server), ProbeTarget.Eod), Settings.Timeout).AsTask());

        Assert.Contains(" -> X-RcptVerify-Probe: ***", transcript.Lines);
        Assert.DoesNotContain(transcript.Lines, line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("header X-RcptVerify-Probe: *** not wanted", outcome.Reply.Text);
    }

    private static Route RouteTo(ProbeTarget target, params ScriptedSmtpServer[] servers) =>
        new(["example.com"], [.. servers.Select(s => s.Endpoint)], []) { Probe = Settings, Target = target, EodSecret = Secret };

    private Task<ProbeOutcome> ProbeAsync(ProbeTarget target, ScriptedSmtpServer server) => ProbeAsync(Prober(), RouteTo(target, server), User);

    private static async Task TakeDataAsync(SmtpConversation c)
    {
        await c.TakeRcptAsync(User);
        await c.ReplyAsync("250 2.1.5 ok");
        await c.ExpectAsync("DATA");
    }

    private static async Task TakeMessageAsync(SmtpConversation c, List<string> message)
    {
        await c.ExpectAsync("MAIL FROM:<>");
        await c.ReplyAsync("250 2.1.0 ok");
        await c.ExpectAsync($"RCPT TO:<{User}>");
        await c.ReplyAsync("250 2.1.5 ok");
        await c.ExpectAsync("DATA");
        await c.ReplyAsync("354 go on");
        while (await c.ReadLineAsync() is string line && line != ".")
            message.Add(line);
    }
}

using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>What goes over the wire when all is well, byte for byte.</summary>
public sealed class DialogueTests : ProbingTest
{
    [Fact]
    public async Task A_recipient_is_asked_about_in_a_transaction_that_is_given_up()
    {
        ScriptedSmtpServer server = Server(c => c.GreetAndAnswerAsync("anna@example.com", "250 2.1.5 Recipient OK"));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal(
            new ProbeOutcome(
                VerdictStatus.Deliverable,
                OutcomeScope.Address,
                new ProbeReply(250, "2.1.5", "Recipient OK", server.Endpoint.Name, ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com")),
            // How long it waited for a session is the machine's affair.
            outcome with { Waited = TimeSpan.Zero });
    }

    [Fact]
    public async Task A_greeting_and_an_EHLO_reply_may_have_several_lines()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.SendAsync("220-mail.example.com ESMTP\r\n220-no spam please\r\n");
            await c.SendAsync("220 \r\n");
            await c.ExpectAsync($"EHLO {SmtpConversation.Helo}");
            await c.SendAsync("250-mail.example.com hello\r\n250-SIZE 1000\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
            await c.AnswerAsync("anna@example.com", "250-2.1.5 anna\r\n250 2.1.5 is known");
        });

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal(VerdictStatus.Deliverable, outcome.Status);
        Assert.Equal("anna is known", outcome.Reply.Text);
    }

    [Theory]
    [InlineData("502 5.5.2 command not implemented")]
    [InlineData("500 what?")]
    public async Task A_server_that_refuses_EHLO_is_greeted_with_HELO(string refusal)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync(refusal);
            await c.ExpectAsync($"HELO {SmtpConversation.Helo}");
            await c.ReplyAsync("250 mail.example.com");
            await c.AnswerAsync("anna@example.com", "250 ok");
        });

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(Prober(), RouteTo(server), "anna@example.com")).Status);
    }

    [Fact]
    public async Task The_null_sender_is_an_empty_path()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.ExpectAsync("MAIL FROM:<>");
            await c.ReplyAsync("250 ok");
            await c.ExpectAsync("RCPT TO:<anna@example.com>");
            await c.ReplyAsync("250 ok");
            await c.ExpectAsync("RSET");
            await c.ReplyAsync("250 ok");
        });

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(Settings with { Sender = "" }, server.Endpoint), "anna@example.com");

        Assert.Equal(VerdictStatus.Deliverable, outcome.Status);
    }

    [Theory]
    [InlineData("Anna.Muster+tag@Example.COM", "Anna.Muster+tag@example.com")]
    [InlineData("anna muster@example.com", "\"anna muster\"@example.com")]
    [InlineData("a@b@example.com", "\"a@b\"@example.com")]
    [InlineData("a\"b\\c@example.com", "\"a\\\"b\\\\c\"@example.com")]
    [InlineData("a>RSET<b@example.com", "\"a>RSET<b\"@example.com")]
    [InlineData("anna.@example.com", "\"anna.\"@example.com")]
    [InlineData("anna@bücher.example", "anna@xn--bcher-kva.example")]
    public async Task The_local_part_is_quoted_again_and_keeps_its_case(string address, string path)
    {
        ScriptedSmtpServer server = Server(c => c.GreetAndAnswerAsync(path, "250 ok"));

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(Prober(), RouteTo(server), address)).Status);
    }

    [Fact]
    public async Task Many_probes_share_one_connection()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            for (int i = 0; i < 50; i++)
                await c.AnswerAsync($"user{i}@example.com", "250 ok");
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        for (int i = 0; i < 50; i++)
            Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, $"user{i}@example.com")).Status);

        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task The_verdict_does_not_wait_for_the_reply_to_RSET()
    {
        TaskCompletionSource verdictSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.TakeRcptAsync("anna@example.com");
            await c.ReplyAsync("250 ok");
            await c.ExpectAsync("RSET");
            await c.WaitForAsync(verdictSeen.Task);
            await c.ReplyAsync("250 ok");
            await c.AnswerAsync("bert@example.com", "250 ok");
        });
        SmtpProber prober = Prober();

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, RouteTo(server), "anna@example.com")).Status);
        verdictSeen.SetResult();

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, RouteTo(server), "bert@example.com")).Status);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_caller_is_served_before_a_background_refresh()
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.AnswerAfterAsync("first@example.com", busy, go.Task);
            await c.AnswerAsync("caller@example.com", "250 ok");
            await c.AnswerAsync("background@example.com", "250 ok");
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        Task<ProbeOutcome> first = ProbeAsync(prober, route, "first@example.com");
        await InTime(busy.Task);
        Task<ProbeOutcome> background = ProbeAsync(prober, route, Address("background@example.com"), ProbePriority.Background);
        Task<ProbeOutcome> caller = ProbeAsync(prober, route, "caller@example.com");
        go.SetResult();

        Assert.All(await Task.WhenAll(first, background, caller), o => Assert.Equal(VerdictStatus.Deliverable, o.Status));
    }

    [Fact]
    public async Task The_transcript_reads_like_that_of_swaks()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync("250-mail.example.com\r\n250 SIZE 1000");
            await c.TakeRcptAsync("nobody@example.com");
            await c.ReplyAsync("550 5.1.1 User\u0007unknown");
        });
        SmtpTranscript transcript = new();

        using (SmtpSession session = await InTime(SmtpSession.OpenAsync(server.Endpoint, Settings, Settings.Timeout, TimeProvider.System, transcript)))
            await InTime(session.ProbeAsync(Job("nobody@example.com", RouteTo(server)), Settings.Timeout).AsTask());

        Assert.Equal(
            [
                $"=== Trying {server.Endpoint.Name}...",
                $"=== Connected to {server.Endpoint.Name}.",
                "<-  220 mail.example.com ESMTP",
                $" -> EHLO {SmtpConversation.Helo}",
                "<-  250-mail.example.com",
                "<-  250 SIZE 1000",
                $" -> MAIL FROM:<{SmtpConversation.Sender}>",
                "<-  250 2.1.0 sender ok",
                " -> RCPT TO:<nobody@example.com>",
                "<** 550 5.1.1 User?unknown",
            ],
            transcript.Lines);
    }
}

using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>What a reply at each command makes of a recipient.</summary>
public sealed class VerdictTests : ProbingTest
{
    /// <summary>Reply to RCPT, status, scope.</summary>
    public static TheoryData<string, VerdictStatus, OutcomeScope> RcptReplies { get; } = new()
    {
        { "250 2.1.5 Recipient OK", VerdictStatus.Deliverable, OutcomeScope.Address },
        { "251 2.1.5 will forward", VerdictStatus.Deliverable, OutcomeScope.Address },
        { "250", VerdictStatus.Deliverable, OutcomeScope.Address },
        { "550 5.1.1 User unknown", VerdictStatus.Undeliverable, OutcomeScope.Address },
        { "550-5.1.1 no\r\n550 5.1.1 such user", VerdictStatus.Undeliverable, OutcomeScope.Address },
        { "552 5.2.2 mailbox full", VerdictStatus.Deliverable, OutcomeScope.Address },
        { "550 5.7.1 Unable to relay", VerdictStatus.Unknown, OutcomeScope.Backend },
        { "550 go away", VerdictStatus.Unknown, OutcomeScope.Backend },
        { "450 4.2.0 greylisted", VerdictStatus.Unknown, OutcomeScope.Address },
        { "452 4.3.1 Insufficient system resources", VerdictStatus.Unknown, OutcomeScope.Address },
        { "421 4.3.2 Service not active", VerdictStatus.Unknown, OutcomeScope.Backend },
        { "354 go ahead", VerdictStatus.Unknown, OutcomeScope.Backend },
    };

    [Fact]
    public async Task A_routes_own_words_for_an_unknown_user_make_a_refusal()
    {
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("554 5.7.1 no mailbox here by that name")));
        Route plain = RouteTo(server);
        Route told = new(["example.com"], [server.Endpoint], []) { Probe = Settings, ReplyRules = [new(ReplyCategory.UserUnknown, "test", Text: "no mailbox here")] };
        SmtpProber prober = Prober();

        Assert.Equal(VerdictStatus.Unknown, (await ProbeAsync(prober, plain, "nobody@example.com")).Status);
        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, told, "nobody@example.com")).Status);
    }

    [Theory]
    [MemberData(nameof(RcptReplies))]
    public async Task The_reply_to_RCPT_decides(string reply, VerdictStatus status, OutcomeScope scope)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.TakeRcptAsync("anna@example.com");
            await c.ReplyAsync(reply);
            if (await c.ReadLineAsync() == "RSET")
                await c.ReplyAsync("250 ok");
        });

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal((status, scope, ProbeStage.Rcpt), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
        Assert.Equal(int.Parse(reply.AsSpan(0, 3), provider: null), outcome.Reply.Code);
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown")]
    [InlineData("450 4.3.2 please try later")]
    [InlineData("421 4.3.2 closing")]
    [InlineData("354 what")]
    public async Task A_refusal_at_MAIL_is_the_backends(string reply)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
            await c.ReplyAsync(reply);
            if (await c.ReadLineAsync() == "RSET")
                await c.ReplyAsync("250 ok");
        });

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.Mail), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown")]
    [InlineData("554 5.7.1 no SMTP service here")]
    [InlineData("421 4.3.2 too many connections")]
    [InlineData("354 what")]
    public async Task A_refusal_at_the_greeting_is_the_backends(string reply)
    {
        ScriptedSmtpServer server = Server(c => c.ReplyAsync(reply));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.Greeting), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
        Assert.Equal(reply[..3], outcome.Reply.Code.ToString(provider: null));
    }

    [Theory]
    [InlineData("421 4.3.2 closing")]
    [InlineData("451 4.3.0 not now")]
    [InlineData("354 what")]
    public async Task A_server_that_cannot_take_EHLO_now_is_not_tried_with_HELO(string reply)
    {
        ScriptedSmtpServer server = Server(c => c.GreetAsync(reply));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.Ehlo), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
    }

    [Fact]
    public async Task A_server_that_refuses_EHLO_and_HELO_is_no_server()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync("550 5.7.1 helo command rejected");
            await c.ExpectAsync($"HELO {SmtpConversation.Helo}");
            await c.ReplyAsync("550 5.1.1 User unknown");
        });

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.Ehlo), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
    }

    [Theory]
    [InlineData("a>b user unknown@example.com", "550 <\"a>b user unknown\"@example.com> is on holiday")]
    [InlineData("user unknown@example.com", "550 cannot help \"user unknown\"@example.com today")]
    [InlineData("user unknown@example.com", "550 user unknown@example.com: today closed")]
    [InlineData("user unknown@example.com", "550 'user unknown' is on holiday")]
    [InlineData("no such user@example.com", "550 <anna@example.net> may not write to <\"No Such User\"@EXAMPLE.com>")]
    public async Task An_address_repeated_in_the_reply_cannot_have_itself_refused(string address, string reply)
    {
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(_ => Task.FromResult(reply)));

        Assert.Equal(VerdictStatus.Unknown, (await ProbeAsync(Prober(), RouteTo(server), address)).Status);
    }

    [Theory]
    [InlineData("blocked@example.com", "550 5.1.1 <blocked@example.com>... User unknown")]
    [InlineData("spamhaus@example.com", "550 spamhaus@example.com: no such user")]
    [InlineData("unable to relay@example.com", "550 5.1.1 \"unable to relay\"@example.com unknown")]
    [InlineData("user@example.com", "550 User unknown")]
    [InlineData("unknown@example.com", "550 User unknown")]
    public async Task Nor_can_it_hide_that_it_is_refused(string address, string reply)
    {
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(_ => Task.FromResult(reply)));

        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(Prober(), RouteTo(server), address)).Status);
    }
}

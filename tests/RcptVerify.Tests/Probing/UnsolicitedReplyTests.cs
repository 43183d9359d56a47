using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>
/// A reply that nobody asked for puts the conversation out of step: everything after it would answer the command
/// before. Such a session never gives another verdict.
/// </summary>
public sealed class UnsolicitedReplyTests : ProbingTest
{
    /// <summary>The server's scripts of the first connection: each says one reply too much before RCPT is answered.</summary>
    public static TheoryData<string> EarlyReplies { get; } = ["greeting", "greeting, a moment later", "EHLO", "MAIL", "MAIL, a moment later"];

    [Theory]
    [MemberData(nameof(EarlyReplies))]
    public async Task A_reply_too_much_never_becomes_a_verdict(string after)
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                string tooMuch = "250 2.1.5 Recipient OK\r\n";
                await c.SendAsync("220 mail.example.com ESMTP\r\n" + (after == "greeting" ? tooMuch : ""));
                if (after == "greeting, a moment later")
                    await c.SendAsync(tooMuch);
                if (await c.ReadLineAsync() is null)
                    return;
                await c.SendAsync("250 mail.example.com\r\n" + (after == "EHLO" ? tooMuch : ""));
                if (await c.ReadLineAsync() is null)
                    return;
                await c.SendAsync("250 sender ok\r\n" + (after == "MAIL" ? tooMuch : ""));
                if (after == "MAIL, a moment later")
                    await c.SendAsync(tooMuch);
                if (await c.ReadLineAsync() is null)
                    return;
                await c.TrySendAsync("550 5.1.1 User unknown\r\n");
                await c.ReadLineAsync();
            },
            c => c.GreetAndAnswerAsync("nobody@example.com", "550 5.1.1 User unknown"));
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        ProbeOutcome outOfStep = await ProbeAsync(prober, route, "nobody@example.com");
        ProbeOutcome next = await ProbeAsync(prober, route, "nobody@example.com");

        // "A moment later" may be after the next command, where no client can tell; then at least no one else suffers.
        if (!after.EndsWith("later", StringComparison.Ordinal))
            Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend), (outOfStep.Status, outOfStep.Scope));
        Assert.Equal(VerdictStatus.Undeliverable, next.Status);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_reply_that_lies_ready_before_a_command_is_noticed_wherever_it_lies()
    {
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.SendAsync("250 2.1.5 Recipient OK\r\n");
            sent.SetResult();
            await c.ExpectEndAsync();
        });
        using SmtpSession session = await InTime(SmtpSession.OpenAsync(server.Endpoint, Settings, Settings.Timeout, TimeProvider.System, transcript: null));
        await InTime(sent.Task);
        await UntilAsync(() => session.IsStale);

        SmtpConversationException broken = await Assert.ThrowsAsync<SmtpConversationException>(
            () => InTime(session.ProbeAsync(Job("nobody@example.com", RouteTo(server)), Settings.Timeout).AsTask()));

        Assert.Equal(ProbeStage.Mail, broken.Stage);
        Assert.False(session.IsUsable);
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown\r\n250 extra\r\n", VerdictStatus.Undeliverable)]
    [InlineData("250 ok\r\n250 extra\r\n", VerdictStatus.Deliverable)]
    public async Task A_reply_behind_the_verdict_ends_the_session_and_leaves_the_verdict(string replies, VerdictStatus status)
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.TakeRcptAsync("anna@example.com");
                await c.SendAsync(replies);
                await c.ExpectEndAsync();
            },
            c => c.GreetAndAnswerAsync("bert@example.com", "550 5.1.1 User unknown"));
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        Assert.Equal(status, (await ProbeAsync(prober, route, "anna@example.com")).Status);
        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, "bert@example.com")).Status);
    }

    [Theory]
    [InlineData("250 ok\r\n250 extra\r\n")]
    [InlineData("354 what\r\n")]
    [InlineData("421 closing\r\n")]
    [InlineData("550 no\r\n")]
    [InlineData("nonsense\r\n")]
    public async Task Anything_but_a_plain_yes_to_RSET_ends_the_session(string replies)
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.TakeRcptAsync("anna@example.com");
                await c.ReplyAsync("250 ok");
                await c.ExpectAsync("RSET");
                await c.SendAsync(replies);
                await c.ExpectEndAsync();
            },
            c => c.GreetAndAnswerAsync("bert@example.com", "550 5.1.1 User unknown"));
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "anna@example.com")).Status);
        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, "bert@example.com")).Status);
    }

    [Theory]
    [InlineData("250 2.1.5 Recipient OK\r\n", false)]
    [InlineData("421 4.4.2 idle for too long\r\n", true)]
    [InlineData("", true)]
    public async Task What_happens_between_probes_costs_the_next_one_nothing(string unsolicited, bool hangsUp)
    {
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.AnswerAsync("anna@example.com", "250 ok");
                await c.WaitForAsync(answered.Task);
                await c.SendAsync(unsolicited);
                await c.DeliveredAsync();
                if (hangsUp)
                    c.Drop();
                happened.SetResult();
                if (!hangsUp)
                    await c.ExpectEndAsync();
            },
            c => c.GreetAndAnswerAsync("bert@example.com", "550 5.1.1 User unknown"));
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        await ProbeAsync(prober, route, "anna@example.com");
        answered.SetResult();
        await InTime(happened.Task);

        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, "bert@example.com")).Status);
        Assert.Equal(2, server.Accepted);
    }
}

using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Servers that hang up, fall silent or talk nonsense at each stage: unknown, in bounded time and memory.</summary>
public sealed class BrokenConversationTests : ProbingTest
{
    public static TheoryData<ProbeStage> Stages { get; } = [ProbeStage.Greeting, ProbeStage.Ehlo, ProbeStage.Mail, ProbeStage.Rcpt];

    /// <summary>What is said in place of a reply, and what is thought of it.</summary>
    public static TheoryData<string, string> Nonsense { get; } = new()
    {
        { "HTTP/1.1 400 Bad Request\r\n", "ReplyBadCode" },
        { "\r\n", "ReplyBadCode" },
        { "25\r\n", "ReplyBadCode" },
        { "999 ok\r\n", "ReplyBadCode" },
        { "\0\u0001\u0002ÿþ\r\n", "ReplyBadCode" },
        { "250-one\r\n550 two\r\n", "ReplyCodeChanged" },
        { "250_ok\r\n", "ReplyBadSeparator" },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_server_that_hangs_up_leaves_the_recipient_unknown(ProbeStage stage)
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await ReachAsync(c, stage);
                c.Drop();
            },
            c => c.ServeAsync(_ => Task.FromResult("250 ok")));
        SmtpProber prober = Prober();

        ProbeOutcome outcome = await ProbeAsync(prober, RouteTo(server), "anna@example.com");

        AssertTrouble(outcome, stage);
        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, RouteTo(server), "anna@example.com")).Status);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_silent_server_costs_the_budget_and_its_late_reply_is_nobodys_verdict(ProbeStage stage)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource timedOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await ReachAsync(c, stage);
                reached.SetResult();
                await c.WaitForAsync(timedOut.Task);
                await c.TrySendAsync("250 2.1.5 Recipient OK\r\n250 2.1.5 Recipient OK\r\n250 2.1.5 Recipient OK\r\n");
                await c.ExpectEndAsync();
            },
            c => c.GreetAndAnswerAsync("nobody@example.com", "550 5.1.1 User unknown"));
        // The greeting is waited for without a command that would tell that it is: there the clock must be the real one.
        FakeTimeProvider? clock = stage == ProbeStage.Greeting ? null : new();
        SmtpProber prober = Prober(time: clock);
        Route route = RouteTo(Settings with { Timeout = clock is null ? Short * 5 : Settings.Timeout }, server.Endpoint);

        Task<ProbeOutcome> silent = ProbeAsync(prober, route, "anna@example.com");
        await InTime(reached.Task);
        clock?.Advance(Settings.Timeout);
        ProbeOutcome outcome = await silent;
        timedOut.SetResult();
        ProbeOutcome next = await ProbeAsync(prober, route, "nobody@example.com");

        AssertTrouble(outcome, stage);
        Assert.Equal("no reply in time", outcome.Reply.Text);
        Assert.Equal(VerdictStatus.Undeliverable, next.Status);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_silent_reply_to_RSET_closes_the_session_and_leaves_the_verdict()
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeTimeProvider clock = new();
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.TakeRcptAsync("anna@example.com");
                await c.ReplyAsync("250 ok");
                await c.ExpectAsync("RSET");
                reached.SetResult();
                await c.ExpectEndAsync();
            },
            c => c.GreetAndAnswerAsync("nobody@example.com", "550 5.1.1 User unknown"));
        SmtpProber prober = Prober(time: clock);
        Route route = RouteTo(server);

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "anna@example.com")).Status);
        await InTime(reached.Task);
        clock.Advance(Settings.Timeout);
        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, "nobody@example.com")).Status);
    }

    [Fact]
    public async Task A_server_that_sends_a_byte_now_and_then_does_not_stretch_the_budget()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.TakeRcptAsync("anna@example.com");
            for (int i = 0; await c.TrySendAsync(i == 0 ? "250 " : "x"); i++)
                await Task.Delay(Short / 10, TimeProvider.System);
        });
        long started = TimeProvider.System.GetTimestamp();

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(Settings with { Timeout = Short * 5 }, server.Endpoint), "anna@example.com");

        AssertTrouble(outcome, ProbeStage.Rcpt);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < Short * 50);
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Bytes_that_are_no_reply_leave_the_recipient_unknown(string nonsense, string error)
    {
        foreach (ProbeStage stage in Stages.Select(row => row.Data))
        {
            ScriptedSmtpServer server = Server(async c =>
            {
                await ReachAsync(c, stage);
                await c.SendAsync(nonsense);
                await c.ExpectEndAsync();
            });

            ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

            AssertTrouble(outcome, stage);
            Assert.Equal($"not an SMTP reply: {error}", outcome.Reply.Text);
        }
    }

    [Theory]
    [InlineData("x", "ReplyLineTooLong")]
    [InlineData("250-x\r\n250-", "ReplyTooManyLines")]
    public async Task A_reply_without_end_is_cut_off_long_before_the_deadline(string piece, string error)
    {
        string chunk = string.Concat(Enumerable.Repeat(piece, 4096 / piece.Length));
        foreach (ProbeStage stage in Stages.Select(row => row.Data))
        {
            long sent = 0;
            ScriptedSmtpServer server = Server(async c =>
            {
                await ReachAsync(c, stage);
                await c.SendAsync("250-");
                while (await c.TrySendAsync(chunk))
                    sent += Encoding.Latin1.GetByteCount(chunk);
            });

            ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(server), "anna@example.com");

            AssertTrouble(outcome, stage);
            Assert.Equal($"not an SMTP reply: {error}", outcome.Reply.Text);
            await DisposeAsync(); // lets the server notice
            Assert.InRange(sent, 0, 32 << 20); // what the kernel's buffers took
        }
    }

    /// <summary>Talks like an ordinary server until the client waits for the reply of this stage.</summary>
    private static async Task ReachAsync(SmtpConversation c, ProbeStage stage)
    {
        if (stage == ProbeStage.Greeting)
            return;
        if (stage == ProbeStage.Ehlo)
        {
            await c.ReplyAsync("220 mail.example.com ESMTP");
            await c.ExpectAsync($"EHLO {SmtpConversation.Helo}");
            return;
        }

        await c.GreetAsync();
        if (stage == ProbeStage.Mail)
            await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
        else
            await c.TakeRcptAsync("anna@example.com");
    }

    private static void AssertTrouble(ProbeOutcome outcome, ProbeStage stage)
    {
        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend), (outcome.Status, outcome.Scope));
        Assert.Equal((0, stage), (outcome.Reply.Code, outcome.Reply.Stage));
    }
}

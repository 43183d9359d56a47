using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>How many sessions there are, and how long each lives.</summary>
public sealed class PoolTests : ProbingTest
{
    /// <summary>For what must not end by time while a test turns the clock.</summary>
    private static readonly TimeSpan NoHurry = TimeSpan.FromDays(30);

    [Theory]
    [InlineData("421 4.4.2 idle for too long", true)]
    [InlineData("421 4.4.2 idle for too long", false)]
    [InlineData("", true)]
    public async Task A_kept_session_that_ends_at_MAIL_costs_no_probe_its_answer(string reply, bool hangsUp)
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.AnswerAsync("anna@example.com", "250 ok");
                await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
                if (reply.Length > 0)
                    await c.ReplyAsync(reply);
                if (hangsUp)
                    c.Drop();
            },
            c => c.GreetAndAnswerAsync("bert@example.com", "550 5.1.1 User unknown"));
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        await ProbeAsync(prober, route, "anna@example.com");

        Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, "bert@example.com")).Status);
    }

    [Fact]
    public async Task Such_a_probe_is_made_again_only_once()
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.AnswerAsync("anna@example.com", "250 ok");
                await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
                c.Drop();
            },
            async c =>
            {
                await c.GreetAsync();
                await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
                c.Drop();
            });
        SmtpProber prober = Prober();
        Route route = RouteTo(server);

        await ProbeAsync(prober, route, "anna@example.com");
        ProbeOutcome outcome = await ProbeAsync(prober, route, "bert@example.com");

        Assert.Equal((VerdictStatus.Unknown, ProbeStage.Mail), (outcome.Status, outcome.Reply.Stage));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_probe_made_again_has_what_is_left_of_its_budget()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource[] silent = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.AnswerAsync("anna@example.com", "250 ok");
                await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
                silent[0].SetResult();
                await c.WaitForAsync(go.Task);
                c.Drop();
            },
            async c =>
            {
                await c.GreetAsync();
                await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
                silent[1].SetResult();
                await c.ExpectEndAsync();
            });
        SmtpProber prober = Prober(time: time);
        Route route = RouteTo(server);
        await ProbeAsync(prober, route, "anna@example.com");

        Task<ProbeOutcome> probe = ProbeAsync(prober, route, "bert@example.com");
        await InTime(silent[0].Task);
        time.Advance(Settings.Timeout * 0.6);
        go.SetResult();
        await InTime(silent[1].Task);
        time.Advance(Settings.Timeout * 0.6);

        Assert.Equal("no reply in time", (await probe).Reply.Text);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public async Task A_session_is_given_up_after_as_many_refusals_as_allowed(int refusals)
    {
        Func<SmtpConversation, Task> allRefusals = async c =>
        {
            await c.GreetAsync();
            await c.AnswerAsync("anna@example.com", "250 ok");
            for (int i = 0; i < refusals; i++)
                await c.AnswerAsync("nobody@example.com", "550 5.1.1 User unknown");
            await c.ExpectAsync("QUIT");
            await c.ReplyAsync("221 bye");
            c.Drop();
        };
        ScriptedSmtpServer server = Server(allRefusals, allRefusals);
        SmtpProber prober = Prober();
        Route route = RouteTo(Settings with { MaxErrorsPerConnection = refusals }, server.Endpoint);

        for (int session = 0; session < 2; session++)
        {
            Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "anna@example.com")).Status);
            for (int i = 0; i < refusals; i++)
                Assert.Equal(VerdictStatus.Undeliverable, (await ProbeAsync(prober, route, "nobody@example.com")).Status);
        }

        Assert.Equal(2, server.Accepted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task There_are_never_more_connections_than_allowed(int allowed)
    {
        // Every other answer is a refusal, so that sessions are given up all the time; and the server takes its time over QUIT.
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(
            rcpt => Task.FromResult(rcpt.StartsWith("known", StringComparison.Ordinal) ? "250 ok" : "550 5.1.1 User unknown"), Short / 20));
        SmtpProber prober = Prober();
        Route route = RouteTo(Settings with { MaxConnections = allowed }, server.Endpoint);

        ProbeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => ProbeAsync(prober, route, i % 2 == 0 ? $"known{i}@example.com" : $"nobody{i}@example.com")));

        Assert.All(outcomes.Index(), o => Assert.Equal(o.Index % 2 == 0 ? VerdictStatus.Deliverable : VerdictStatus.Undeliverable, o.Item.Status));
        Assert.InRange(server.MostOpen, 1, allowed);
        Assert.True(server.Accepted > allowed); // sessions were given up
    }

    [Fact]
    public async Task An_idle_session_takes_leave()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.AnswerAsync("anna@example.com", "250 ok");
            await c.ExpectAsync("QUIT");
            left.SetResult();
            await c.ReplyAsync("221 bye");
            c.Drop();
        });
        SmtpPoolLimits limits = new() { IdleTime = TimeSpan.FromMilliseconds(10), MaxAge = NoHurry };
        SmtpProber prober = Prober(limits, time);
        await ProbeAsync(prober, RouteTo(Settings with { Timeout = NoHurry }, server.Endpoint), "anna@example.com");

        // The worker puts the session aside a moment after the verdict: turn the clock until it has, in steps much
        // smaller than the second that QUIT may take.
        await UntilAsync(() =>
        {
            time.Advance(limits.IdleTime);
            return left.Task.IsCompleted;
        });
    }

    [Fact]
    public async Task An_old_session_is_not_used_again()
    {
        FakeTimeProvider time = new();
        SmtpPoolLimits limits = new() { IdleTime = TimeSpan.FromHours(1) };
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.AnswerAsync("anna@example.com", "250 ok");
                await c.ExpectAsync("QUIT");
                await c.ReplyAsync("221 bye");
                c.Drop();
            },
            c => c.GreetAndAnswerAsync("bert@example.com", "250 ok"));
        SmtpProber prober = Prober(limits, time);
        Route route = RouteTo(Settings with { Timeout = NoHurry }, server.Endpoint);
        await ProbeAsync(prober, route, "anna@example.com");

        time.Advance(limits.MaxAge + TimeSpan.FromSeconds(1));

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "bert@example.com")).Status);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_probe_more_than_may_wait_is_unknown_at_once()
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(async _ =>
        {
            busy.TrySetResult();
            await c.WaitForAsync(go.Task);
            return "250 ok";
        }));
        SmtpProber prober = Prober(new SmtpPoolLimits { MaxWaiting = 2 });
        Route route = RouteTo(server);

        List<Task<ProbeOutcome>> taken = [ProbeAsync(prober, route, "first@example.com")];
        await InTime(busy.Task);
        taken.Add(ProbeAsync(prober, route, "second@example.com"));
        taken.Add(ProbeAsync(prober, route, "third@example.com"));
        ProbeOutcome tooMuch = await ProbeAsync(prober, route, "fourth@example.com");
        go.SetResult();

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.None), (tooMuch.Status, tooMuch.Scope, tooMuch.Reply.Stage));
        Assert.All(await Task.WhenAll(taken), o => Assert.Equal(VerdictStatus.Deliverable, o.Status));
    }

    [Fact]
    public async Task A_probe_that_waited_too_long_is_unknown_and_not_made()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.AnswerAfterAsync("first@example.com", busy, go.Task);
            await c.AnswerAsync("third@example.com", "250 ok");
        });
        SmtpProber prober = Prober(new SmtpPoolLimits { MaxWait = TimeSpan.FromSeconds(5) }, time);
        Route route = RouteTo(server);

        Task<ProbeOutcome> first = ProbeAsync(prober, route, "first@example.com");
        await InTime(busy.Task);
        Task<ProbeOutcome> second = ProbeAsync(prober, route, "second@example.com");
        time.Advance(TimeSpan.FromSeconds(6));
        Task<ProbeOutcome> third = ProbeAsync(prober, route, "third@example.com");
        go.SetResult();

        Assert.Equal(VerdictStatus.Deliverable, (await first).Status);
        Assert.Equal((VerdictStatus.Unknown, "waited too long for a session"), ((await second).Status, (await second).Reply.Text));
        Assert.Equal(VerdictStatus.Deliverable, (await third).Status);
    }

    [Fact]
    public async Task A_defect_of_ours_leaves_no_probe_without_an_answer()
    {
        // A port that does not exist: the framework throws what no caller expects.
        Route route = RouteTo(Settings, new ServerEndpoint("127.0.0.1", 70_000));
        SmtpProber prober = Prober();

        ProbeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => ProbeAsync(prober, route, $"user{i}@example.com")));

        Assert.All(outcomes, o => Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend), (o.Status, o.Scope)));
    }

    [Fact]
    public async Task A_prober_that_is_closed_takes_leave_and_answers_no_more()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            await c.AnswerAsync("anna@example.com", "250 ok");
            await c.ExpectAsync("QUIT");
            await c.ReplyAsync("221 bye");
            c.Drop();
        });
        SmtpProber prober = Prober();
        Route route = RouteTo(server);
        await ProbeAsync(prober, route, "anna@example.com");
        await UntilAsync(() => server.Commands.Contains("1: RSET"));

        await prober.DisposeAsync();

        Assert.Equal((VerdictStatus.Unknown, "stopping"), await Said(ProbeAsync(prober, route, "bert@example.com")));
        await UntilAsync(() => server.Commands.Contains("1: QUIT"));
    }

    private static async Task<(VerdictStatus Status, string Text)> Said(Task<ProbeOutcome> probe) => ((await probe).Status, (await probe).Reply.Text);
}

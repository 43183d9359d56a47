using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Servers that find our sessions too many.</summary>
public sealed class ThrottledPoolTests : ProbingTest
{
    private static readonly SmtpPoolLimits Limits = new();

    [Theory]
    [InlineData("421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel")]
    [InlineData("421 too many connections")]
    public async Task A_session_too_many_costs_no_probe_its_answer(string greeting)
    {
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await c.GreetAsync();
                await c.AnswerAfterAsync("anna@example.com", taken, refused.Task);
                await c.AnswerAsync("bert@example.com", "550 5.1.1 User unknown");
            },
            async c =>
            {
                await c.ReplyAsync(greeting);
                await c.ExpectQuitOrEndAsync();
                refused.SetResult();
            });
        SmtpProber prober = Prober(Limits);
        Route route = RouteTo(Settings with { MaxConnections = 4 }, server.Endpoint);

        Task<ProbeOutcome> anna = ProbeAsync(prober, route, "anna@example.com");
        await InTime(taken.Task);
        Task<ProbeOutcome> bert = ProbeAsync(prober, route, "bert@example.com");

        Assert.Equal(VerdictStatus.Deliverable, (await anna).Status);
        Assert.Equal(VerdictStatus.Undeliverable, (await bert).Status);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_server_that_takes_none_at_all_is_trouble_and_not_an_endless_try()
    {
        ScriptedSmtpServer server = ServerForEach(async c =>
        {
            await c.ReplyAsync("421 4.3.2 too many");
            c.Drop();
        });

        ProbeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            i => ProbeAsync(Prober(Limits), RouteTo(Settings with { MaxConnections = 4 }, server.Endpoint), $"user{i}@example.com")));

        Assert.All(outcomes, o => Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, 421), (o.Status, o.Scope, o.Reply.Code)));
        Assert.InRange(server.Accepted, 1, 10);
    }

    [Fact]
    public async Task Where_no_session_can_be_opened_those_who_wait_do_not_each_try_it_again()
    {
        ScriptedSmtpServer silent = ServerForEach(c => c.ExpectEndAsync());
        ScriptedSmtpServer second = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("550 5.1.1 User unknown")));
        SmtpProber prober = Prober(Limits);
        Route route = RouteTo(Settings with { ConnectTimeout = Short, Timeout = Short * 4, MaxConnections = 1 }, silent.Endpoint, second.Endpoint);

        ProbeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ProbeAsync(prober, route, $"user{i}@example.com")));

        Assert.InRange(silent.Accepted, 1, 3);
        Assert.Contains(outcomes, o => o.Status == VerdictStatus.Undeliverable);
        Assert.All(outcomes, o => Assert.NotEqual(VerdictStatus.Deliverable, o.Status));
    }

    [Fact]
    public void What_a_server_bears_grows_back_step_by_step()
    {
        FakeTimeProvider time = new();
        PoolSize size = new(4, Limits, time);

        Assert.Equal(1, size.Shrink(0));
        time.Advance(Limits.GrowInterval - TimeSpan.FromTicks(1));
        Assert.Equal(1, size.Allowed);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(2, size.Allowed);
        time.Advance(Limits.GrowInterval);
        Assert.Equal(3, size.Allowed);
        time.Advance(Limits.GrowInterval * 10);
        Assert.Equal(4, size.Allowed);
    }

    [Fact]
    public void A_server_that_complains_again_keeps_the_pool_small_for_longer()
    {
        FakeTimeProvider time = new();
        PoolSize size = new(4, Limits, time);
        size.Shrink(2);
        time.Advance(Limits.GrowInterval / 2);

        Assert.Equal(2, size.Shrink(3)); // never more for a complaint
        time.Advance(Limits.GrowInterval - TimeSpan.FromTicks(1));

        Assert.Equal(2, size.Allowed);
    }

    [Fact]
    public async Task Back_pressure_halves_the_sessions_and_the_ones_too_many_take_leave()
    {
        TaskCompletionSource[] taken = [.. Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int sessions = 0;
        ScriptedSmtpServer server = ServerForEach(async c =>
        {
            int me = Interlocked.Increment(ref sessions) - 1;
            await c.GreetAsync();
            await c.ReadLineAsync();
            await c.ReplyAsync("250 ok");
            await c.ReadLineAsync();
            taken[me].SetResult();
            await c.WaitForAsync(go.Task);
            await c.ReplyAsync("452 4.3.1 Insufficient system resources");
            while (await c.ReadLineAsync() is string line)
            {
                if (line == "QUIT")
                {
                    await c.ReplyAsync("221 bye");
                    c.Drop();
                    return;
                }

                await c.ReplyAsync("250 ok");
            }
        });
        SmtpProber prober = Prober(Limits);
        Route route = RouteTo(Settings with { MaxConnections = 2 }, server.Endpoint);

        Task<ProbeOutcome>[] probes = [ProbeAsync(prober, route, "anna@example.com"), ProbeAsync(prober, route, "bert@example.com")];
        await InTime(Task.WhenAll(taken.Select(t => t.Task)));
        go.SetResult();

        Assert.All(await Task.WhenAll(probes), o => Assert.Equal(VerdictStatus.Unknown, o.Status));
        await UntilAsync(() => server.Commands.Count(line => line.EndsWith("QUIT", StringComparison.Ordinal)) == 1);
        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "carl@example.com")).Status);
        Assert.Equal(2, server.Accepted);
    }
}

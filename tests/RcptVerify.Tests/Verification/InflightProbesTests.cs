using System.Text;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class InflightProbesTests
{
    private static readonly ProbeConclusion Conclusion = new(new Verdict("user@example.com"u8.ToArray(), VerdictStatus.Deliverable, 0, 0, Said.Ok.Reply), Said.Ok);
    private readonly InflightProbes _probes = new();

    [Fact]
    public async Task Callers_on_many_threads_share_one_probe()
    {
        TaskCompletionSource<ProbeConclusion> probe = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int started = 0;
        using Barrier gate = new(8);
        Task<Task<ProbeConclusion>>[] callers = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                gate.SignalAndWait(TestContext.Current.CancellationToken);
                return _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () =>
                {
                    Interlocked.Increment(ref started);
                    return probe.Task;
                });
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        Task<ProbeConclusion>[] waiting = await Task.WhenAll(callers).Soon();
        Assert.Equal((1, 1), (started, _probes.Count));
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        probe.SetResult(Conclusion);
        Assert.All(await Task.WhenAll(waiting).Soon(), conclusion => Assert.Same(Conclusion, conclusion));
        Assert.Equal(0, _probes.Count);
    }

    [Fact]
    public async Task Probes_that_end_while_callers_come_never_lose_one()
    {
        int started = 0;
        int ended = 0;
        await Parallel.ForAsync(0, 20_000, TestContext.Current.CancellationToken, async (i, _) =>
        {
            Assert.Same(Conclusion, await _probes.GetOrStart(Key($"user{i % 3}@example.com"), new ProbeTicket(ProbePriority.Caller), async () =>
            {
                Interlocked.Increment(ref started);
                await Task.Yield();
                Interlocked.Increment(ref ended);
                return Conclusion;
            }));
        }).Soon();
        Assert.Equal(started, ended);
        Assert.Equal(0, _probes.Count);
    }

    [Fact]
    public async Task A_caller_after_the_end_starts_a_new_probe()
    {
        int started = 0;
        for (int i = 0; i < 3; i++)
        {
            await _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () =>
            {
                started++;
                return Task.FromResult(Conclusion);
            }).Soon();
        }

        Assert.Equal((3, 0), (started, _probes.Count));
    }

    [Fact]
    public void Two_addresses_are_two_probes()
    {
        TaskCompletionSource<ProbeConclusion> never = new();
        _probes.GetOrStart(Key("a@example.com"), new ProbeTicket(ProbePriority.Caller), () => never.Task);
        _probes.GetOrStart(Key("b@example.com"), new ProbeTicket(ProbePriority.Caller), () => never.Task);
        Assert.Equal(2, _probes.Count);
    }

    [Fact]
    public async Task A_defect_reaches_everybody_who_waits_and_the_next_caller_starts_anew()
    {
        TaskCompletionSource<ProbeConclusion> probe = new();
        Task<ProbeConclusion> first = _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () => probe.Task);
        Task<ProbeConclusion> second = _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () => throw new InvalidOperationException("not to be started"));
        probe.SetException(new FormatException("defect"));
        await Assert.ThrowsAsync<FormatException>(() => first.Soon());
        await Assert.ThrowsAsync<FormatException>(() => second.Soon());

        Task<ProbeConclusion> third = _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () => throw new FormatException("at once"));
        await Assert.ThrowsAsync<FormatException>(() => third.Soon());
        Assert.Same(Conclusion, await _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () => Task.FromResult(Conclusion)).Soon());
        Assert.Equal(0, _probes.Count);
    }

    [Fact]
    public async Task Waiters_do_not_run_on_the_thread_that_ends_the_probe()
    {
        TaskCompletionSource<ProbeConclusion> probe = new();
        Task<ProbeConclusion> waiting = _probes.GetOrStart(Key("user@example.com"), new ProbeTicket(ProbePriority.Caller), () => probe.Task);
        using ManualResetEventSlim stuck = new();
        Task blocked = waiting.ContinueWith(
            _ => stuck.Wait(TestContext.Current.CancellationToken), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        // Would never return if the continuation ran right here.
        await Task.Run(() => probe.SetResult(Conclusion), TestContext.Current.CancellationToken).Soon();
        stuck.Set();
        await blocked.Soon();
    }

    private static byte[] Key(string address) => Encoding.UTF8.GetBytes(address);
}

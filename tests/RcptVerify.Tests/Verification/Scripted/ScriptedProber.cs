using System.Threading.Channels;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification.Scripted;

/// <summary>A prober whose probes end when and how the test says.</summary>
internal sealed class ScriptedProber : IRecipientProber
{
    private readonly Channel<ScriptedProbe> _started = Channel.CreateUnbounded<ScriptedProbe>();
    private int _count;

    /// <summary>Probes asked for since the beginning.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Where set, each probe ends at once with this; otherwise the test answers it.</summary>
    public ProbeOutcome? AnswerAtOnce { get; set; }

    /// <summary>Routes whose measurements were to be made again.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<Route> MeasuredAgain { get; } = new();

    public void MeasureAgain(Route route) => MeasuredAgain.Enqueue(route);

    public Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        ScriptedProbe probe = new(address, route, ticket);
        if (AnswerAtOnce is { } outcome)
            probe.Answer(outcome);
        _started.Writer.TryWrite(probe);
        return probe.Outcome;
    }

    /// <summary>The next probe in order; waits for it to start.</summary>
    public Task<ScriptedProbe> NextAsync() => _started.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
}

/// <summary>One probe under way.</summary>
internal sealed class ScriptedProbe(RecipientAddress address, Route route, ProbeTicket ticket)
{
    private readonly TaskCompletionSource<ProbeOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecipientAddress Address { get; } = address;

    public Route Route { get; } = route;

    public ProbePriority Priority => ticket.Priority;

    public Task<ProbeOutcome> Outcome => _completion.Task;

    public void Answer(ProbeOutcome outcome) => _completion.SetResult(outcome);

    public void Fail(Exception defect) => _completion.SetException(defect);
}

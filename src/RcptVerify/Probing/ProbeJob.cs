using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>A probe that waits for, or has, a session with one server.</summary>
/// <param name="address">The recipient.</param>
/// <param name="route">Its route.</param>
/// <param name="target">The stage whose reply decides; never <see cref="ProbeTarget.Auto"/>.</param>
/// <param name="budget">Time it may spend with a session.</param>
/// <param name="enqueuedAt">The clock's timestamp when it began to wait.</param>
internal sealed class ProbeJob(RecipientAddress address, Route route, ProbeTarget target, TimeSpan budget, long enqueuedAt)
{
    // Asynchronous: whoever completes a probe is a session with others waiting behind it.
    private readonly TaskCompletionSource<ProbeOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecipientAddress Address { get; } = address;

    public Route Route { get; } = route;

    public ProbeTarget Target { get; } = target;

    public TimeSpan Budget { get; } = budget;

    public long EnqueuedAt { get; } = enqueuedAt;

    /// <summary>When it first had a session, on which its budget began to run; null while it waits.</summary>
    public long? StartedAt { get; set; }

    public Task<ProbeOutcome> Outcome => _completion.Task;

    public void Complete(ProbeOutcome outcome) => _completion.TrySetResult(outcome);
}

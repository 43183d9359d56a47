namespace RcptVerify.Verification;

/// <summary>
/// A probe's place in the queues: who waits for it. A probe that began in the background becomes a caller's when one joins
/// it. Safe to share between threads.
/// </summary>
/// <param name="priority">Who waits at first.</param>
/// <param name="client">The SMTP client's network (<see cref="ClientNetwork"/>); 0 where there is none: all of these share one turn.</param>
public sealed class ProbeTicket(ProbePriority priority, ulong client = 0)
{
    private readonly Lock _lock = new();
    private Action? _raised;

    /// <summary>Who waits.</summary>
    public ProbePriority Priority { get; private set; } = priority;

    /// <summary>The client that takes its turn with this probe.</summary>
    public ulong Client { get; private set; } = client;

    /// <summary>A caller waits for it from now on.</summary>
    /// <param name="caller">The ticket that the caller would have probed with.</param>
    public void JoinedBy(ProbeTicket caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Action? raised;
        lock (_lock)
        {
            if (Priority == ProbePriority.Caller || caller.Priority != ProbePriority.Caller)
                return;
            Priority = ProbePriority.Caller;
            Client = caller.Client;
            raised = _raised;
            _raised = null;
        }

        raised?.Invoke();
    }

    /// <summary>Calls <paramref name="raised"/> when a caller joins; not where one waits already.</summary>
    /// <param name="raised">Quick, and with no lock of the caller's that it takes itself.</param>
    public void WhenRaised(Action raised)
    {
        lock (_lock)
        {
            if (Priority == ProbePriority.Background)
                _raised += raised;
        }
    }
}

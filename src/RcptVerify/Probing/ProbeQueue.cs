using System.Diagnostics.CodeAnalysis;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Probes that wait for a session with one server. Callers come before background refreshes, and clients take turns: one
/// that guesses a thousand addresses does not make another's one address wait behind them. Not synchronized.
/// </summary>
internal sealed class ProbeQueue
{
    private readonly Queue<ProbeJob> _again = new();
    private readonly Queue<ulong> _turns = new();
    private readonly Dictionary<ulong, (ProbeJob First, ProbeJob Last)> _ofClient = [];
    private readonly Queue<ProbeJob> _background = new();

    /// <summary>Probes waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a probe behind the others of its client, or of the background.</summary>
    public void Enqueue(ProbeJob job)
    {
        Count++;
        job.IsForCaller = job.Ticket.Priority == ProbePriority.Caller;
        if (!job.IsForCaller)
            _background.Enqueue(job);
        else
            EnqueueForCaller(job);
    }

    /// <summary>A caller waits now for a probe that stands among the background's. One that is under way is left alone.</summary>
    public void Promote(ProbeJob job)
    {
        if (job.IsTaken || job.IsForCaller)
            return;
        job.IsForCaller = true;
        EnqueueForCaller(job); // its place among the background's is passed over when it comes up
    }

    /// <summary>A probe that lost its session comes before all others: its caller has waited already.</summary>
    public void PutBack(ProbeJob job)
    {
        Count++;
        _again.Enqueue(job);
    }

    /// <summary>The next probe, which stays where it is.</summary>
    public bool TryPeek([NotNullWhen(true)] out ProbeJob? job)
    {
        SkipTaken();
        if (_again.TryPeek(out job))
            return true;
        if (_turns.TryPeek(out ulong client))
        {
            job = _ofClient[client].First;
            return true;
        }

        return _background.TryPeek(out job);
    }

    /// <summary>Takes the next probe.</summary>
    public bool TryDequeue([NotNullWhen(true)] out ProbeJob? job)
    {
        if (!TryPeek(out job))
            return false;
        Count--;
        job.IsTaken = true;
        RemoveFirst();
        return true;
    }

    private void EnqueueForCaller(ProbeJob job)
    {
        ulong client = job.Ticket.Client;
        job.NextOfClient = null;
        if (_ofClient.TryGetValue(client, out (ProbeJob First, ProbeJob Last) waiting))
        {
            waiting.Last.NextOfClient = job;
            _ofClient[client] = (waiting.First, job);
            return;
        }

        _ofClient.Add(client, (job, job));
        _turns.Enqueue(client);
    }

    private void SkipTaken()
    {
        while (NextIsTaken())
            RemoveFirst();
    }

    private bool NextIsTaken()
    {
        if (_again.Count > 0)
            return false;
        if (_turns.TryPeek(out ulong client))
            return _ofClient[client].First.IsTaken;
        return _background.TryPeek(out ProbeJob? job) && job.IsTaken;
    }

    private void RemoveFirst()
    {
        if (_again.TryDequeue(out _))
            return;
        if (!_turns.TryDequeue(out ulong client))
        {
            _background.Dequeue();
            return;
        }

        (ProbeJob first, ProbeJob last) = _ofClient[client];
        if (first.NextOfClient is not ProbeJob next)
        {
            _ofClient.Remove(client);
            return;
        }

        _ofClient[client] = (next, last);
        _turns.Enqueue(client);
    }
}

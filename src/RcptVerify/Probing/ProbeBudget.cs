using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>The time that one probe may take over all servers it goes through: the one place where it is counted.</summary>
internal sealed class ProbeBudget(TimeProvider time, TimeSpan total)
{
    /// <summary>With less than this left no other server is asked: a timer may fire a little before its time by the clock's count.</summary>
    private static readonly TimeSpan WorthTrying = TimeSpan.FromMilliseconds(10);

    /// <summary>What is left of it.</summary>
    public TimeSpan Left { get; private set; } = total;

    /// <summary>Whether there is no time for another server.</summary>
    public bool IsSpent => Left < WorthTrying;

    /// <summary>Asks a server at the expense of this budget.</summary>
    public async Task<ProbeOutcome> AskAsync(Backend backend, RecipientAddress address, Route route, ProbeTarget target, ProbeTicket ticket)
    {
        long started = time.GetTimestamp();
        ProbeOutcome outcome = await backend.AskAsync(address, route, target, ticket, Left);
        SpendSince(started);
        Left += outcome.Waited; // our own queue, which costs the next server nothing
        return outcome;
    }

    /// <summary>Counts time as spent.</summary>
    /// <param name="started">The clock's timestamp when it began.</param>
    public void SpendSince(long started) => Left -= time.GetElapsedTime(started);
}

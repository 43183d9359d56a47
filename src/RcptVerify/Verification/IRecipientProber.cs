namespace RcptVerify.Verification;

/// <summary>Who waits for a probe.</summary>
public enum ProbePriority : byte
{
    /// <summary>An SMTP client waits behind Postfix.</summary>
    Caller,

    /// <summary>Nobody: a refresh of something known.</summary>
    Background,
}

/// <summary>Asks the mail server behind Postfix. Implementations never read a cache.</summary>
public interface IRecipientProber
{
    /// <summary>
    /// Probes one recipient. Ends within the route's budget; trouble of any kind is an outcome, not an exception.
    /// </summary>
    /// <param name="address">The recipient.</param>
    /// <param name="route">Its route.</param>
    /// <param name="ticket">Who waits.</param>
    /// <param name="cancellationToken">The process is stopping.</param>
    Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken);

    /// <summary>
    /// The evidence is against what a measurement has found at the route's servers (<see cref="ProbeTarget.Auto"/>): the next
    /// probe measures again. Nothing to do for a prober that measures nothing.
    /// </summary>
    /// <param name="route">The route.</param>
    void MeasureAgain(Route route)
    {
    }
}

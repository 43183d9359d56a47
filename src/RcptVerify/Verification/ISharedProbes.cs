namespace RcptVerify.Verification;

/// <summary>One probe an address over all nodes that share a store.</summary>
public interface ISharedProbes
{
    /// <summary>
    /// Waits until it is this node's turn to probe an address, or another node has. Never throws; while the other nodes cannot be
    /// asked it is everybody's turn.
    /// </summary>
    /// <param name="address">Canonical address. Kept, not to be written to.</param>
    /// <param name="priority">Who waits: for a background probe nobody waits for another node's.</param>
    /// <param name="cancellationToken">The process is stopping.</param>
    ValueTask<IProbeTurn> EnterAsync(byte[] address, ProbePriority priority, CancellationToken cancellationToken);
}

/// <summary>Whose turn it is.</summary>
public interface IProbeTurn
{
    /// <summary>The caller probes. Else another node does or has done.</summary>
    bool IsMine { get; }

    /// <summary>How another node's probe ended, told as if it were our own.</summary>
    /// <param name="known">What is known here by now.</param>
    /// <param name="address">The recipient.</param>
    /// <param name="route">Its route.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    ProbeConclusion Conclude(Verdict? known, RecipientAddress address, Route route, long now);

    /// <summary>The caller's own probe has ended and its verdict is stored: the others are told.</summary>
    /// <param name="conclusion">How; null where it ended with a defect.</param>
    void Leave(ProbeConclusion? conclusion);
}

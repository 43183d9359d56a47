namespace RcptVerify.Verification;

/// <summary>The most that the servers of a route are asked, all of them together.</summary>
/// <param name="MaxProbes">Probes at one time; 0 for any number.</param>
/// <param name="Rate">Probes within <paramref name="Period"/>; 0 for any number.</param>
/// <param name="Period">That time; at least a second where there is a rate.</param>
public sealed record ProbeCaps(int MaxProbes, int Rate, TimeSpan Period)
{
    /// <summary>No caps.</summary>
    public static ProbeCaps None { get; } = new(0, 0, TimeSpan.Zero);

    /// <summary>Whether there is any.</summary>
    public bool Any => MaxProbes > 0 || Rate > 0;
}

namespace RcptVerify.Verification;

/// <summary>What verifier and probes ask a store.</summary>
internal static class VerdictStoreExtensions
{
    /// <summary>The verdict remembered for an address, unless it came from where the route no longer asks. No allocation.</summary>
    /// <param name="store">Where verdicts are kept.</param>
    /// <param name="key">Canonical address.</param>
    /// <param name="route">Its route.</param>
    public static Verdict? KnownFor(this IVerdictStore store, ReadOnlySpan<byte> key, Route route) =>
        store.TryGet(key, out Verdict? verdict) && verdict!.Reply.StillCountsFor(route) ? verdict : null;
}

using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>Loading what a store's file holds into memory, and how far it has come.</summary>
/// <param name="offer">Takes a verdict into memory unless a newer one is there.</param>
/// <param name="most">Most verdicts loaded.</param>
/// <param name="began">When it began, by the <see cref="StoreClock"/>.</param>
internal sealed class StoreLoad(Func<Verdict, bool> offer, int most, long began)
{
    /// <summary>The row id to go on behind.</summary>
    public long After = -1;

    /// <summary>Verdicts that are in memory now.</summary>
    public long Known;

    /// <summary>As given.</summary>
    public Func<Verdict, bool> Offer { get; } = offer;

    /// <summary>As given.</summary>
    public int Most { get; } = most;

    /// <summary>As given.</summary>
    public long Began { get; } = began;

    /// <summary>Finds the first row, once.</summary>
    public void Begin(Func<long> first)
    {
        if (After < 0)
            After = first();
    }
}

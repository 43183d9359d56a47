namespace RcptVerify.Verification;

/// <summary>Keeps verdicts by canonical address.</summary>
public interface IVerdictStore
{
    /// <summary>Looks up a verdict; whether it still counts is for <see cref="Freshness"/>. No allocation.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="verdict">What is remembered.</param>
    bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict);

    /// <summary>
    /// Whether it holds so many verdicts that a look-up mostly waits for memory: then it pays to say a little earlier which address is
    /// coming (<see cref="Announce"/>).
    /// </summary>
    bool IsWorthAnnouncing => false;

    /// <summary>Says that an address will soon be looked up: what leads to its verdict is on its way from memory meanwhile. A hint that changes no answer.</summary>
    /// <param name="address">Canonical address, or a guess at it.</param>
    /// <returns>For <see cref="Approach"/>.</returns>
    uint Announce(ReadOnlySpan<byte> address) => 0;

    /// <summary>Goes on from <see cref="Announce"/>, a few hundred nanoseconds later, to the verdict itself.</summary>
    /// <param name="announced">What that returned.</param>
    void Approach(uint announced)
    {
    }

    /// <summary>Remembers <paramref name="verdict"/> in place of what was known of its address.</summary>
    /// <param name="verdict">The new verdict.</param>
    void Put(Verdict verdict);

    /// <summary>Whether more verdicts lie where <see cref="TryGet"/> does not look, so that <see cref="RecallAsync"/> is worth its time.</summary>
    bool HasMore => false;

    /// <summary>
    /// Whether a verdict from <see cref="TryGet"/> may be said as it is; else <see cref="RecallAsync"/> has to look whether it still
    /// stands. No lock, no allocation.
    /// </summary>
    /// <param name="verdict">A verdict of this store.</param>
    bool IsTrusted(Verdict verdict) => true;

    /// <summary>
    /// Looks where <see cref="TryGet"/> does not, and brings what is found to where it does. Bounded in time; never throws: a
    /// store that is slow or out of order has nothing to bring.
    /// </summary>
    /// <param name="address">Canonical address. Kept, not to be written to.</param>
    ValueTask RecallAsync(byte[] address) => default;
}

namespace RcptVerify.Verification;

/// <summary>Keeps verdicts by canonical address.</summary>
public interface IVerdictStore
{
    /// <summary>Looks up a verdict; whether it still counts is for <see cref="Freshness"/>. No allocation.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="verdict">What is remembered.</param>
    bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict);

    /// <summary>Remembers <paramref name="verdict"/> in place of what was known of its address.</summary>
    /// <param name="verdict">The new verdict.</param>
    void Put(Verdict verdict);
}

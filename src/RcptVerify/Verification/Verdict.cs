namespace RcptVerify.Verification;

/// <summary>
/// What is remembered about one recipient: Postfix's <c>status:probed:updated:text</c> (verify.c) and where it came from.
/// Immutable but for <see cref="RetryAfter"/>, which is this process's own and never stored.
/// </summary>
public sealed class Verdict
{
    private long _retryAfter;
    private int _generation;

    /// <summary>Creates a verdict.</summary>
    /// <param name="address">Canonical address (<see cref="RecipientAddress.Key"/>). Copied.</param>
    /// <param name="status">What is known.</param>
    /// <param name="updated">When the answer arrived, in Unix milliseconds.</param>
    /// <param name="goneAt">When stores may drop it, in Unix milliseconds.</param>
    /// <param name="reply">What the server said.</param>
    /// <param name="refusals">Refusals since a known good was last confirmed; 0 unless it is on its way to demotion.</param>
    /// <param name="refusedSince">When the first of these refusals came, in Unix milliseconds; 0 without any.</param>
    public Verdict(byte[] address, VerdictStatus status, long updated, long goneAt, ProbeReply reply, byte refusals = 0, long refusedSince = 0)
    {
        Address = [.. address]; // a copy of its own: it then lies right behind the verdict in memory, and a look-up needs both
        Status = status;
        Updated = updated;
        GoneAt = goneAt;
        Reply = reply;
        Refusals = refusals;
        RefusedSince = refusedSince;
        Asked = updated;
    }

    /// <summary>Canonical address, UTF-8.</summary>
    public byte[] Address { get; }

    /// <summary>What is known.</summary>
    public VerdictStatus Status { get; }

    /// <summary>When the answer arrived, in Unix milliseconds.</summary>
    public long Updated { get; }

    /// <summary>When stores may drop it, in Unix milliseconds (<see cref="Freshness.GoneAt"/>).</summary>
    public long GoneAt { get; }

    /// <summary>What the server said, and which server.</summary>
    public ProbeReply Reply { get; }

    /// <summary>Refusals since a known good was last confirmed.</summary>
    public byte Refusals { get; }

    /// <summary>When the first of these refusals came, in Unix milliseconds; 0 without any.</summary>
    public long RefusedSince { get; }

    /// <summary>
    /// When the probe behind it began, in Unix milliseconds: what was removed since must not come back by it. Where nobody said:
    /// <see cref="Updated"/>.
    /// </summary>
    public long Asked { get; set; }

    /// <summary>
    /// When it was last checked against the store that all nodes share: that store's generation then, or, negative, the generation in
    /// which it waits to be checked. This process's own.
    /// </summary>
    public int Generation
    {
        get => Volatile.Read(ref _generation);
        set => Volatile.Write(ref _generation, value);
    }

    /// <summary>Sets <see cref="Generation"/> unless somebody else has done so meanwhile.</summary>
    /// <param name="seen">What it was.</param>
    /// <param name="generation">What it is to be.</param>
    internal bool TryMark(int seen, int generation) => Interlocked.CompareExchange(ref _generation, generation, seen) == seen;

    /// <summary>
    /// No new probe for a caller before this time (Unix milliseconds): the last one failed a moment ago, or a recheck of a
    /// refusal is already scheduled.
    /// </summary>
    public long RetryAfter
    {
        get => Volatile.Read(ref _retryAfter);
        set => Volatile.Write(ref _retryAfter, value);
    }
}

using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>What a level knows of an address.</summary>
/// <param name="Answered">False: it could not be asked; what it holds is not known.</param>
/// <param name="Verdict">The verdict; null where there is none.</param>
/// <param name="RemovedAt">When the address was removed, in Unix milliseconds: nothing that was asked before still counts. 0: it was not.</param>
public readonly record struct LevelAnswer(bool Answered, Verdict? Verdict, long RemovedAt = 0)
{
    /// <summary>It is out of order, or has no time.</summary>
    public static LevelAnswer Unavailable => default;

    /// <summary>It holds nothing about that address.</summary>
    public static LevelAnswer Nothing => new(true, null);
}

/// <summary>
/// A place behind memory where verdicts are kept: a file, a server. It may be slow, full or gone at any time, and none of
/// that is an error of the caller's: no member throws for it.
/// </summary>
public interface IVerdictLevel : IAsyncDisposable
{
    /// <summary>The longest a caller waits for <see cref="FindAsync"/>; then the level counts as unavailable.</summary>
    TimeSpan FindWithin { get; }

    /// <summary>
    /// True: other nodes write to it too, and when it says that there is nothing, the levels behind it are not asked: what
    /// they hold may have been deleted elsewhere.
    /// </summary>
    bool IsShared { get; }

    /// <summary>Looks up a verdict, checked field by field; whether it still counts is for <see cref="Freshness"/>.</summary>
    /// <param name="address">Canonical address. Kept, not to be written to.</param>
    ValueTask<LevelAnswer> FindAsync(byte[] address);

    /// <summary>Takes a verdict and returns at once; it is written later.</summary>
    /// <param name="verdict">The new verdict of its address.</param>
    void Put(Verdict verdict);

    /// <summary>
    /// Forgets an address: neither what the level holds nor what is still on its way into it comes back. Completes when that
    /// is done; where the level is out of order, when it has taken note of it, to be done later. What is put afterwards stays.
    /// </summary>
    /// <param name="address">Canonical address; copied where it is kept.</param>
    ValueTask RemoveAsync(ReadOnlyMemory<byte> address);

    /// <summary>Forgets all that a scope covers, in the same way.</summary>
    /// <param name="scope">What to forget.</param>
    ValueTask PurgeAsync(PurgeScope scope);
}

/// <summary>A level that other nodes write to as well.</summary>
public interface ISharedVerdictLevel : IVerdictLevel
{
    /// <summary>
    /// Changes whenever words of other nodes may have been missed: what memory took in before is looked up once more. One volatile read.
    /// </summary>
    int Generation { get; }

    /// <summary>Whether it can be asked now. One volatile read.</summary>
    bool IsUp { get; }

    /// <summary>Looks up several addresses in one go, for nobody who waits: it may take seconds.</summary>
    /// <param name="addresses">Canonical addresses. Kept, not to be written to.</param>
    /// <param name="answers">Gets the answers, in the order of the addresses.</param>
    ValueTask FindAllAsync(ReadOnlyMemory<byte[]> addresses, Memory<LevelAnswer> answers);

    /// <summary>Whether a purge covers a verdict.</summary>
    /// <param name="verdict">What memory holds.</param>
    bool IsPurged(Verdict verdict);
}

/// <summary>What a shared level tells of other nodes' changes.</summary>
public interface IRemoteChanges
{
    /// <summary>Another node has learnt a verdict.</summary>
    /// <param name="verdict">Checked field by field.</param>
    void Learn(Verdict verdict);

    /// <summary>An address was removed.</summary>
    /// <param name="address">Canonical address.</param>
    /// <param name="removedAt">When, in Unix milliseconds: what was asked later stays.</param>
    void Forget(byte[] address, long removedAt);

    /// <summary>Words may have been missed, and can be asked for again from now on; purges among them have been told already.</summary>
    void CheckAnew();

    /// <summary>Others have purged.</summary>
    /// <param name="scope">What.</param>
    void Purge(PurgeScope scope);
}

using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>The addresses in 64 parts by their hash, each with a lock of its own.</summary>
internal sealed class AddressStripes
{
    private readonly AddressStripe[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new AddressStripe())];

    /// <summary>The part that an address is in.</summary>
    /// <param name="address">Canonical address.</param>
    public AddressStripe Of(ReadOnlySpan<byte> address) => _stripes[Utf8KeyComparer.Instance.GetHashCode(address) & (_stripes.Length - 1)];

    /// <summary>Counts a removal in all of them.</summary>
    public void CountRemoval()
    {
        foreach (AddressStripe stripe in _stripes)
            stripe.CountRemoval();
    }
}

/// <summary>A lock for a part of the addresses, and how often something was removed among them.</summary>
internal sealed class AddressStripe
{
    /// <summary>Held by whoever changes one of its addresses.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Removals so far. Read under the lock.</summary>
    public long Removals { get; private set; }

    /// <summary>What a look-up under way brings may be what is removed now.</summary>
    public void CountRemoval()
    {
        lock (Lock)
            Removals++;
    }
}

namespace RcptVerify.Caching;

/// <summary>What was so of an address when a look-up of it began.</summary>
/// <param name="Address">Canonical address.</param>
/// <param name="Generation">The shared level's generation.</param>
/// <param name="Stripe">The part of the addresses that it is in.</param>
/// <param name="Removals">What had been removed in that part.</param>
internal readonly record struct LookupMark(byte[] Address, int Generation, AddressStripe Stripe, long Removals);

/// <summary>What becomes of a verdict that a look-up brings.</summary>
internal enum Taking
{
    /// <summary>Memory has it.</summary>
    Taken,

    /// <summary>Memory knows as much already.</summary>
    Known,

    /// <summary>Its address may have been removed since the look-up began: nobody has it.</summary>
    Overtaken,
}

namespace RcptVerify.Verification;

/// <summary>
/// The key under which a route's verdicts are kept: the canonical address, its local part in lower case unless the route says
/// otherwise, and without its extension: the mailbox has one verdict, however many extensions its owner gives out.
/// </summary>
internal static class MailboxKey
{
    /// <summary>Makes the key of a canonical address, in place, unless the route's <c>always_accept</c> list has the address with or without its extension.</summary>
    /// <param name="route">The route.</param>
    /// <param name="buffer">What <see cref="RecipientAddress.TryCanonicalize"/> wrote to.</param>
    /// <param name="at">Where the <c>@</c> stands; moved with what changes before it.</param>
    /// <param name="length">Length of the address, then of the key.</param>
    /// <returns>False: the address is always accepted; there is nothing to look up.</returns>
    public static bool TryMake(Route route, Span<byte> buffer, ref int at, ref int length)
    {
        if (IsAlwaysAccepted(route, buffer, ref at, ref length))
            return false;
        int whole = length;
        length = RecipientAddress.RemoveExtension(buffer, ref at, length, route.RecipientDelimiter.Span);
        return length == whole || !IsAlwaysAccepted(route, buffer, ref at, ref length);
    }

    private static bool IsAlwaysAccepted(Route route, Span<byte> buffer, ref int at, ref int length)
    {
        if (!route.CaseSensitive)
        {
            length = RecipientAddress.FoldLocalPart(buffer, ref at, length);
            return route.AlwaysAccepts(buffer[..length], at);
        }

        // The list is matched in lower case even where the key keeps its case: nobody means Postmaster to be refused.
        Span<byte> folded = stackalloc byte[RecipientAddress.MaxBytes];
        buffer[..length].CopyTo(folded);
        int foldedAt = at;
        int foldedLength = RecipientAddress.FoldLocalPart(folded, ref foldedAt, length);
        return route.AlwaysAccepts(folded[..foldedLength], foldedAt);
    }
}

namespace RcptVerify.Verification;

/// <summary>
/// Routes for recipients of domains that have none, by the next hop that the mail server has for them. Which hosts may be asked in
/// this way is the implementation's to know: a next hop comes from outside.
/// </summary>
public interface INextHops
{
    /// <summary>
    /// The route to a next hop; null where it may not be asked, or is none. The same next hop has the same route for as long as its
    /// servers stay the same. Completes synchronously and without allocation where it is known. Never throws.
    /// </summary>
    /// <param name="nextHop">As Postfix writes it: <c>[host]:port</c> and the like; anything may stand here.</param>
    /// <param name="patience">How long the caller can wait for DNS.</param>
    ValueTask<Route?> FindAsync(ReadOnlyMemory<byte> nextHop, TimeSpan patience);
}

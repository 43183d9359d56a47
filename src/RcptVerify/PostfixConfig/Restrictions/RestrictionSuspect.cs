namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>A restriction that smtpd(8) may not be able to carry out.</summary>
/// <param name="Restriction">The restriction.</param>
/// <param name="Kind">Why.</param>
/// <param name="IsReached">Whether anybody comes to it: no permit, reject or defer for everybody stands before it.</param>
internal sealed record RestrictionSuspect(Restriction Restriction, SuspectKind Kind, bool IsReached);

using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>What a stored verdict may hold. Whatever exceeds it was not written by us, or is damaged, and counts as not there.</summary>
public static class VerdictRecordLimits
{
    /// <summary>Longest reply text kept, in UTF-8 bytes: 1024. Longer ones are cut; replies of real servers have some hundred.</summary>
    public const int MaxTextBytes = 1024;

    /// <summary>Longest enhanced status code: "5.999.999", RFC 3463 section 2.</summary>
    public const int MaxEnhancedBytes = 9;

    /// <summary>Longest "host:port": a name of 253 bytes (RFC 1035), a colon, five digits; with room for brackets.</summary>
    public const int MaxServerBytes = 264;

    /// <summary>Longest route name: a domain of 253 bytes with a dot before it.</summary>
    public const int MaxRouteBytes = 256;

    /// <summary>Longest address: <see cref="RecipientAddress.MaxBytes"/>.</summary>
    public const int MaxAddressBytes = RecipientAddress.MaxBytes;

    /// <summary>Longest life of a verdict: ten years of expiry and ten of grace, the most that can be configured, and a day.</summary>
    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(7301);

    /// <summary>
    /// A verdict dated further ahead is passed over: 2 days. A clock that was a day ahead leaves verdicts that
    /// <see cref="Freshness"/> can still judge; one from another decade would stay for as long.
    /// </summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(2);
}

using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// How many sessions a server is willing to have with us: as many as the route allows until the server complains (421
/// where a session opens, 452 4.3.1), then fewer, and one more after each quiet <see cref="SmtpPoolLimits.GrowInterval"/>.
/// Not synchronized.
/// </summary>
/// <param name="most">The route's limit.</param>
/// <param name="limits">For the interval.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolSize(int most, SmtpPoolLimits limits, TimeProvider time)
{
    private int _missing; // of the route's limit
    private long _changedAt;

    /// <summary>Sessions allowed now, at least one.</summary>
    public int Allowed
    {
        get
        {
            while (_missing > 0 && time.GetElapsedTime(_changedAt) >= limits.GrowInterval)
            {
                _missing--;
                _changedAt += (long)(limits.GrowInterval.TotalSeconds * time.TimestampFrequency);
            }

            return most - _missing;
        }
    }

    /// <summary>Lowers what is allowed, or only lets it stay so for another while. Returns what is allowed now.</summary>
    /// <param name="to">Sessions that the server seems to bear.</param>
    public int Shrink(int to)
    {
        _missing = most - Math.Clamp(to, 1, Allowed);
        _changedAt = time.GetTimestamp();
        return most - _missing;
    }

    /// <summary>Whether a refusal at greeting or EHLO means that there are too many of us.</summary>
    public static bool IsAboutSessions(SmtpRefusedException refusal) =>
        refusal.Stage <= ProbeStage.Ehlo && (refusal.Reply.Code == 421 || refusal.Reply.Enhanced.ToString() is "4.3.2" or "4.3.1");

    /// <summary>Whether the server is short of something: Exchange's back pressure, "452 4.3.1 Insufficient system resources".</summary>
    public static bool IsBackPressure(ProbeReply reply) => reply is { Code: 452, Enhanced: "4.3.1" } or { Code: 421, Enhanced: "4.3.2" };

    /// <summary>
    /// Whether the server took offence at the number of recipients only (RFC 5321 section 4.5.3.1.10, RFC 3463 X.5.3). Without an enhanced
    /// status code the text must name recipients: a bare 452 or 552 is what a full mailbox gets, too.
    /// </summary>
    public static bool IsTooManyRecipients(ProbeReply reply) =>
        reply is { Stage: ProbeStage.Rcpt } && (reply.Enhanced is "4.5.3" or "5.5.3" ||
            (reply is { Code: 452 or 552, Enhanced: "" } && reply.Text.Contains("recipients", StringComparison.OrdinalIgnoreCase)));
}

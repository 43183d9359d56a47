using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Tests.Caching;

/// <summary>Verdicts as a probe of <c>example.com</c> leaves them.</summary>
internal static class StoredSample
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly long Noon = Start.ToUnixTimeMilliseconds();

    public static readonly ProbeReply Accepted = new(250, "2.1.5", "Recipient OK", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");

    public static readonly ProbeReply Refused = new(550, "5.1.1", "User unknown", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");

    public static byte[] Key(string address) => Encoding.UTF8.GetBytes(address);

    public static Verdict Verdict(
        string address, VerdictStatus status = VerdictStatus.Deliverable, TimeSpan age = default, TimeSpan? life = null, ProbeReply? reply = null,
        byte refusals = 0, long refusedSince = 0)
    {
        long updated = Noon - (long)age.TotalMilliseconds;
        return new Verdict(
            Key(address), status, updated, updated + (long)(life ?? TimeSpan.FromDays(31)).TotalMilliseconds,
            reply ?? (status == VerdictStatus.Deliverable ? Accepted : Refused), refusals, refusedSince);
    }

    /// <summary>All that a store keeps of a verdict, for comparing.</summary>
    public static string Told(Verdict? verdict) => verdict is null ? "nothing"
        : $"{Encoding.UTF8.GetString(verdict.Address)} {verdict.Status} {verdict.Updated} {verdict.GoneAt} {verdict.Reply} {verdict.Refusals} {verdict.RefusedSince}";
}

using System.Buffers;
using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>A verdict's fields as a store keeps them, before anybody has looked whether they can be true.</summary>
internal readonly record struct VerdictRecord
{
    /// <summary>9999-12-31, the last day that dates can say.</summary>
    private const long MaxTime = 253_402_300_799_999;

    private static readonly SearchValues<char> EnhancedCharacters = SearchValues.Create("0123456789.");

    public VerdictStatus Status { get; init; }

    public long Updated { get; init; }

    public long GoneAt { get; init; }

    public int Code { get; init; }

    public string Enhanced { get; init; }

    public string Text { get; init; }

    public string Server { get; init; }

    public ProbeTarget Target { get; init; }

    public ProbeStage Stage { get; init; }

    public string Route { get; init; }

    public bool AcceptAll { get; init; }

    public int Refusals { get; init; }

    public long RefusedSince { get; init; }

    /// <summary>The fields of a verdict; a text that is too long is cut.</summary>
    public static VerdictRecord Of(Verdict verdict) => new()
    {
        Status = verdict.Status,
        Updated = verdict.Updated,
        GoneAt = verdict.GoneAt,
        Code = verdict.Reply.Code,
        Enhanced = verdict.Reply.Enhanced,
        Text = Cut(verdict.Reply.Text),
        Server = verdict.Reply.Server,
        Target = verdict.Reply.Target,
        Stage = verdict.Reply.Stage,
        Route = verdict.Reply.RouteName,
        AcceptAll = verdict.Reply.AcceptAll,
        Refusals = verdict.Refusals,
        RefusedSince = verdict.RefusedSince,
    };

    /// <summary>The verdict, or null where a field cannot be true.</summary>
    /// <param name="address">The address under which it was kept.</param>
    /// <param name="replies">Shares equal replies.</param>
    public Verdict? ToVerdict(byte[] address, ProbeReplyPool replies)
    {
        if (!IsAddress(address) || !AreTimesPossible() || !IsReplyPossible() || Refusals is < 0 or > byte.MaxValue)
            return null;
        ProbeReply reply = replies.Share(new ProbeReply(Code, Enhanced, Text, Server, Target, Stage, Route) { AcceptAll = AcceptAll });
        return new Verdict(address, Status, Updated, GoneAt, reply, (byte)Refusals, RefusedSince);
    }

    /// <summary>Whether the date lies too far ahead of the clock to be believed.</summary>
    public static bool IsTooFarAhead(long updated, long now) => updated - now > (long)VerdictRecordLimits.MaxAhead.TotalMilliseconds;

    /// <summary>
    /// Whether a clock that has been set back since dated a verdict, so that it is not to be believed: any that lies too far ahead, and a
    /// refusal already where it lies ahead further than clocks differ. That one would seem young, and be repeated without asking, once
    /// the clock has come to its date again; a known good would be asked about, and live as much longer as it lies ahead.
    /// </summary>
    public static bool IsFromAnotherClock(Verdict verdict, long now) =>
        IsTooFarAhead(verdict.Updated, now) || (verdict.Status == VerdictStatus.Undeliverable && verdict.Updated - now > Freshness.MaxClockSkew);

    private static bool IsAddress(byte[] address) =>
        address.Length is > 1 and <= VerdictRecordLimits.MaxAddressBytes
        && address.AsSpan(0, address.Length - 1).Contains((byte)'@')
        && !address.AsSpan().ContainsAnyInRange((byte)0x00, (byte)0x1f)
        && System.Text.Unicode.Utf8.IsValid(address);

    private bool AreTimesPossible() =>
        Updated is > 0 and <= MaxTime
        && GoneAt >= Updated && GoneAt - Updated <= (long)VerdictRecordLimits.MaxLife.TotalMilliseconds
        && RefusedSince is >= 0 and <= MaxTime && (Refusals > 0 || RefusedSince == 0);

    /// <summary>A refusal that no reply stands behind, or an acceptance that a 5xx does, is a damaged record.</summary>
    private bool IsReplyPossible()
    {
        bool fits = Status switch
        {
            VerdictStatus.Deliverable => Code is 0 or (>= 200 and < 400),
            VerdictStatus.Undeliverable => Code is >= 400 and < 600,
            VerdictStatus.Unknown => Code is 0 or (>= 200 and < 600),
            _ => false,
        };
        return fits
            && Target <= ProbeTarget.Eod && Stage <= ProbeStage.EndOfData
            && Enhanced.Length <= VerdictRecordLimits.MaxEnhancedBytes && !Enhanced.AsSpan().ContainsAnyExcept(EnhancedCharacters)
            && IsText(Text, VerdictRecordLimits.MaxTextBytes)
            && IsText(Server, VerdictRecordLimits.MaxServerBytes)
            && IsText(Route, VerdictRecordLimits.MaxRouteBytes);
    }

    private static bool IsText(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) > maxBytes)
            return false;
        foreach (char c in text)
        {
            if (char.IsControl(c))
                return false;
        }

        return true;
    }

    private static string Cut(string text)
    {
        if (text.Length <= VerdictRecordLimits.MaxTextBytes / 3 || Encoding.UTF8.GetByteCount(text) <= VerdictRecordLimits.MaxTextBytes)
            return text;
        int bytes = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > VerdictRecordLimits.MaxTextBytes)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}

using System.Text;

namespace RcptVerify.Verification;

/// <summary>The one place where a verdict becomes what a door says.</summary>
public static class VerdictPolicy
{
    private static readonly byte[] Dunno = "DUNNO"u8.ToArray();
    private static readonly byte[] Tempfail = ReplySettings.Default.TempfailActionBytes;
    private static readonly byte[] TempfailText = Encoding.UTF8.GetBytes(ReplySettings.TempfailText);

    /// <summary>Room that <see cref="SocketmapStatus"/> needs for its text.</summary>
    public const int MaxTextBytes = 32 + DomainName.MaxBytes;

    private static ReadOnlySpan<byte> NoRouteText => "4.3.0 no route for "u8;

    /// <summary>
    /// The policy protocol's action. <c>DUNNO</c> for a deliverable recipient, never <c>OK</c>, which would skip the
    /// restrictions behind us.
    /// </summary>
    /// <param name="result">What the verifier found.</param>
    public static ReadOnlySpan<byte> PolicyAction(in VerificationResult result)
    {
        ReplySettings? reply = result.Route?.Reply;
        if (reply is { DryRun: true })
            return Dunno;
        return result.Outcome switch
        {
            VerificationOutcome.Undeliverable => reply is null ? Dunno : reply.RefuseAction,
            VerificationOutcome.Unknown => reply is null ? Tempfail : reply.TempfailActionBytes,
            _ => Dunno,
        };
    }

    /// <summary>The policy protocol's action for a whole message, at DATA and later.</summary>
    /// <param name="tally">The verdicts on its recipients.</param>
    /// <param name="mixed">What to do where some exist and others do not.</param>
    public static ReadOnlySpan<byte> PolicyAction(in RecipientTally tally, MixedAction mixed) => tally.Outcome switch
    {
        MessageOutcome.Deliverable => Dunno,
        MessageOutcome.Undeliverable => tally.Refusal!.RefuseAction,
        MessageOutcome.Mixed => mixed == MixedAction.Reject ? tally.Refusal!.MixedRefuseAction : tally.Refusal!.MixedDeferAction,
        _ => tally.Deferral!.TempfailActionBytes,
    };

    /// <summary>The milter protocol's reply to a whole message, at DATA and later: null to go on.</summary>
    /// <param name="tally">The verdicts on its recipients.</param>
    /// <param name="mixed">What to do where some exist and others do not.</param>
    public static RefusalReply? MilterReply(in RecipientTally tally, MixedAction mixed) => tally.Outcome switch
    {
        MessageOutcome.Deliverable => null,
        MessageOutcome.Undeliverable => tally.Refusal!.Refusal,
        MessageOutcome.Mixed => mixed == MixedAction.Reject ? tally.Refusal!.MixedRefusal : ReplySettings.MixedDeferral,
        _ => ReplySettings.TempfailReply,
    };

    /// <summary>The socketmap protocol's status and text (socketmap_table(5)).</summary>
    /// <param name="result">What the verifier found.</param>
    /// <param name="noRoute">The answer for a domain without a route.</param>
    /// <param name="dryRun">Whether such a domain is accepted whatever <paramref name="noRoute"/> says; a route has its own word on that.</param>
    /// <param name="address">The look-up key: the value that goes with <c>OK</c>, which Postfix does not look at but wants.</param>
    /// <param name="room">Room for a text that is made for this answer: <see cref="MaxTextBytes"/>.</param>
    /// <param name="text">The text behind the status; Postfix writes it into its log.</param>
    public static ReadOnlySpan<byte> SocketmapStatus(
        in VerificationResult result, NoRouteAnswer noRoute, bool dryRun, ReadOnlySpan<byte> address, Span<byte> room, out ReadOnlySpan<byte> text)
    {
        bool found = result.Route?.Reply.DryRun ?? dryRun;
        bool temporary = false;
        switch (result.Outcome)
        {
            case VerificationOutcome.Deliverable:
                found = true;
                break;
            case VerificationOutcome.NoRoute:
                found |= noRoute == NoRouteAnswer.Ok;
                temporary = noRoute == NoRouteAnswer.Temp;
                break;
            case VerificationOutcome.Unknown:
                temporary = true;
                break;
        }

        text = found ? address : !temporary ? default : result.Outcome == VerificationOutcome.NoRoute ? NoRouteFor(address, room) : TempfailText;
        return found ? "OK"u8 : temporary ? "TEMP"u8 : "NOTFOUND"u8;
    }

    /// <summary>A domain that cannot be read is not repeated.</summary>
    private static ReadOnlySpan<byte> NoRouteFor(ReadOnlySpan<byte> address, Span<byte> room)
    {
        int at = address.LastIndexOf((byte)'@');
        NoRouteText.CopyTo(room);
        return at >= 0 && DomainName.TryCanonicalize(address[(at + 1)..], room[NoRouteText.Length..], out int length)
            ? room[..(NoRouteText.Length + length)]
            : "4.3.0 no route for this address"u8;
    }

    /// <summary>
    /// The milter protocol's reply at RCPT: null to go on, which leaves the recipient to the restrictions of Postfix. Never
    /// "accept", which would hide the message's other recipients from us.
    /// </summary>
    /// <param name="result">What the verifier found.</param>
    public static RefusalReply? MilterReply(in VerificationResult result)
    {
        ReplySettings reply = result.Route?.Reply ?? ReplySettings.Default;
        if (reply.DryRun)
            return null;
        return result.Outcome switch
        {
            VerificationOutcome.Undeliverable => result.Route is null ? null : reply.Refusal,
            VerificationOutcome.Unknown => reply.Tempfail == TempfailAction.Dunno ? null : ReplySettings.TempfailReply,
            _ => null,
        };
    }
}

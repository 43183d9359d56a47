namespace RcptVerify.Verification;

/// <summary>The one place where a verdict becomes what a door says.</summary>
public static class VerdictPolicy
{
    private static readonly byte[] Dunno = "DUNNO"u8.ToArray();
    private static readonly byte[] Tempfail = ReplySettings.Default.TempfailActionBytes;

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

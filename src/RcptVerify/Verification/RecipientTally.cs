namespace RcptVerify.Verification;

/// <summary>What is known about a message as a whole.</summary>
public enum MessageOutcome : byte
{
    /// <summary>Nobody can say about one recipient at least.</summary>
    Unknown,

    /// <summary>Nothing to say against any recipient.</summary>
    Deliverable,

    /// <summary>None of the recipients exists.</summary>
    Undeliverable,

    /// <summary>Some exist, some do not.</summary>
    Mixed,
}

/// <summary>
/// The verdicts on a message's recipients, counted: for the stages after RCPT, where there is one answer for all of them. A recipient
/// whose route only runs dry, or lets the unknown pass, counts as one that nothing is said against.
/// </summary>
public struct RecipientTally
{
    /// <summary>Recipients counted.</summary>
    public readonly int Count => Good + Bad + Unknown;

    /// <summary>Those that nothing is said against.</summary>
    public int Good { get; private set; }

    /// <summary>Those that do not exist.</summary>
    public int Bad { get; private set; }

    /// <summary>Those that nobody can say anything about.</summary>
    public int Unknown { get; private set; }

    /// <summary>How the first recipient that does not exist is refused.</summary>
    internal ReplySettings? Refusal { get; private set; }

    /// <summary>How the first one that is unknown is deferred.</summary>
    internal ReplySettings? Deferral { get; private set; }

    /// <summary>All of them in one word. In doubt, unknown: then nothing is refused.</summary>
    public readonly MessageOutcome Outcome => this switch
    {
        { Unknown: > 0 } => MessageOutcome.Unknown,
        { Bad: 0 } => MessageOutcome.Deliverable,
        { Good: 0 } => MessageOutcome.Undeliverable,
        _ => MessageOutcome.Mixed,
    };

    /// <summary>Counts a recipient.</summary>
    /// <param name="result">What the verifier found.</param>
    /// <param name="unrouted">What holds for an address that has no route to say so.</param>
    public void Add(in VerificationResult result, ReplySettings unrouted)
    {
        ReplySettings reply = result.Route?.Reply ?? unrouted;
        switch (result.Outcome)
        {
            case VerificationOutcome.Undeliverable when result.Route is not null && !reply.DryRun:
                Bad++;
                Refusal ??= reply;
                break;
            case VerificationOutcome.Unknown when !reply.DryRun && reply.Tempfail != TempfailAction.Dunno:
                Unknown++;
                Deferral ??= reply;
                break;
            default:
                Good++;
                break;
        }
    }

    /// <summary>Counts recipients that nothing was ever found out about.</summary>
    /// <param name="count">How many.</param>
    /// <param name="unrouted">What holds where there is no route to say so.</param>
    public void AddUnseen(int count, ReplySettings unrouted)
    {
        ArgumentNullException.ThrowIfNull(unrouted);
        if (unrouted.DryRun || unrouted.Tempfail == TempfailAction.Dunno)
        {
            Good += count;
            return;
        }

        Unknown += count;
        Deferral ??= unrouted;
    }
}

namespace RcptVerify.Simulation.Behaviours;

/// <summary>What tells one Exchange from another.</summary>
/// <param name="TellsAt">The stage at which an unknown recipient is refused; null: never, a bounce follows instead.</param>
/// <param name="Extensions">EHLO keywords after SIZE.</param>
/// <param name="UserUnknown">The refusal.</param>
internal sealed record ExchangeEdition(SimulatedStage? TellsAt, IReadOnlyList<string> Extensions, Reply UserUnknown)
{
    /// <summary>The EHLO list of the Exchange 2013 transcript.</summary>
    public static readonly IReadOnlyList<string> Extensions2013 =
    [
        "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "X-ANONYMOUSTLS", "AUTH NTLM", "X-EXPS GSSAPI NTLM",
        "8BITMIME", "BINARYMIME", "CHUNKING", "XRDST",
    ];

    /// <summary>2007 and 2010 still list XEXCH50; XRDST came with 2010.</summary>
    public static readonly IReadOnlyList<string> Extensions2010 =
    [
        "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "X-ANONYMOUSTLS", "AUTH NTLM", "X-EXPS GSSAPI NTLM",
        "8BITMIME", "BINARYMIME", "CHUNKING", "XEXCH50", "XRDST",
    ];

    public static readonly IReadOnlyList<string> Extensions2007 = [.. Extensions2010.Except(["XRDST"])];

    /// <summary>2016 and 2019 know SMTPUTF8.</summary>
    public static readonly IReadOnlyList<string> Extensions2016 =
    [
        "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "X-ANONYMOUSTLS", "AUTH NTLM", "X-EXPS GSSAPI NTLM",
        "8BITMIME", "BINARYMIME", "CHUNKING", "SMTPUTF8", "XRDST",
    ];

    /// <summary>No authentication towards the Internet.</summary>
    public static readonly IReadOnlyList<string> ExtensionsOnline =
        ["PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME", "CHUNKING", "SMTPUTF8"];

    /// <summary>The one the troubled and hostile servers are made from: a refusal at RCPT.</summary>
    public static readonly ExchangeEdition Exchange2010 = new(SimulatedStage.Rcpt, Extensions2010, Replies.UserUnknown);
}

/// <summary>
/// A healthy Exchange. Where it tells late, one unknown recipient refuses the whole message (Microsoft, "Recipient filtering procedures").
/// </summary>
internal class ExchangeScript(SimulationContext context, ExchangeEdition edition) : ServerScript(context)
{
    protected override IReadOnlyList<string> Extensions => edition.Extensions;

    protected override Reply Rcpt(SimulatedSession session) =>
        edition.TellsAt == SimulatedStage.Rcpt && !Knows(session.Candidate) ? UserUnknown(session.Candidate) : base.Rcpt(session);

    protected override Reply Data(SimulatedSession session) =>
        edition.TellsAt == SimulatedStage.Data && FirstUnknown(session) is { } unknown ? UserUnknown(unknown) : base.Data(session);

    protected override Reply Chunk(SimulatedSession session) =>
        edition.TellsAt == SimulatedStage.Chunk && FirstUnknown(session) is { } unknown ? UserUnknown(unknown) : base.Chunk(session);

    /// <summary>Whoever tells at all tells here at the latest: DATA and BDAT are two ways to one message.</summary>
    protected override Reply Message(SimulatedSession session) =>
        edition.TellsAt is not null && FirstUnknown(session) is { } unknown ? UserUnknown(unknown) : base.Message(session);

    protected virtual Reply UserUnknown(string recipient) => edition.UserUnknown;

    private string? FirstUnknown(SimulatedSession session)
    {
        foreach (string recipient in session.Recipients)
        {
            if (!Knows(recipient))
                return recipient;
        }

        return null;
    }
}

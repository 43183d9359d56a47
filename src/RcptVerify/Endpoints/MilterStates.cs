using RcptVerify.Wire.Milter;

namespace RcptVerify.Endpoints;

/// <summary>Where a milter connection stands.</summary>
[Flags]
internal enum MilterState
{
    /// <summary>Nothing has been said.</summary>
    Opened = 1,

    /// <summary>Options are settled; the SMTP client is still to come.</summary>
    Negotiated = 2,

    /// <summary>An SMTP client is there, no transaction.</summary>
    Connected = 4,

    /// <summary>MAIL has been said, and perhaps RCPT.</summary>
    Envelope = 8,

    /// <summary>The content is coming.</summary>
    Content = 16,
}

/// <summary>
/// Which command may come when, what it leads to, and whether it is answered: the table of the protocol (libmilter engine.c).
/// Masked events are in it all the same: a mail server may send them.
/// </summary>
internal static class MilterStates
{
    private const MilterState Settled = MilterState.Negotiated | MilterState.Connected | MilterState.Envelope | MilterState.Content;
    private const MilterState Session = MilterState.Connected | MilterState.Envelope | MilterState.Content;
    private const MilterState Message = MilterState.Envelope | MilterState.Content;

    private static readonly Dictionary<MilterCommand, Row> Table = new()
    {
        [MilterCommand.Negotiate] = new(MilterState.Opened, MilterState.Negotiated, MilterAnswer.None),
        [MilterCommand.Connect] = new(MilterState.Negotiated, MilterState.Connected, MilterAnswer.Continue, MilterProtocol.NoReplyConnect),
        [MilterCommand.Helo] = new(MilterState.Connected, MilterState.Connected, MilterAnswer.Continue),
        [MilterCommand.Mail] = new(MilterState.Connected, MilterState.Envelope, MilterAnswer.Continue, MilterProtocol.NoReplyMail),
        [MilterCommand.Rcpt] = new(MilterState.Envelope, MilterState.Envelope, MilterAnswer.Verdict),
        [MilterCommand.Data] = new(MilterState.Envelope, MilterState.Content, MilterAnswer.Continue),
        [MilterCommand.Header] = new(Message, MilterState.Content, MilterAnswer.Continue),
        [MilterCommand.EndOfHeaders] = new(Message, MilterState.Content, MilterAnswer.Continue),
        [MilterCommand.Body] = new(Message, MilterState.Content, MilterAnswer.Continue),
        [MilterCommand.EndOfBody] = new(Message, MilterState.Connected, MilterAnswer.Continue),
        [MilterCommand.Unknown] = new(Session, null, MilterAnswer.Continue),
        [MilterCommand.Macro] = new(Settled, null, MilterAnswer.None),
        // Postfix sends it more than once, and after each message that has ended well.
        [MilterCommand.Abort] = new(Settled, MilterState.Connected, MilterAnswer.None),
        [MilterCommand.QuitNewConnection] = new(Settled, MilterState.Negotiated, MilterAnswer.None),
        [MilterCommand.Quit] = new(MilterState.Opened | Settled, null, MilterAnswer.Close),
    };

    // By the command's letter, so that each frame costs one array access.
    private static readonly Row?[] Rows = [.. Enumerable.Range(0, 128).Select(letter => Table.GetValueOrDefault((MilterCommand)letter))];

    /// <summary>Takes a command.</summary>
    /// <param name="state">Where the connection stands; afterwards where it stands then.</param>
    /// <param name="command">The command.</param>
    /// <param name="options">What was settled: some commands are not to be answered.</param>
    /// <param name="answer">What is to be said.</param>
    /// <returns>False where the command has no place here.</returns>
    public static bool TryTake(ref MilterState state, MilterCommand command, MilterProtocol options, out MilterAnswer answer)
    {
        Row? row = Rows[(int)command];
        answer = MilterAnswer.None;
        if (row is null || (row.Allowed & state) == 0)
            return false;
        answer = (row.Unanswered & options) != 0 ? MilterAnswer.None : row.Answer;
        // An ABORT before there is a client changes nothing.
        if (row.Next is { } next && !(command == MilterCommand.Abort && state == MilterState.Negotiated))
            state = next;
        return true;
    }

    private sealed record Row(MilterState Allowed, MilterState? Next, MilterAnswer Answer, MilterProtocol Unanswered = MilterProtocol.None);
}

/// <summary>What a command is answered with.</summary>
internal enum MilterAnswer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Go on.</summary>
    Continue,

    /// <summary>What the verifier says.</summary>
    Verdict,

    /// <summary>What is to be said to the message as a whole.</summary>
    Message,

    /// <summary>The end of the connection.</summary>
    Close,
}

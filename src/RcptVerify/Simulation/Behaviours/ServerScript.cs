using System.Globalization;

namespace RcptVerify.Simulation.Behaviours;

/// <summary>The points of the dialogue at which a behaviour has its say, once the order of commands and their syntax are right.</summary>
internal enum SimulatedStage
{
    Greeting,
    Ehlo,
    StartTls,
    Mail,
    Rcpt,
    Data,

    /// <summary>A BDAT chunk that is not the last.</summary>
    Chunk,

    /// <summary>The final dot, or the chunk with LAST.</summary>
    Message,
    Rset,
    Quit,
}

/// <summary>
/// The hooks of a behaviour. What is not overridden is an Exchange that accepts everybody. One instance serves all connections of a
/// simulator at once, so what it remembers must be safe for threads.
/// </summary>
internal abstract class ServerScript(SimulationContext context)
{
    /// <summary>5xx replies after which the connection is closed with 421 in place of the last one; 0 is never.</summary>
    public virtual int MaxProtocolErrors => 0;

    /// <summary>Whether EHLO lists STARTTLS on a connection in clear text.</summary>
    public virtual bool OffersStartTls => Context.Options.Certificate is not null;

    /// <summary>The EHLO keywords after SIZE, STARTTLS where it belongs.</summary>
    protected abstract IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether EHLO lists SMTPUTF8 (RFC 6531).</summary>
    public bool OffersSmtpUtf8 => Extensions.Contains("SMTPUTF8");

    protected SimulationContext Context { get; } = context;

    /// <summary>What 5xx replies wait for when the options do not say.</summary>
    protected virtual TimeSpan DefaultTarpit => TimeSpan.Zero;

    /// <summary>How long to hold <paramref name="reply"/> back. Exchange's tarpit delays refusals only.</summary>
    public TimeSpan HoldFor(Reply reply) => reply.IsRefusal ? Context.Options.TarpitInterval ?? DefaultTarpit : TimeSpan.Zero;

    /// <summary>The reply at <paramref name="stage"/>; the one door through which the dialogue asks.</summary>
    public virtual Reply Answer(SimulatedStage stage, SimulatedSession session) => stage switch
    {
        SimulatedStage.Greeting => Greeting(session),
        SimulatedStage.Ehlo => Hello(session),
        SimulatedStage.StartTls => Replies.ReadyForTls,
        SimulatedStage.Mail => Mail(session),
        SimulatedStage.Rcpt => IsOurs(session.Candidate) ? Rcpt(session) : Replies.UnableToRelay,
        SimulatedStage.Data => Data(session),
        SimulatedStage.Chunk => Chunk(session),
        SimulatedStage.Message => Message(session),
        SimulatedStage.Rset => Replies.Resetting,
        _ => Replies.Closing,
    };

    /// <summary>The connection this script greeted is gone.</summary>
    public virtual void Closed(SimulatedSession session)
    {
    }

    protected virtual Reply Greeting(SimulatedSession session)
    {
        DateTimeOffset now = Context.Options.TimeProvider.GetUtcNow();
        string date = now.ToString("ddd, d MMM yyyy HH':'mm':'ss '+0000'", CultureInfo.InvariantCulture);
        return Reply.Line($"220 {Context.Options.HostName} Microsoft ESMTP MAIL Service ready at {date}");
    }

    protected virtual Reply Mail(SimulatedSession session) => Replies.SenderOk;

    protected virtual Reply Rcpt(SimulatedSession session) => Replies.RecipientOk;

    protected virtual Reply Data(SimulatedSession session) => Replies.StartMailInput;

    protected virtual Reply Chunk(SimulatedSession session) =>
        Reply.Line($"250 2.6.0 CHUNK received OK, {session.ChunkOctets} octets");

    protected virtual Reply Message(SimulatedSession session) => Reply.Line(
        $"250 2.6.0 <{Guid.CreateVersion7(Context.Options.TimeProvider.GetUtcNow())}@{Context.Options.HostName}> Queued mail for delivery");

    protected bool Knows(string recipient) =>
        recipient.Equals("postmaster", StringComparison.OrdinalIgnoreCase) || Context.Known.Contains(recipient);

    private Reply Hello(SimulatedSession session)
    {
        string first = $"{Context.Options.HostName} Hello [{session.Peer}]";
        if (!session.IsExtended)
            return Reply.Line("250 " + first);

        bool startTls = OffersStartTls && !session.IsTls;
        string size = $"SIZE {SimulationLimits.MaxMessageOctets}";
        string[] lines = [first, size, .. Extensions.Where(e => startTls || e is not ("STARTTLS" or "X-ANONYMOUSTLS"))];
        return Reply.Line(string.Join("\r\n", lines.Select((line, i) => (i == lines.Length - 1 ? "250 " : "250-") + line)));
    }

    private bool IsOurs(string recipient)
    {
        if (Context.Options.AcceptedDomains.Count == 0)
            return true;

        int at = recipient.LastIndexOf('@');
        return at < 0 || Context.Options.AcceptedDomains.Contains(recipient[(at + 1)..], StringComparer.OrdinalIgnoreCase);
    }
}

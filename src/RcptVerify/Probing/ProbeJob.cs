using System.Buffers;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>A probe that waits for, or has, a session with one server.</summary>
internal sealed class ProbeJob
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    // Asynchronous: whoever completes a probe is a session with others waiting behind it.
    private readonly TaskCompletionSource<ProbeOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="address">The recipient.</param>
    /// <param name="route">Its route.</param>
    /// <param name="target">The stage whose reply decides; never <see cref="ProbeTarget.Auto"/>.</param>
    /// <param name="budget">Time it may spend with a session.</param>
    /// <param name="enqueuedAt">The clock's timestamp when it began to wait.</param>
    /// <param name="ticket">Who waits.</param>
    public ProbeJob(RecipientAddress address, Route route, ProbeTarget target, TimeSpan budget, long enqueuedAt, ProbeTicket ticket)
    {
        Address = address;
        Route = route;
        Target = target;
        Budget = budget;
        EnqueuedAt = enqueuedAt;
        Ticket = ticket;
        NeedsSmtpUtf8 = address.LocalPart.Span.ContainsAnyExceptInRange((byte)0x00, (byte)0x7f);
        ArrayBufferWriter<byte> command = _scratch ??= new(256);
        command.ResetWrittenCount();
        if (SmtpCommandWriter.TryWriteRcptTo(command, address.LocalPart.Span, address.Domain.Span, NeedsSmtpUtf8, out WireError error))
            RcptTo = command.WrittenSpan.ToArray();
        else
            Unsendable = error == WireError.CommandTooLong ? "the address is too long for SMTP" : "the address has a byte that SMTP cannot carry";
    }

    public RecipientAddress Address { get; }

    public Route Route { get; }

    public ProbeTarget Target { get; }

    public TimeSpan Budget { get; }

    public long EnqueuedAt { get; }

    public ProbeTicket Ticket { get; }

    /// <summary>The RCPT command, line end included; empty where the address is <see cref="Unsendable"/>.</summary>
    public byte[] RcptTo { get; } = [];

    /// <summary>Why SMTP cannot carry the address; null where it can.</summary>
    public string? Unsendable { get; }

    /// <summary>The address is not ASCII (RFC 6531).</summary>
    public bool NeedsSmtpUtf8 { get; }

    /// <summary>It stands among the callers' probes; kept by <see cref="ProbeQueue"/>.</summary>
    public bool IsForCaller { get; set; }

    /// <summary>When it first had a session, on which its budget began to run; null while it waits.</summary>
    public long? StartedAt { get; set; }

    /// <summary>The server found too many recipients in the transaction before it: it comes first in another.</summary>
    public bool WantsOwnTransaction { get; set; }

    /// <summary>It has been out of the queue: in the hands of a session, or done. Kept by <see cref="ProbeQueue"/>.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The next waiting probe of the same client: kept by <see cref="ProbeQueue"/>.</summary>
    public ProbeJob? NextOfClient { get; set; }

    public Task<ProbeOutcome> Outcome => _completion.Task;

    public bool IsDone => _completion.Task.IsCompleted;

    /// <summary>Whether both can go out in one piece, in one transaction.</summary>
    public bool GoesWith(ProbeJob first) =>
        Target == ProbeTarget.Rcpt && first.Target == ProbeTarget.Rcpt && !WantsOwnTransaction && NeedsSmtpUtf8 == first.NeedsSmtpUtf8;

    public void Complete(ProbeOutcome outcome) => _completion.TrySetResult(outcome);
}

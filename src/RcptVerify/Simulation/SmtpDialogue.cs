using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RcptVerify.Simulation.Behaviours;

namespace RcptVerify.Simulation;

/// <summary>
/// The server side of one SMTP connection, without the connection: octets in, replies out. Keeps the order of commands (RFC 5321 4.1.4)
/// and their syntax; everything else the behaviour in force decides.
/// </summary>
internal sealed class SmtpDialogue(SimulationContext context, SimulatedSession session)
{
    private readonly MessageReceiver _message = new();
    private Mode _mode;
    private long _chunkRemaining;
    private bool _chunkIsLast;
    private Reply? _chunkRefusal;

    private enum Mode
    {
        Command,
        SkipLine,
        Text,
        Chunk,
    }

    /// <summary>
    /// Consumes one command, or what there is of a message. False when <paramref name="input"/> holds nothing that can be answered yet.
    /// </summary>
    public bool TryAnswer(ref ReadOnlySequence<byte> input, [NotNullWhen(true)] out Reply? reply)
    {
        reply = _mode switch
        {
            Mode.Text => _message.TryReceiveUntilDot(ref input) ? EndMessage() : null,
            Mode.Chunk => null,
            _ => TryReadLine(ref input, out ReadOnlySequence<byte> line) ? AnswerLine(line) : LimitLine(ref input),
        };

        // Only BDAT is a command without a reply of its own: its chunk follows, and may be here already or be empty.
        if (reply is null && _mode == Mode.Chunk && _message.TryReceiveChunk(ref input, ref _chunkRemaining))
            reply = EndChunk();
        if (reply is not null)
            reply = CountErrors(reply);
        return reply is not null;
    }

    /// <summary>A line with its LF; skips the rest of one that was too long.</summary>
    private bool TryReadLine(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> line)
    {
        while (input.PositionOf((byte)'\n') is { } lineFeed)
        {
            SequencePosition next = input.GetPosition(1, lineFeed);
            line = input.Slice(0, next);
            input = input.Slice(next);
            if (_mode != Mode.SkipLine)
                return true;
            _mode = Mode.Command;
        }

        line = default;
        return false;
    }

    /// <summary>There is no whole line: refuses it once it is too long already, and forgets what has come of it.</summary>
    private Reply? LimitLine(ref ReadOnlySequence<byte> input)
    {
        bool alreadyRefused = _mode == Mode.SkipLine;
        if (!alreadyRefused && input.Length <= SimulationLimits.MaxLineOctets)
            return null;

        input = input.Slice(input.End);
        _mode = Mode.SkipLine;
        return alreadyRefused ? null : Unrecognized(Replies.LineTooLong);
    }

    private Reply? AnswerLine(in ReadOnlySequence<byte> line)
    {
        if (line.Length > SimulationLimits.MaxLineOctets)
            return Unrecognized(Replies.LineTooLong);
        if (line.IsSingleSegment)
            return AnswerLine(line.FirstSpan);

        byte[] whole = ArrayPool<byte>.Shared.Rent((int)line.Length);
        try
        {
            line.CopyTo(whole);
            return AnswerLine(whole.AsSpan(0, (int)line.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private Reply? AnswerLine(ReadOnlySpan<byte> line)
    {
        context.Options.Transcript?.Invoke(TranscriptText.Describe("-> ", line));
        if (!line.EndsWith("\r\n"u8))
            return Unrecognized(Replies.BareLineFeed);

        CommandLine command = new(line[..^2]);
        context.Counters.Count(command.Verb);
        return command.Verb switch
        {
            SimulationVerb.Rcpt => Rcpt(command.Argument),
            SimulationVerb.Mail => Mail(command.Argument),
            SimulationVerb.Rset => Rset(),
            SimulationVerb.Ehlo or SimulationVerb.Helo => Hello(command),
            SimulationVerb.Data => Data(command.Argument),
            SimulationVerb.Bdat => Bdat(command.Argument),
            SimulationVerb.StartTls => StartTls(command.Argument),
            SimulationVerb.Auth => Replies.UnknownAuthentication,
            SimulationVerb.Noop => Replies.Ok,
            SimulationVerb.Vrfy => Replies.CannotVerify,
            SimulationVerb.Quit => context.Script.Answer(SimulatedStage.Quit, session),
            _ => Replies.UnrecognizedCommand,
        };
    }

    private Reply Unrecognized(Reply reply)
    {
        context.Counters.Count(SimulationVerb.Unrecognized);
        return reply;
    }

    private Reply Hello(CommandLine command)
    {
        if (command.Argument.IsEmpty)
            return Replies.InvalidDomainName;

        session.Hello(extended: command.Verb == SimulationVerb.Ehlo);
        return context.Script.Answer(SimulatedStage.Ehlo, session);
    }

    private Reply StartTls(ReadOnlySpan<byte> argument)
    {
        if (!context.Script.OffersStartTls)
            return Replies.UnrecognizedCommand;
        if (session.IsTls)
            return Replies.OnlyOneTls;
        if (!session.HasSaidHello)
            return Replies.SendHelloFirst;
        return argument.IsEmpty ? context.Script.Answer(SimulatedStage.StartTls, session) : Replies.InvalidArguments;
    }

    private Reply Mail(ReadOnlySpan<byte> argument)
    {
        if (!session.HasSaidHello)
            return Replies.SendHelloFirst;
        if (session.Sender is not null)
            return Replies.SenderAlreadySpecified;
        if (!EnvelopePath.TryParse(argument, "FROM:"u8, out string? sender, out ReadOnlySpan<byte> parameters))
            return Replies.InvalidSender;
        if (!EnvelopePath.TryReadMailParameters(parameters, out long size, out bool international)
            || (international && !context.Script.OffersSmtpUtf8)
            || (!session.IsExtended && !parameters.IsEmpty))
            return Replies.InvalidArguments;
        if (!international && !Ascii.IsValid(sender))
            return Replies.InvalidSender;
        if (size > SimulationLimits.MaxMessageOctets)
            return Replies.MessageTooLong;

        Reply reply = context.Script.Answer(SimulatedStage.Mail, session);
        if (reply.IsPositive)
            session.Begin(sender, international);
        return reply;
    }

    private Reply Rcpt(ReadOnlySpan<byte> argument)
    {
        if (session.Sender is null)
            return session.HasSaidHello ? Replies.NeedMail : Replies.SendHelloFirst;
        if (!EnvelopePath.TryParse(argument, "TO:"u8, out string? recipient, out ReadOnlySpan<byte> parameters)
            || !IsRecipient(recipient))
            return Replies.InvalidRecipient;
        if (!EnvelopePath.AreRcptParameters(parameters))
            return Replies.InvalidArguments;

        if (context.Options.RecordRecipients)
            context.Counters.CountRecipient(recipient);
        if (session.Recipients.Count >= SimulationLimits.MaxRecipients)
            return Replies.TooManyRecipients;

        session.Candidate = recipient;
        Reply reply = context.Script.Answer(SimulatedStage.Rcpt, session);
        if (reply.IsPositive)
            session.AcceptCandidate();
        return reply;
    }

    /// <summary>RFC 5321 4.1.1.3: a domain is needed but for postmaster. RFC 6531 3.4: no 8-bit address without SMTPUTF8 at MAIL.</summary>
    private bool IsRecipient(string recipient)
    {
        int at = recipient.LastIndexOf('@');
        bool isWhole = at > 0 && at < recipient.Length - 1;
        return (isWhole || recipient.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
            && (session.IsInternational || Ascii.IsValid(recipient));
    }

    private Reply Rset()
    {
        session.EndTransaction();
        return context.Script.Answer(SimulatedStage.Rset, session);
    }

    private Reply Data(ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty)
            return Replies.InvalidArguments;
        if (session.HasChunks)
            return Replies.DataAfterBdat;
        if (MissingForMessage() is { } missing)
            return missing;

        Reply reply = context.Script.Answer(SimulatedStage.Data, session);
        if (reply.Code == Replies.StartMailInput.Code)
        {
            _message.Begin();
            _mode = Mode.Text;
        }

        return reply;
    }

    /// <summary><c>BDAT SP size [SP LAST]</c> (RFC 3030): the octets follow at once and are taken even when refused.</summary>
    private Reply? Bdat(ReadOnlySpan<byte> argument)
    {
        int space = argument.IndexOf((byte)' ');
        ReadOnlySpan<byte> size = space < 0 ? argument : argument[..space];
        _chunkIsLast = space >= 0 && Ascii.EqualsIgnoreCase(argument[space..].Trim((byte)' '), "LAST"u8);
        if (!Utf8Parser.TryParse(size, out ulong octets, out int used)
            || used != size.Length || octets > long.MaxValue || (space >= 0 && !_chunkIsLast))
            return Replies.InvalidArguments;

        _chunkRefusal = MissingForMessage();
        if (!session.HasChunks)
            _message.Begin();
        session.HasChunks = _chunkRefusal is null;
        session.ChunkOctets = _chunkRemaining = (long)octets;
        _mode = Mode.Chunk;
        return null;
    }

    private Reply? MissingForMessage() =>
        !session.HasSaidHello ? Replies.SendHelloFirst
        : session.Sender is null ? Replies.NeedMail
        : session.Recipients.Count == 0 ? Replies.NeedRcpt
        : null;

    private Reply EndChunk()
    {
        if (_chunkRefusal is not null || _chunkIsLast)
            return _chunkRefusal is null ? EndMessage() : BackToCommands(_chunkRefusal);

        Reply reply = _message.IsTooLong ? Replies.MessageTooLong : context.Script.Answer(SimulatedStage.Chunk, session);

        // RFC 3030 2: after a refused chunk the client has to send RSET; more chunks find no transaction.
        if (!reply.IsPositive)
            session.EndTransaction();
        return BackToCommands(reply);
    }

    private Reply EndMessage()
    {
        Reply reply = _message.IsTooLong ? Replies.MessageTooLong : context.Script.Answer(SimulatedStage.Message, session);
        if (reply.IsPositive)
            Deliver();
        session.EndTransaction();
        return BackToCommands(reply);
    }

    private Reply BackToCommands(Reply reply)
    {
        _mode = Mode.Command;
        return reply;
    }

    private void Deliver()
    {
        List<KeyValuePair<string, string>> headers = _message.ReadHeaders();
        bool isProbe = context.Options.EodSecret is { } secret
            && headers.Exists(h => h.Key.Equals("X-RcptVerify-Probe", StringComparison.OrdinalIgnoreCase) && h.Value == secret);
        if (isProbe)
            context.Counters.MessageDeletedByRule();
        else
            context.Counters.MessageDelivered(new(session.Sender!, [.. session.Recipients], headers, _message.Octets));
    }

    private Reply CountErrors(Reply reply)
    {
        int limit = context.Script.MaxProtocolErrors;
        return reply.IsRefusal && ++session.Errors >= limit && limit > 0 ? Replies.TooManyErrors : reply;
    }
}

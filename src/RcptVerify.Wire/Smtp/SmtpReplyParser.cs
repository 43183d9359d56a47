using System.Buffers;

namespace RcptVerify.Wire.Smtp;

// RFC 5321 section 4.2.1:
//   Reply-line  = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
//   Reply-code  = %x32-35 %x30-35 %x30-39
//   textstring  = 1*(%d09 / %d32-126)
// More is taken, because servers send it: a bare LF or several CRs at a line's end (Postfix takes both), any second
// digit, any text bytes but NUL, behind which C programs see nothing. Nothing else: after a code only SP, "-" or the end
// of the line, and one code throughout.

/// <summary>
/// Reads one SMTP reply, single- or multi-line, out of received bytes. All or nothing: until the last line is there,
/// nothing is consumed; what follows the reply (the next one, under PIPELINING) stays in the buffer.
/// </summary>
public static class SmtpReplyParser
{
    private const int CodeBytes = 3;
    private const int HeadBytes = CodeBytes + 1;

    /// <summary>As the overload with a state, looking at the whole buffer anew. For a buffer that holds everything there is.</summary>
    /// <inheritdoc cref="TryParse(ref ReadOnlySequence{byte}, SmtpReplyLimits, ref SmtpReplyScanState, out SmtpReply, out WireError)"/>
    public static OperationStatus TryParse(
        ref ReadOnlySequence<byte> buffer, SmtpReplyLimits limits, out SmtpReply? reply, out WireError error)
    {
        SmtpReplyScanState state = default;
        return TryParse(ref buffer, limits, ref state, out reply, out error);
    }

    /// <summary>Reads the reply at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Everything received and not consumed; moved behind the reply when there is one, else unchanged.</param>
    /// <param name="limits">What a reply may measure.</param>
    /// <param name="state">What the calls before found in the same bytes.</param>
    /// <param name="reply">The reply, when the result is <see cref="OperationStatus.Done"/>.</param>
    /// <param name="error">
    /// One of the Reply… values when the result is <see cref="OperationStatus.InvalidData"/>: the peer doesn't speak SMTP,
    /// or not within the limits, and the connection must be closed.
    /// </param>
    /// <returns>Done, NeedMoreData or InvalidData.</returns>
    public static OperationStatus TryParse(
        ref ReadOnlySequence<byte> buffer,
        SmtpReplyLimits limits,
        ref SmtpReplyScanState state,
        out SmtpReply? reply,
        out WireError error)
    {
        ArgumentNullException.ThrowIfNull(limits);
        reply = null;
        var reader = new SequenceReader<byte>(buffer);
        reader.Advance(state.Scanned);
        while (reader.TryAdvanceTo((byte)'\n', advancePastDelimiter: true))
        {
            ReadOnlySequence<byte> line = buffer.Slice(state.LineStart, reader.Consumed - state.LineStart - 1);
            error = EndLine(line, reader.Consumed, limits, ref state, out bool isLast);
            if (error != WireError.None)
            {
                return OperationStatus.InvalidData;
            }

            if (isLast)
            {
                reply = new SmtpReply(state.Code, buffer.Slice(0, reader.Consumed).ToArray());
                buffer = buffer.Slice(reader.Consumed);
                state = default;
                return OperationStatus.Done;
            }
        }

        state.Scanned = buffer.Length;
        error = CheckUnfinished(buffer.Slice(state.LineStart), buffer.Length, limits, ref state);
        return error == WireError.None ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;
    }

    /// <summary>A line ended: is it within the limits, and is another one to follow?</summary>
    private static WireError EndLine(
        in ReadOnlySequence<byte> line, long replyBytes, SmtpReplyLimits limits, ref SmtpReplyScanState state, out bool isLast)
    {
        isLast = false;
        if (line.Length + 1 > limits.MaxLineBytes)
        {
            return WireError.ReplyLineTooLong;
        }

        if (replyBytes > limits.MaxReplyBytes)
        {
            return WireError.ReplyTooLong;
        }

        Span<byte> space = stackalloc byte[HeadBytes];
        Span<byte> head = CopyHead(line, space);
        WireError error = CheckHead(head, ref state);
        if (error != WireError.None)
        {
            return error;
        }

        if (head.Length < CodeBytes)
        {
            return WireError.ReplyBadCode;
        }

        isLast = head.Length == CodeBytes || head[CodeBytes] != '-';
        if (head.Length == HeadBytes && head[CodeBytes] == '\r' && !IsOnly(line.Slice(CodeBytes), (byte)'\r'))
        {
            return WireError.ReplyBadSeparator;
        }

        if (line.PositionOf((byte)0) is not null)
        {
            return WireError.ReplyNul;
        }

        state.Lines++;
        state.LineStart = replyBytes;
        return isLast || state.Lines < limits.MaxLines ? WireError.None : WireError.ReplyTooManyLines;
    }

    /// <summary>No line end yet: a line that can't become good any more is refused now, not when the peer ends it.</summary>
    private static WireError CheckUnfinished(
        in ReadOnlySequence<byte> line, long replyBytes, SmtpReplyLimits limits, ref SmtpReplyScanState state)
    {
        // ">=": one more byte, the line feed, has to come.
        if (line.Length >= limits.MaxLineBytes)
        {
            return WireError.ReplyLineTooLong;
        }

        if (replyBytes >= limits.MaxReplyBytes)
        {
            return WireError.ReplyTooLong;
        }

        Span<byte> space = stackalloc byte[HeadBytes];
        return CheckHead(CopyHead(line, space), ref state);
    }

    /// <summary>Checks as much of the code and its separator as is there.</summary>
    private static WireError CheckHead(ReadOnlySpan<byte> head, ref SmtpReplyScanState state)
    {
        ReadOnlySpan<byte> digits = head[..Math.Min(head.Length, CodeBytes)];
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (digits.Length > 0 && digits[0] is < (byte)'2' or > (byte)'5'))
        {
            return WireError.ReplyBadCode;
        }

        if (digits.Length == CodeBytes)
        {
            int code = ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + (digits[2] - '0');
            if (state.Lines > 0 && code != state.Code)
            {
                return WireError.ReplyCodeChanged;
            }

            state.Code = code;
        }

        return head.Length == HeadBytes && head[CodeBytes] is not ((byte)' ' or (byte)'-' or (byte)'\r')
            ? WireError.ReplyBadSeparator
            : WireError.None;
    }

    private static Span<byte> CopyHead(in ReadOnlySequence<byte> line, Span<byte> space)
    {
        int length = (int)Math.Min(line.Length, space.Length);
        line.Slice(0, length).CopyTo(space);
        return space[..length];
    }

    private static bool IsOnly(in ReadOnlySequence<byte> bytes, byte value)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            if (segment.Span.ContainsAnyExcept(value))
            {
                return false;
            }
        }

        return true;
    }
}

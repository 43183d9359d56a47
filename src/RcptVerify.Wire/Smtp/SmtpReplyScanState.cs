namespace RcptVerify.Wire.Smtp;

/// <summary>
/// What <see cref="SmtpReplyParser"/> already knows about a reply that has not arrived whole, so that the bytes looked
/// at before are not looked at again. Start with the default value and keep it beside the buffer: it holds as long as
/// the next call sees the same unconsumed bytes again with more behind them. A parsed reply resets it; after invalid
/// data the connection is of no further use, and neither is this.
/// </summary>
public record struct SmtpReplyScanState
{
    /// <summary>Bytes at the buffer's start that need no second look.</summary>
    internal long Scanned { get; set; }

    /// <summary>Offset of the first byte of the line that has no end yet.</summary>
    internal long LineStart { get; set; }

    /// <summary>Lines that have ended.</summary>
    internal int Lines { get; set; }

    /// <summary>The reply code of the lines so far; 0 before the first one.</summary>
    internal int Code { get; set; }
}

namespace RcptVerify.Wire.Milter;

/// <summary>
/// What a milter client may send. Postfix refuses frames past 1 GiB (milter8.c) and sets no other limit; these are ours: above
/// what a mail server produces for the events we ask for, small enough that a hostile peer cannot hold memory.
/// </summary>
public sealed record MilterLimits
{
    /// <summary>Longest line of a reply as the SMTP client sees it, in bytes: RFC 5321 section 4.5.3.1.5 allows 512 with CR LF.</summary>
    public const int MaxReplyLineBytes = 510;

    /// <summary>Most lines of a reply: as many as libmilter's smfi_setmlreply takes.</summary>
    public const int MaxReplyLines = 32;

    /// <summary>The defaults.</summary>
    public static MilterLimits Default { get; } = new();

    /// <summary>
    /// The longest frame in bytes, its command counted, its length not. Default 128 KiB: a body chunk has at most 65535
    /// (MILTER_CHUNK_SIZE), macros and arguments some kilobytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxFrameBytes { get; init => field = AtLeastOne(value); } = 128 * 1024;

    /// <summary>The most macros of one frame. Default 256: Postfix sends about ten by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxMacros { get; init => field = AtLeastOne(value); } = 256;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}

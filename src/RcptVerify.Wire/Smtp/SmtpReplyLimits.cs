namespace RcptVerify.Wire.Smtp;

/// <summary>
/// How much a server may say in one reply. A reply past a limit is refused as soon as that is certain,
/// before its end has arrived, so a server that never ends a line can't fill our memory.
/// </summary>
public sealed record SmtpReplyLimits
{
    /// <summary>The limits used where nothing else is configured.</summary>
    public static SmtpReplyLimits Default { get; } = new();

    /// <summary>
    /// Longest reply line in bytes, code and line end included. Default 2048: RFC 5321 section 4.5.3.1.5 says 512, but
    /// also that a receiver should cope with more; servers exceed it with long diagnostics, and what Postfix itself
    /// takes from a server (line_length_limit) is 2048.
    /// </summary>
    public int MaxLineBytes { get; init; } = 2048;

    /// <summary>Most lines in one reply. Default 128: several times the longest EHLO answers seen.</summary>
    public int MaxLines { get; init; } = 128;

    /// <summary>Longest reply in bytes, all lines with their ends. Default 65536: 128 lines of the RFC's 512 bytes.</summary>
    public int MaxReplyBytes { get; init; } = 64 * 1024;
}

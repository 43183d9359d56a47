namespace RcptVerify.Wire;

/// <summary>What a <see cref="WireError"/> is in words.</summary>
public static class WireErrors
{
    /// <summary>A few words for a log, without a full stop; limits are those of the protocol's <c>…Limits.Default</c>.</summary>
    /// <param name="error">The fault.</param>
    public static string Describe(WireError error) => error switch
    {
        WireError.None => "no fault",
        WireError.Truncated => "the peer left in the middle of a request",
        WireError.LineTooLong => "a line is too long",
        WireError.TooManyAttributes => "a request has too many lines",
        WireError.RequestTooLarge => "a request is too large",
        WireError.MissingEquals => "a line has no \"=\"",
        WireError.EmptyName => "a line begins with \"=\"",
        WireError.InvalidByte => "there is a NUL in a request",
        WireError.EmptyRequest => "an empty line, and no request before it",
        WireError.ReplyLineTooLong => "a line of the reply is too long",
        WireError.ReplyTooLong => "the reply is too long",
        WireError.ReplyTooManyLines => "the reply has too many lines",
        WireError.ReplyBadCode => "a line of the reply has no reply code",
        WireError.ReplyCodeChanged => "the lines of one reply have different codes",
        WireError.ReplyBadSeparator => "something else than a space or a hyphen follows a reply code",
        WireError.ReplyNul => "there is a NUL in a reply",
        WireError.CommandForbiddenByte => "the command would contain a byte that ends it",
        WireError.CommandTooLong => "the command would be too long",
        WireError.MilterEmptyFrame => "a frame of length 0",
        WireError.MilterFrameTooLong => "a frame is longer than any of a mail server",
        WireError.MilterUnknownCommand => "there is no such milter command",
        WireError.MilterUnexpectedCommand => "a command came where it has no place",
        WireError.MilterBadNegotiation => "the offer of options is too short",
        WireError.MilterVersion => "the mail server speaks a version of the protocol older than 2",
        WireError.MilterBadArguments => "a command lacks an argument, or the end of one",
        WireError.MilterBadConnect => "the client's address cannot be read",
        WireError.MilterTooManyMacros => "a command has too many macros",
        WireError.MilterBadPath => "an address cannot be read",
        WireError.NetstringBadLength => "a netstring does not begin with its length",
        WireError.NetstringTooLong => "a netstring is too long",
        WireError.NetstringNoComma => "a netstring does not end with a comma",
        WireError.SocketmapNoKey => "a request has no space between the map's name and the key",
        WireError.SocketmapNul => "there is a NUL in a request",
        _ => "a fault without a name",
    };
}

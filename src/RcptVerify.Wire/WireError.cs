namespace RcptVerify.Wire;

/// <summary>
/// Why bytes from a peer are not what its protocol allows. One enum for all codecs, so that logs and metrics can
/// name a fault without knowing the protocol; the numbers are stable. 1–99 any protocol, 100–199 policy, 200–299 SMTP,
/// 300–399 milter, 400–499 socketmap.
/// </summary>
public enum WireError
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The peer closed the connection inside a message.</summary>
    Truncated = 1,

    /// <summary>Policy: a line is longer than <see cref="Policy.PolicyLimits.MaxLineBytes"/>.</summary>
    LineTooLong = 101,

    /// <summary>Policy: more lines in a request than <see cref="Policy.PolicyLimits.MaxAttributes"/>.</summary>
    TooManyAttributes = 102,

    /// <summary>Policy: a request does not end within <see cref="Policy.PolicyLimits.MaxRequestBytes"/>.</summary>
    RequestTooLarge = 103,

    /// <summary>Policy: a line without "=".</summary>
    MissingEquals = 104,

    /// <summary>Policy: a line that begins with "=".</summary>
    EmptyName = 105,

    /// <summary>Policy: a NUL, which neither names nor values may contain.</summary>
    InvalidByte = 106,

    /// <summary>Policy: an empty line with no attribute before it.</summary>
    EmptyRequest = 107,

    /// <summary>SMTP: a reply line is longer than the limit.</summary>
    ReplyLineTooLong = 201,

    /// <summary>SMTP: the lines of one reply together are longer than the limit.</summary>
    ReplyTooLong = 202,

    /// <summary>SMTP: one reply has more lines than the limit.</summary>
    ReplyTooManyLines = 203,

    /// <summary>SMTP: a reply line does not begin with a reply code.</summary>
    ReplyBadCode = 204,

    /// <summary>SMTP: the lines of one reply carry different codes.</summary>
    ReplyCodeChanged = 205,

    /// <summary>SMTP: a reply code is followed by neither space, hyphen nor the end of the line.</summary>
    ReplyBadSeparator = 206,

    /// <summary>SMTP: a NUL in a reply.</summary>
    ReplyNul = 207,

    /// <summary>SMTP: a command would contain a byte that could end or split it.</summary>
    CommandForbiddenByte = 211,

    /// <summary>SMTP: a command would be longer than the limit.</summary>
    CommandTooLong = 212,

    /// <summary>Milter: a frame of length zero, which has not even a command.</summary>
    MilterEmptyFrame = 301,

    /// <summary>Milter: a frame is longer than <see cref="Milter.MilterLimits.MaxFrameBytes"/>.</summary>
    MilterFrameTooLong = 302,

    /// <summary>Milter: a command that the protocol does not have.</summary>
    MilterUnknownCommand = 303,

    /// <summary>Milter: a command that has no place where it came.</summary>
    MilterUnexpectedCommand = 304,

    /// <summary>Milter: the offer of options is too short.</summary>
    MilterBadNegotiation = 305,

    /// <summary>Milter: a protocol version older than 2.</summary>
    MilterVersion = 306,

    /// <summary>Milter: strings without their NUL, or none where there must be one.</summary>
    MilterBadArguments = 307,

    /// <summary>Milter: an address family that does not exist, or no address behind it.</summary>
    MilterBadConnect = 308,

    /// <summary>Milter: more macros in a frame than <see cref="Milter.MilterLimits.MaxMacros"/>.</summary>
    MilterTooManyMacros = 309,

    /// <summary>Milter: a path that is not one, or that only the mail server can read.</summary>
    MilterBadPath = 310,

    /// <summary>Socketmap: a netstring's length is empty, has a leading zero, or is no number.</summary>
    NetstringBadLength = 401,

    /// <summary>Socketmap: a netstring is longer than <see cref="Socketmap.SocketmapLimits.MaxRequestBytes"/>.</summary>
    NetstringTooLong = 402,

    /// <summary>Socketmap: a netstring does not end with a comma.</summary>
    NetstringNoComma = 403,

    /// <summary>Socketmap: a request without a space between map name and key.</summary>
    SocketmapNoKey = 404,

    /// <summary>Socketmap: a NUL in a request.</summary>
    SocketmapNul = 405,
}

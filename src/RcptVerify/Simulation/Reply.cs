using System.Text;

namespace RcptVerify.Simulation;

/// <summary>What happens once a reply's octets are written.</summary>
internal enum ReplyEnding
{
    /// <summary>The dialogue goes on.</summary>
    Continue,

    /// <summary>The server closes the connection.</summary>
    Close,

    /// <summary>The TLS handshake follows.</summary>
    StartTls,
}

/// <summary>How a reply's octets are written.</summary>
internal enum ReplyManner
{
    /// <summary>At once.</summary>
    Whole,

    /// <summary>One octet a second.</summary>
    OneOctetASecond,

    /// <summary>Again and again until the client is gone.</summary>
    ForEver,
}

/// <summary>One reply, ready for the wire. Fixed texts are made once; behaviours hand out the same instance for every command.</summary>
internal sealed class Reply
{
    private Reply(int code, byte[] octets)
    {
        Code = code;
        Octets = octets;
    }

    /// <summary>The reply code the dialogue goes by; 0 where the octets are no proper reply.</summary>
    public int Code { get; }

    /// <summary>The octets, CRLF included. Empty: nothing is said.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    public ReplyEnding Ending { get; private init; }

    public ReplyManner Manner { get; private init; }

    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsRefusal => Code >= 500;

    /// <summary>A reply of one line, or of several separated by CRLF, without the last CRLF; starts with its code.</summary>
    public static Reply Line(string text) => new(
        ((text[0] - '0') * 100) + ((text[1] - '0') * 10) + (text[2] - '0'),
        Encoding.UTF8.GetBytes(text + "\r\n"));

    /// <summary>Octets written as they are; <paramref name="code"/> is what the server itself makes of them.</summary>
    public static Reply Raw(int code, ReadOnlySpan<byte> octets) => new(code, octets.ToArray());

    /// <summary>Nothing is said, the connection closes.</summary>
    public static Reply Hangup { get; } = new(0, []) { Ending = ReplyEnding.Close };

    public Reply ThenClose() => new(Code, Octets.ToArray()) { Ending = ReplyEnding.Close, Manner = Manner };

    public Reply ThenStartTls() => new(Code, Octets.ToArray()) { Ending = ReplyEnding.StartTls, Manner = Manner };

    public Reply OneOctetASecond() => new(Code, Octets.ToArray()) { Ending = Ending, Manner = ReplyManner.OneOctetASecond };

    public Reply ForEver() => new(Code, Octets.ToArray()) { Ending = ReplyEnding.Close, Manner = ReplyManner.ForEver };
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using RcptVerify.Wire.Milter;

namespace RcptVerify.Wire;

/// <summary>A protocol by which somebody may come to one of our sockets.</summary>
public enum WireProtocol : byte
{
    /// <summary>None of these, or too few bytes to tell.</summary>
    Unknown,

    /// <summary>Postfix's policy delegation protocol.</summary>
    Policy,

    /// <summary>The milter protocol.</summary>
    Milter,

    /// <summary>Netstrings, as socketmap has them.</summary>
    Socketmap,

    /// <summary>HTTP/1 (and the preface of HTTP/2).</summary>
    Http,

    /// <summary>An SMTP client that does not wait for a greeting.</summary>
    Smtp,

    /// <summary>A TLS handshake.</summary>
    Tls,
}

/// <summary>
/// Guesses a protocol by a connection's first bytes, for the log: whoever comes to the wrong door is told which is his. Nothing is
/// decided by it but <see cref="IsWholeNetstring"/>.
/// </summary>
public static class WireProtocols
{
    /// <summary>Bytes that are looked at, at most.</summary>
    public const int MaxBytes = 64;

    private const int MinBytes = 4;
    private const int MaxDigits = 9;

    private static ReadOnlySpan<byte> PolicyStart => "request="u8;

    /// <summary>The protocol that a connection begins in.</summary>
    /// <param name="bytes">Its first bytes; of fewer than four nothing can be said.</param>
    public static WireProtocol Guess(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> start = stackalloc byte[MaxBytes];
        int length = (int)Math.Min(start.Length, bytes.Length);
        bytes.Slice(0, length).CopyTo(start);
        return Guess(start[..length]);
    }

    /// <summary>Whether the bytes are one whole netstring or more: what no policy client ever begins with.</summary>
    /// <param name="bytes">A connection's first bytes.</param>
    public static bool IsWholeNetstring(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> start = stackalloc byte[MaxDigits + 1];
        int read = (int)Math.Min(start.Length, bytes.Length);
        bytes.Slice(0, read).CopyTo(start);
        int colon = ColonOf(start[..read]);
        if (colon < 0)
            return false;
        int length = 0;
        foreach (byte digit in start[..colon])
            length = (length * 10) + (digit - '0');
        long comma = colon + 1L + length;
        return bytes.Length > comma && bytes.Slice(comma, 1).FirstSpan[0] == (byte)',';
    }

    private static WireProtocol Guess(ReadOnlySpan<byte> start)
    {
        if (start.Length < MinBytes)
            return WireProtocol.Unknown;
        if (start.StartsWith(PolicyStart) || PolicyStart.StartsWith(start))
            return WireProtocol.Policy;
        // RFC 8446 section 5.1: handshake (22), version 3.x, and then a length.
        if (start[0] == 22 && start[1] == 3 && start[2] <= 4)
            return WireProtocol.Tls;
        if (IsMilter(start))
            return WireProtocol.Milter;
        if (ColonOf(start) >= 0)
            return WireProtocol.Socketmap;
        return IsHttp(start) ? WireProtocol.Http : IsSmtp(start) ? WireProtocol.Smtp : WireProtocol.Unknown;
    }

    /// <summary>A milter connection begins with the offer of options: a frame of 13 bytes, more in later versions, and its letter.</summary>
    private static bool IsMilter(ReadOnlySpan<byte> start) =>
        start.Length > MinBytes && start[MinBytes] == (byte)MilterCommand.Negotiate && BinaryPrimitives.ReadUInt32BigEndian(start) is >= 13 and <= 1024;

    /// <summary>Where the colon of a netstring's length stands; -1 where there is none.</summary>
    private static int ColonOf(ReadOnlySpan<byte> start)
    {
        int digits = start.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits is > 0 and <= MaxDigits && start[digits] == (byte)':' ? digits : -1;
    }

    private static bool IsHttp(ReadOnlySpan<byte> start) =>
        start.StartsWith("GET "u8) || start.StartsWith("HEAD "u8) || start.StartsWith("POST "u8) || start.StartsWith("PUT "u8)
        || start.StartsWith("DELETE "u8) || start.StartsWith("OPTIONS "u8) || start.StartsWith("CONNECT "u8) || start.StartsWith("PRI * HTTP/2"u8);

    private static bool IsSmtp(ReadOnlySpan<byte> start)
    {
        Span<byte> verb = stackalloc byte[MinBytes];
        _ = Ascii.ToUpper(start[..MinBytes], verb, out _);
        return (start.Length == MinBytes || start[MinBytes] is (byte)' ' or (byte)'\r' or (byte)'\n')
            && (verb.SequenceEqual("EHLO"u8) || verb.SequenceEqual("HELO"u8) || verb.SequenceEqual("LHLO"u8) || verb.SequenceEqual("MAIL"u8)
                || verb.SequenceEqual("QUIT"u8) || verb.SequenceEqual("NOOP"u8) || verb.SequenceEqual("RSET"u8));
    }
}

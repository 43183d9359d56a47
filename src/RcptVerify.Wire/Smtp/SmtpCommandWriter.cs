using System.Buffers;
using System.Buffers.Text;

namespace RcptVerify.Wire.Smtp;

/// <summary>
/// Writes the commands of a probing client. A command is written whole, with its CRLF, or not at all; nothing is
/// allocated. Arguments come from strangers: what could end a path or a line is refused with
/// <see cref="WireError.CommandForbiddenByte"/> (also an empty or malformed domain or path), what is longer than
/// RFC 5321 section 4.5.3.1 allows with <see cref="WireError.CommandTooLong"/>.
/// </summary>
public static class SmtpCommandWriter
{
    /// <summary>Longest domain in octets (section 4.5.3.1.2).</summary>
    public const int MaxDomainBytes = 255;

    /// <summary>Longest mailbox in octets: a path may have 256 with its angle brackets (section 4.5.3.1.3).</summary>
    public const int MaxMailboxBytes = 254;

    /// <summary>
    /// Longest command line in octets, CRLF included (section 4.5.3.1.4). With domain and mailbox within their limits
    /// no command comes near it: the longest, MAIL with all parameters, has 318.
    /// </summary>
    public const int MaxCommandBytes = 512;

    // ehlo = "EHLO" SP ( Domain / address-literal ) CRLF                                     RFC 5321 section 4.1.1.1

    /// <summary>Writes EHLO.</summary>
    /// <param name="output">Receives the command.</param>
    /// <param name="domain">Our host name (A-labels) or address literal with its brackets, ASCII.</param>
    /// <param name="error">Why nothing was written.</param>
    public static bool TryWriteEhlo(IBufferWriter<byte> output, ReadOnlySpan<byte> domain, out WireError error) =>
        TryWriteGreeting(output, "EHLO "u8, domain, out error);

    // helo = "HELO" SP Domain CRLF                                                            RFC 5321 section 4.1.1.1

    /// <summary>Writes HELO, for a server that refused EHLO. An address literal is let through, as Postfix does.</summary>
    /// <inheritdoc cref="TryWriteEhlo"/>
    public static bool TryWriteHelo(IBufferWriter<byte> output, ReadOnlySpan<byte> domain, out WireError error) =>
        TryWriteGreeting(output, "HELO "u8, domain, out error);

    // mail         = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF                      RFC 5321 section 4.1.1.2
    // Reverse-path = "<" Mailbox ">" / "<>"
    // SIZE=1*20DIGIT (RFC 1870), BODY=8BITMIME / BINARYMIME (RFC 6152, 3030), SMTPUTF8 (RFC 6531)

    /// <summary>Writes MAIL FROM.</summary>
    /// <param name="output">Receives the command.</param>
    /// <param name="reversePath">The sender in external form without angle brackets; empty is the null sender <c>&lt;&gt;</c>.</param>
    /// <param name="smtpUtf8">Adds SMTPUTF8; only when the server announced it.</param>
    /// <param name="size">The message's octets for SIZE, only when the server announced it; 0 leaves it out.</param>
    /// <param name="body">The BODY parameter.</param>
    /// <param name="error">Why nothing was written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public static bool TryWriteMailFrom(
        IBufferWriter<byte> output, ReadOnlySpan<byte> reversePath, bool smtpUtf8, long size, SmtpBodyType body, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        error = reversePath.Length > MaxMailboxBytes ? WireError.CommandTooLong
            : reversePath.IsEmpty || SmtpAddress.IsMailbox(reversePath, smtpUtf8) ? WireError.None
            : WireError.CommandForbiddenByte;
        if (error != WireError.None)
        {
            return false;
        }

        var line = new CommandLine(output);
        line.Append("MAIL FROM:<"u8);
        line.Append(reversePath);
        line.Append(">"u8);
        if (size > 0)
        {
            line.Append(" SIZE="u8);
            line.Append(size);
        }

        line.Append(body switch
        {
            SmtpBodyType.EightBitMime => " BODY=8BITMIME"u8,
            SmtpBodyType.BinaryMime => " BODY=BINARYMIME"u8,
            _ => default,
        });
        line.Append(smtpUtf8 ? " SMTPUTF8"u8 : default);
        line.End();
        return true;
    }

    // rcpt         = "RCPT TO:" Forward-path CRLF                                             RFC 5321 section 4.1.1.3
    // Forward-path = "<" Mailbox ">"

    /// <summary>Writes RCPT TO.</summary>
    /// <param name="output">Receives the command.</param>
    /// <param name="localPart">The local part in internal form: unquoted, any bytes. Quoted here where it must be.</param>
    /// <param name="domain">The domain, or an address literal with its brackets.</param>
    /// <param name="smtpUtf8">True when MAIL carried SMTPUTF8: allows UTF-8 in both parts.</param>
    /// <param name="error">Why nothing was written.</param>
    public static bool TryWriteRcptTo(
        IBufferWriter<byte> output, ReadOnlySpan<byte> localPart, ReadOnlySpan<byte> domain, bool smtpUtf8, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> quoted = stackalloc byte[MaxMailboxBytes];
        if (!SmtpAddress.TryQuoteLocalPart(localPart, smtpUtf8, quoted, out int length, out error))
        {
            return false;
        }

        error = length + 1 + domain.Length > MaxMailboxBytes ? WireError.CommandTooLong
            : SmtpAddress.IsDomain(domain, smtpUtf8) ? WireError.None
            : WireError.CommandForbiddenByte;
        if (error != WireError.None)
        {
            return false;
        }

        var line = new CommandLine(output);
        line.Append("RCPT TO:<"u8);
        line.Append(quoted[..length]);
        line.Append("@"u8);
        line.Append(domain);
        line.Append(">"u8);
        line.End();
        return true;
    }

    // data = "DATA" CRLF   rset = "RSET" CRLF   quit = "QUIT" CRLF          RFC 5321 sections 4.1.1.4, 4.1.1.5, 4.1.1.10

    /// <summary>Writes DATA.</summary>
    public static void WriteData(IBufferWriter<byte> output) => Write(output, "DATA\r\n"u8);

    /// <summary>Writes RSET: ends the transaction, keeps the session.</summary>
    public static void WriteRset(IBufferWriter<byte> output) => Write(output, "RSET\r\n"u8);

    /// <summary>Writes QUIT.</summary>
    public static void WriteQuit(IBufferWriter<byte> output) => Write(output, "QUIT\r\n"u8);

    // "STARTTLS" CRLF                                                                                RFC 3207 section 4

    /// <summary>
    /// Writes STARTTLS. Nothing may be pipelined behind it, and nothing received before the handshake may count after it.
    /// </summary>
    public static void WriteStartTls(IBufferWriter<byte> output) => Write(output, "STARTTLS\r\n"u8);

    // bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CR LF      end-marker = "LAST"               RFC 3030 section 2

    /// <summary>Writes BDAT; the caller sends exactly <paramref name="length"/> octets right behind it.</summary>
    /// <param name="output">Receives the command.</param>
    /// <param name="length">Octets in the chunk; 0 only makes sense with <paramref name="last"/>.</param>
    /// <param name="last">True ends the message. An accepted last chunk is a delivered message.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static void WriteBdat(IBufferWriter<byte> output, int length, bool last)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var line = new CommandLine(output);
        line.Append("BDAT "u8);
        line.Append(length);
        line.Append(last ? " LAST"u8 : default);
        line.End();
    }

    private static bool TryWriteGreeting(
        IBufferWriter<byte> output, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> domain, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(output);
        error = domain.Length > MaxDomainBytes ? WireError.CommandTooLong
            : SmtpAddress.IsDomain(domain, smtpUtf8: false) ? WireError.None
            : WireError.CommandForbiddenByte;
        if (error != WireError.None)
        {
            return false;
        }

        var line = new CommandLine(output);
        line.Append(verb);
        line.Append(domain);
        line.End();
        return true;
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> command)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(command);
    }

    /// <summary>One command being put together in the output's own memory; counts only once it is ended.</summary>
    private ref struct CommandLine(IBufferWriter<byte> output)
    {
        private readonly Span<byte> _line = output.GetSpan(MaxCommandBytes);
        private int _length;

        public void Append(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_line[_length..]);
            _length += bytes.Length;
        }

        public void Append(long number)
        {
            Utf8Formatter.TryFormat(number, _line[_length..], out int written);
            _length += written;
        }

        public void End()
        {
            Append("\r\n"u8);
            output.Advance(_length);
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>The least message that a mail server takes for one (RFC 5322 section 3.6), made to be deleted unseen.</summary>
internal static class ProbeMessage
{
    /// <summary>Carries the route's <c>eod_secret</c>: what the transport rule in <c>config/exchange</c> matches.</summary>
    public const string SecretHeader = "X-RcptVerify-Probe";

    private static readonly byte[] Chunk = "Auto-Submitted: auto-generated\r\n"u8.ToArray();

    /// <summary>Writes the message and the final dot. No line begins with a dot, so none needs another.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="helo">Our name: domain of sender and message id.</param>
    /// <param name="recipient">In external form, as RCPT has it.</param>
    /// <param name="secret">Printable, no spaces.</param>
    /// <param name="now">The clock.</param>
    /// <param name="id">Never the same twice.</param>
    public static void Write(IBufferWriter<byte> output, string helo, string recipient, string secret, DateTimeOffset now, Guid id)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"""
            Date: {now.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000
            From: postmaster@{helo}
            To: <{recipient}>
            Subject: Recipient verification probe
            Message-ID: <{id:N}@{helo}>
            Auto-Submitted: auto-generated
            X-Auto-Response-Suppress: All
            {SecretHeader}: {secret}

            This message verifies that the recipient exists. It should have been deleted by a transport rule.
            .

            """);
        output.Write(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")));
    }

    /// <summary>Writes a BDAT command for a first chunk, and the chunk: one header line.</summary>
    /// <param name="output">Where it goes.</param>
    public static void WriteChunk(IBufferWriter<byte> output)
    {
        SmtpCommandWriter.WriteBdat(output, Chunk.Length, last: false);
        output.Write(Chunk);
    }
}

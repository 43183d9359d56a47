using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class SmtpReplyPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000);

    /// <summary>Bytes that often look like replies: half of them from the characters replies are made of.</summary>
    private static readonly Gen<byte[]> Noise = Gen.Frequency(
        (4, Gen.Elements("2550- \r\n.1"u8.ToArray())),
        (1, Gen.Choose(0, 255).Select(b => (byte)b))).ArrayOf();

    private static readonly Gen<byte[]> Line = Gen.Frequency(
        (3, Gen.Choose(32, 126)), (1, Gen.Choose(0, 255).Where(b => b is not ('\n' or '\r' or '\0')))).Select(b => (byte)b).ArrayOf();

    [Fact]
    public void Any_bytes_give_an_answer_that_keeps_the_contract()
    {
        Check.One(Thorough, Prop.ForAll(Noise.ToArbitrary(), bytes =>
        {
            ReadOnlySequence<byte> buffer = WireSample.Shred(bytes);
            OperationStatus status = SmtpReplyParser.TryParse(
                ref buffer, SmtpReplyLimits.Default, out SmtpReply? reply, out WireError error);
            return status switch
            {
                OperationStatus.Done => reply is { Code: >= 200 and <= 599 } && IsPrintable(reply)
                    && error == WireError.None && buffer.Length < bytes.Length,
                OperationStatus.NeedMoreData => reply is null && error == WireError.None && buffer.Length == bytes.Length,
                OperationStatus.InvalidData => reply is null && error != WireError.None && buffer.Length == bytes.Length,
                _ => false,
            };
        }));
    }

    [Fact]
    public void Bytes_that_drip_in_end_as_bytes_that_come_at_once()
    {
        Check.One(Thorough, Prop.ForAll(Noise.ToArbitrary(), bytes =>
        {
            var whole = new ReadOnlySequence<byte>(bytes);
            OperationStatus atOnce = SmtpReplyParser.TryParse(
                ref whole, SmtpReplyLimits.Default, out SmtpReply? expected, out WireError expectedError);

            SmtpReplyScanState state = default;
            OperationStatus dripped = OperationStatus.NeedMoreData;
            SmtpReply? reply = null;
            WireError error = WireError.None;
            for (int length = 1; length <= bytes.Length && dripped == OperationStatus.NeedMoreData; length++)
            {
                var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
                dripped = SmtpReplyParser.TryParse(ref buffer, SmtpReplyLimits.Default, ref state, out reply, out error);
            }

            return (atOnce, expectedError, expected?.ToString()) == (dripped, error, reply?.ToString());
        }));
    }

    [Fact]
    public void Whatever_a_line_holds_it_comes_out_as_one_printable_line()
    {
        Check.One(Thorough, Prop.ForAll(Line.NonEmptyListOf().ToArbitrary(), texts =>
        {
            byte[] bytes = [.. texts.SelectMany((text, i) =>
                (byte[])[.. "550"u8, (byte)(i < texts.Count - 1 ? '-' : ' '), .. text, .. "\r\n"u8])];
            SmtpReply reply = WireSample.Reply(bytes);
            return reply.Lines.Count == texts.Count && IsPrintable(reply)
                && reply.Lines.All(line => line.StartsWith("550", StringComparison.Ordinal));
        }));
    }

    private static bool IsPrintable(SmtpReply reply) =>
        reply.Lines.Append(reply.Text).Append(reply.ToString()).All(text => !text.Any(char.IsControl));
}

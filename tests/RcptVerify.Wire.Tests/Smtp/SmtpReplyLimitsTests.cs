using System.Buffers;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class SmtpReplyLimitsTests
{
    private static readonly SmtpReplyLimits Limits = new() { MaxLineBytes = 20, MaxLines = 3, MaxReplyBytes = 50 };

    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        SmtpReplyLimits limits = SmtpReplyLimits.Default;
        Assert.Equal((2048, 128, 65536), (limits.MaxLineBytes, limits.MaxLines, limits.MaxReplyBytes));
    }

    [Fact]
    public void A_line_may_fill_the_limit_and_not_exceed_it()
    {
        AssertParses(Line(20));
        AssertRefused(Line(21), WireError.ReplyLineTooLong);
        AssertRefused("250-a\r\n" + Line(21), WireError.ReplyLineTooLong);
    }

    [Fact]
    public void A_line_too_long_is_refused_before_its_end_arrives()
    {
        AssertNeedsMore(Line(20)[..^1]);
        AssertRefused(Line(21)[..^1], WireError.ReplyLineTooLong);
    }

    [Fact]
    public void A_reply_may_have_as_many_lines_as_the_limit_and_no_more()
    {
        AssertParses("250-a\r\n250-b\r\n250 c\r\n");
        AssertNeedsMore("250-a\r\n250-b\r\n");
        AssertRefused("250-a\r\n250-b\r\n250-c\r\n", WireError.ReplyTooManyLines);
        AssertRefused("250-a\r\n250-b\r\n250-c\r\n250 d\r\n", WireError.ReplyTooManyLines);
    }

    [Fact]
    public void A_reply_may_fill_the_limit_and_not_exceed_it()
    {
        string start = Line(20, '-') + Line(20, '-');
        AssertParses(start + Line(10));
        AssertRefused(start + Line(11), WireError.ReplyTooLong);
        AssertNeedsMore(start + Line(10)[..^1]);
        AssertRefused(start + Line(11)[..^1], WireError.ReplyTooLong);
    }

    [Fact]
    public void A_reply_behind_another_one_does_not_count()
    {
        AssertParses(Line(20) + Line(20) + Line(20));
    }

    [Fact]
    public void A_drip_of_single_bytes_ends_at_the_limit()
    {
        byte[] endless = WireSample.Bytes("250 " + new string('x', 100));
        SmtpReplyScanState state = default;
        int length = 0;
        OperationStatus status;
        WireError error;
        do
        {
            var buffer = new ReadOnlySequence<byte>(endless, 0, ++length);
            status = SmtpReplyParser.TryParse(ref buffer, Limits, ref state, out _, out error);
        }
        while (status == OperationStatus.NeedMoreData);

        Assert.Equal((OperationStatus.InvalidData, WireError.ReplyLineTooLong, Limits.MaxLineBytes), (status, error, length));
    }

    private static string Line(int bytes, char separator = ' ') => $"250{separator}{new string('x', bytes - 6)}\r\n";

    private static void AssertParses(string wire) => AssertResult(wire, OperationStatus.Done, WireError.None);

    private static void AssertNeedsMore(string wire) => AssertResult(wire, OperationStatus.NeedMoreData, WireError.None);

    private static void AssertRefused(string wire, WireError error) => AssertResult(wire, OperationStatus.InvalidData, error);

    private static void AssertResult(string wire, OperationStatus expected, WireError expectedError)
    {
        byte[] bytes = WireSample.Bytes(wire);
        foreach (ReadOnlySequence<byte> sequence in new[] { new ReadOnlySequence<byte>(bytes), WireSample.Shred(bytes) })
        {
            ReadOnlySequence<byte> buffer = sequence;
            OperationStatus status = SmtpReplyParser.TryParse(ref buffer, Limits, out _, out WireError error);
            Assert.Equal((expected, expectedError), (status, error));
        }
    }
}

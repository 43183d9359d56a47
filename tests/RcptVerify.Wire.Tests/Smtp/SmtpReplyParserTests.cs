using System.Buffers;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class SmtpReplyParserTests
{
    public static TheoryData<string, int, string, string> Replies
    {
        get
        {
            var data = new TheoryData<string, int, string, string>();
            foreach ((string wire, int code, string enhanced, string text) in ExchangeReplies.All)
            {
                data.Add(wire, code, enhanced, text);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_read_whole_and_with_every_split(string wire, int code, string enhanced, string text)
    {
        byte[] bytes = WireSample.Bytes(wire);
        for (int split = 0; split <= bytes.Length; split++)
        {
            AssertReads(WireSample.Cut(bytes, split), code, enhanced, text);
        }

        AssertReads(WireSample.Shred(bytes), code, enhanced, text);
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void Every_strict_prefix_needs_more_and_consumes_nothing(string wire, int code, string enhanced, string text)
    {
        byte[] bytes = WireSample.Bytes(wire);
        SmtpReplyScanState state = default;
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadOnlySequence<byte> anew = WireSample.Shred(bytes[..length]);
            ReadOnlySequence<byte> resumed = anew;
            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref anew, out SmtpReply? none, out WireError error));
            Assert.Null(none);
            Assert.Equal(WireError.None, error);
            Assert.Equal(length, anew.Length);
            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref resumed, ref state, out none, out error));
            Assert.Null(none);
            Assert.Equal(WireError.None, error);
            Assert.Equal(length, resumed.Length);
        }

        ReadOnlySequence<byte> whole = WireSample.Shred(bytes);
        Assert.Equal(OperationStatus.Done, Parse(ref whole, ref state, out SmtpReply? reply, out _));
        AssertIs(reply, code, enhanced, text);
        Assert.Equal(default, state);
    }

    [Fact]
    public void Pipelined_replies_come_out_one_after_another()
    {
        byte[] bytes = WireSample.Bytes(string.Concat(ExchangeReplies.All.Select(reply => reply.Wire)));
        ReadOnlySequence<byte> buffer = WireSample.Cut(bytes, 7, 100, 101, 500);
        SmtpReplyScanState state = default;
        foreach ((_, int code, string enhanced, string text) in ExchangeReplies.All)
        {
            Assert.Equal(OperationStatus.Done, Parse(ref buffer, ref state, out SmtpReply? reply, out _));
            AssertIs(reply, code, enhanced, text);
        }

        Assert.True(buffer.IsEmpty);
    }

    [Theory]
    [InlineData("250\r\n", "")]
    [InlineData("250\n", "")]
    [InlineData("250 \r\n", "")]
    [InlineData("250 ok\n", "ok")]
    [InlineData("250 ok\r\r\n", "ok")]
    [InlineData("250\r\r\n", "")]
    [InlineData("250-one\n250-\r\n250\n", "one")]
    [InlineData("250-one\n250 two\r\n", "one two")]
    [InlineData("250  spaced \r\n", "spaced")]
    public void Sloppy_line_ends_and_missing_text_are_accepted(string wire, string text)
    {
        AssertReads(WireSample.Shred(WireSample.Bytes(wire)), 250, "", text);
        AssertReads(new ReadOnlySequence<byte>(WireSample.Bytes(wire)), 250, "", text);
    }

    [Theory]
    [InlineData("\r\n", WireError.ReplyBadCode)]
    [InlineData("25\r\n", WireError.ReplyBadCode)]
    [InlineData("25\n", WireError.ReplyBadCode)]
    [InlineData("150 early\r\n", WireError.ReplyBadCode)]
    [InlineData("650 late\r\n", WireError.ReplyBadCode)]
    [InlineData("2x0 ok\r\n", WireError.ReplyBadCode)]
    [InlineData(" 250 ok\r\n", WireError.ReplyBadCode)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", WireError.ReplyBadCode)]
    [InlineData("2500 ok\r\n", WireError.ReplyBadSeparator)]
    [InlineData("250:ok\r\n", WireError.ReplyBadSeparator)]
    [InlineData("250\tok\r\n", WireError.ReplyBadSeparator)]
    [InlineData("250\rok\r\n", WireError.ReplyBadSeparator)]
    [InlineData("550 5.1.1 User\0 unknown\r\n", WireError.ReplyNul)]
    [InlineData("250-ok\0\r\n250 ok\r\n", WireError.ReplyNul)]
    [InlineData("250-ok\r\n251 ok\r\n", WireError.ReplyCodeChanged)]
    [InlineData("250-ok\r\n550 no\r\n", WireError.ReplyCodeChanged)]
    [InlineData("250-ok\r\nSIZE 1\r\n", WireError.ReplyBadCode)]
    public void What_is_no_reply_is_refused_and_left_in_the_buffer(string wire, WireError expected)
    {
        byte[] bytes = WireSample.Bytes(wire);
        foreach (ReadOnlySequence<byte> sequence in new[] { new ReadOnlySequence<byte>(bytes), WireSample.Shred(bytes) })
        {
            ReadOnlySequence<byte> buffer = sequence;
            Assert.Equal(OperationStatus.InvalidData, Parse(ref buffer, out SmtpReply? reply, out WireError error));
            Assert.Equal(expected, error);
            Assert.Null(reply);
            Assert.Equal(bytes.Length, buffer.Length);
        }
    }

    [Theory]
    [InlineData("S", WireError.ReplyBadCode)]
    [InlineData("\u0015\u0003\u0001", WireError.ReplyBadCode)]
    [InlineData("25\r", WireError.ReplyBadCode)]
    [InlineData("250x", WireError.ReplyBadSeparator)]
    [InlineData("250-ok\r\n251", WireError.ReplyCodeChanged)]
    public void A_line_that_cannot_become_good_is_refused_before_it_ends(string start, WireError expected)
    {
        ReadOnlySequence<byte> buffer = WireSample.Shred(WireSample.Bytes(start));
        Assert.Equal(OperationStatus.InvalidData, Parse(ref buffer, out _, out WireError error));
        Assert.Equal(expected, error);
    }

    private static OperationStatus Parse(ref ReadOnlySequence<byte> buffer, out SmtpReply? reply, out WireError error) =>
        SmtpReplyParser.TryParse(ref buffer, SmtpReplyLimits.Default, out reply, out error);

    private static OperationStatus Parse(
        ref ReadOnlySequence<byte> buffer, ref SmtpReplyScanState state, out SmtpReply? reply, out WireError error) =>
        SmtpReplyParser.TryParse(ref buffer, SmtpReplyLimits.Default, ref state, out reply, out error);

    private static void AssertReads(ReadOnlySequence<byte> buffer, int code, string enhanced, string text)
    {
        Assert.Equal(OperationStatus.Done, Parse(ref buffer, out SmtpReply? reply, out WireError error));
        Assert.Equal(WireError.None, error);
        Assert.True(buffer.IsEmpty);
        AssertIs(reply, code, enhanced, text);
    }

    private static void AssertIs(SmtpReply? reply, int code, string enhanced, string text)
    {
        Assert.NotNull(reply);
        Assert.Equal((code, enhanced, text), (reply.Code, reply.Enhanced.ToString(), reply.Text));
    }
}

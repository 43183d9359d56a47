using System.Buffers;
using System.Text;
using RcptVerify.Wire.Socketmap;
using Xunit;

namespace RcptVerify.Wire.Tests.Socketmap;

public sealed class SocketmapReplyWriterTests
{
    [Theory]
    [InlineData("OK", "x", "4:OK x,")]
    [InlineData("NOTFOUND", "", "9:NOTFOUND ,")]
    [InlineData("TEMP", "later", "10:TEMP later,")]
    [InlineData("TIMEOUT", "", "8:TIMEOUT ,")]
    [InlineData("PERM", "ü,:", "9:PERM ü,:,")]
    public void A_reply_is_one_netstring(string status, string text, string reply) => Assert.Equal(reply, Written(status, text));

    [Fact]
    public void Replies_are_appended()
    {
        ArrayBufferWriter<byte> output = new();
        SocketmapReplyWriter.Write(output, "OK"u8, "x"u8);
        SocketmapReplyWriter.Write(output, "NOTFOUND"u8, default);
        Assert.Equal("4:OK x,9:NOTFOUND ,", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void The_longest_text_can_be_written_and_a_longer_one_not()
    {
        string text = new('x', SocketmapLimits.MaxTextBytes);
        Assert.Equal($"5125:TEMP {text},", Written("TEMP", text));
        Assert.Throws<ArgumentException>("text", () => Written("TEMP", text + "x"));
    }

    [Theory]
    [InlineData("OK", "")]
    [InlineData("OK", "a\nb")]
    [InlineData("TEMP", "\0")]
    [InlineData("TEMP", "\u007f")]
    public void A_text_that_Postfix_would_not_take_is_a_programming_error(string status, string text) =>
        Assert.Throws<ArgumentException>(nameof(text), () => Written(status, text));

    [Fact]
    public void What_is_not_UTF_8_is_a_programming_error() =>
        Assert.Throws<ArgumentException>("text", () => SocketmapReplyWriter.Write(new ArrayBufferWriter<byte>(), "OK"u8, [0xfc]));

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("OK ")]
    [InlineData("FOUND")]
    public void A_word_that_is_no_status_is_a_programming_error(string status) =>
        Assert.Throws<ArgumentException>(nameof(status), () => Written(status, "x"));

    private static string Written(string status, string text)
    {
        ArrayBufferWriter<byte> output = new();
        SocketmapReplyWriter.Write(output, Encoding.UTF8.GetBytes(status), Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

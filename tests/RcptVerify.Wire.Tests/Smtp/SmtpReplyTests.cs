using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class SmtpReplyTests
{
    [Theory]
    [InlineData("250 ok\r\n", true, false, false, false)]
    [InlineData("354 go\r\n", false, true, false, false)]
    [InlineData("450 later\r\n", false, false, true, false)]
    [InlineData("599 no\r\n", false, false, false, true)]
    public void The_first_digit_says_what_the_reply_means(string wire, bool positive, bool intermediate, bool transient, bool permanent)
    {
        SmtpReply reply = WireSample.Reply(wire);
        Assert.Equal(
            (positive, intermediate, transient, permanent),
            (reply.IsPositive, reply.IsIntermediate, reply.IsTransient, reply.IsPermanent));
    }

    [Fact]
    public void Lines_keep_their_codes_and_lose_their_ends()
    {
        Assert.Equal(["250-a b", "250-", "250 c"], WireSample.Reply("250-a b\r\n250-\n250 c\r\r\n").Lines);
        Assert.Equal(["250"], WireSample.Reply("250\r\n").Lines);
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown\r\n", "550 5.1.1 User unknown")]
    [InlineData("550-5.1.1 User\r\n550 5.1.1 unknown\r\n", "550 5.1.1 User unknown")]
    [InlineData("550 5.1.1\r\n", "550 5.1.1")]
    [InlineData("250\r\n", "250")]
    [InlineData("250 ok\r\n", "250 ok")]
    public void ToString_is_the_reply_on_one_line(string wire, string expected) =>
        Assert.Equal(expected, WireSample.Reply(wire).ToString());

    [Fact]
    public void The_last_enhanced_code_of_several_counts()
    {
        SmtpReply reply = WireSample.Reply("550-5.7.1 first\r\n550 5.1.1 last\r\n");
        Assert.Equal("5.1.1", reply.Enhanced.ToString());
        Assert.Equal("5.7.1 first last", reply.Text);
        Assert.Equal("5.7.1", WireSample.Reply("550-5.7.1 first\r\n550 last\r\n").Enhanced.ToString());
    }

    [Fact]
    public void An_enhanced_code_of_another_class_than_the_reply_code_is_only_text()
    {
        SmtpReply reply = WireSample.Reply("450 5.1.1 User unknown\r\n");
        Assert.True(reply.Enhanced.IsNone);
        Assert.Equal("5.1.1 User unknown", reply.Text);
    }

    [Theory]
    [InlineData("a\rb", "a?b")]
    [InlineData("a\tb", "a?b")]
    [InlineData("a\u007fb", "a?b")]
    [InlineData("a\u001b[31mb", "a?[31mb")]
    [InlineData("a\u0085b", "a?b")]
    [InlineData("a\u2028b", "a?b")]
    [InlineData("a\u202eb", "a?b")]
    [InlineData("Postfach unbekannt: m\u00fcller \u00ab\u6f22\u5b57\u00bb \U0001F4EA",
        "Postfach unbekannt: m\u00fcller \u00ab\u6f22\u5b57\u00bb \U0001F4EA")]
    [InlineData("say \"no\" \\", "say \"no\" \\")]
    public void What_is_not_printable_becomes_a_question_mark(string text, string expected)
    {
        SmtpReply reply = WireSample.Reply($"550 {text}\r\n");
        Assert.Equal(expected, reply.Text);
        Assert.Equal([$"550 {expected}"], reply.Lines);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_question_marks()
    {
        Assert.Equal("m?ller ?", WireSample.Reply([.. "550 m"u8, 0xfc, .. "ller "u8, 0xc3, .. "\r\n"u8]).Text);
        Assert.Equal("? ?", WireSample.Reply([.. "550-"u8, 0xc3, .. "\r\n550 "u8, 0xbc, .. "\r\n"u8]).Text);
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.TestKit;
using RcptVerify.Wire.Milter;
using Xunit;

namespace RcptVerify.Wire.Tests.Milter;

public sealed class MilterReplyWriterTests
{
    [Fact]
    public void Continue_and_progress_are_a_letter_without_data()
    {
        ArrayBufferWriter<byte> output = new();
        MilterReplyWriter.WriteContinue(output);
        MilterReplyWriter.WriteProgress(output);
        Assert.Equal(MilterBytes.Join(MilterBytes.Frame('c'), MilterBytes.Frame('p')), output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(550, "5.1.1", "nobody@example.com", "User unknown", "550 5.1.1 <nobody@example.com>: User unknown")]
    [InlineData(451, "4.3.0", "", "Later", "451 4.3.0 Later")]
    [InlineData(551, "", "a@b", "gone", "551 <a@b>: gone")]
    [InlineData(550, "5.1.1", "100%@b", "50% off", "550 5.1.1 <100%%@b>: 50%% off")]
    [InlineData(550, "5.1.1", "a@b", "one\r\ntwo\nthree", "550-5.1.1 <a@b>: one\r\n550-5.1.1 two\r\n550 5.1.1 three")]
    [InlineData(550, "5.1.1", "a\r\nb@c", "x", "550 5.1.1 <a??b@c>: x")]
    [InlineData(550, "5.1.1", "a\0b\u0085@c", "x\ty", "550 5.1.1 <a?b?@c>: x?y")]
    [InlineData(550, "5.1.1", "jürgen@bücher.example", "x", "550 5.1.1 <jürgen@bücher.example>: x")]
    [InlineData(550, "5.1.1", "a@b", "", "550 5.1.1 <a@b>: ")]
    [InlineData(550, "5.1.1", "a@b", "x\n", "550-5.1.1 <a@b>: x\r\n550 5.1.1 ")]
    public void A_reply_has_its_code_on_every_line(int code, string enhanced, string address, string text, string expected) =>
        Assert.Equal(MilterBytes.Frame('y', expected + "\0"), Write(code, enhanced, address, text));

    [Fact]
    public void Bytes_that_are_not_UTF8_become_question_marks()
    {
        ArrayBufferWriter<byte> output = new();
        MilterReplyWriter.WriteReply(output, 550, "5.1.1"u8, [(byte)'a', 0xff, 0xc3, (byte)'@', (byte)'b'], "x"u8);
        Assert.Equal(MilterBytes.Frame('y', "550 5.1.1 <a??@b>: x\0"), output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(250, "2.1.5")]
    [InlineData(399, "")]
    [InlineData(600, "")]
    [InlineData(550, "4.1.1")]
    [InlineData(451, "5.1.1")]
    [InlineData(550, "5.1")]
    [InlineData(550, "5.1.1234")]
    [InlineData(550, "5.1.x")]
    [InlineData(550, "5..1")]
    [InlineData(550, "5.1.1.1")]
    public void What_Postfix_would_take_for_a_broken_filter_is_never_written(int code, string enhanced) =>
        Assert.Throws<ArgumentException>(() => Write(code, enhanced, "", "x"));

    [Fact]
    public void A_line_is_cut_between_characters_and_lines_have_an_end()
    {
        Assert.Equal(MilterBytes.Frame('y', $"550 5.1.1 {new string('%', 1000)}\0"), Write(550, "5.1.1", "", new string('%', 600)));
        Assert.Equal(MilterBytes.Frame('y', $"550 5.1.1 x{new string('ü', 249)}\0"), Write(550, "5.1.1", "", $"x{new string('ü', 300)}"));
        string[] lines = Text(Write(550, "5.1.1", "", string.Join('\n', Enumerable.Range(0, 100)))).Split("\r\n");
        Assert.Equal((32, "550 5.1.1 31"), (lines.Length, lines[^1]));
        Assert.All(lines[..^1], line => Assert.StartsWith("550-5.1.1 ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_the_text_Postfix_can_read_the_reply() => Prop.ForAll(
        Gen.Elements("a", "%", "\r", "\n", "\r\n", "\0", "ü", "5.1.1", " ", "\ud800", "x\u2028").ArrayOf().Select(string.Concat)
            .Zip(Gen.Elements("a@b", "%@\r\n", "")).ToArbitrary(),
        static sample =>
        {
            byte[] frame = Write(550, "5.1.1", sample.Item2, sample.Item1);
            Assert.Equal(frame.Length - 4, (int)BinaryPrimitives.ReadUInt32BigEndian(frame));
            Assert.Equal((byte)0, frame[^1]);
            Assert.Equal(0, frame.AsSpan(5, frame.Length - 6).Count((byte)0));
            string[] lines = Text(frame).Split("\r\n");
            Assert.All(lines[..^1], line => Assert.StartsWith("550-5.1.1 ", line, StringComparison.Ordinal));
            Assert.StartsWith("550 5.1.1 ", lines[^1], StringComparison.Ordinal);
            Assert.All(lines, line => Assert.DoesNotContain('%', line.Replace("%%", "", StringComparison.Ordinal)));
            Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static byte[] Write(int code, string enhanced, string address, string text)
    {
        ArrayBufferWriter<byte> output = new();
        MilterReplyWriter.WriteReply(output, code, Encoding.UTF8.GetBytes(enhanced), Encoding.UTF8.GetBytes(address), Encoding.UTF8.GetBytes(text));
        return output.WrittenSpan.ToArray();
    }

    private static string Text(byte[] frame) => Encoding.UTF8.GetString(frame.AsSpan(5, frame.Length - 6));
}

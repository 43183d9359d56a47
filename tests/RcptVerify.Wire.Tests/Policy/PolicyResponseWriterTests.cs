using System.Buffers;
using System.Text;
using RcptVerify.Wire.Policy;
using Xunit;

namespace RcptVerify.Wire.Tests.Policy;

public sealed class PolicyResponseWriterTests
{
    [Theory]
    [InlineData("DUNNO")]
    [InlineData("550 5.1.1 User unknown")]
    [InlineData("550 5.1.1 Empfänger unbekannt = 字")]
    public void An_answer_is_one_action_and_an_empty_line(string action)
    {
        Assert.Equal($"action={action}\n\n", Written(action));
        Assert.Equal($"action={action}\n\n", Encoded(action));
    }

    [Fact]
    public void Answers_are_appended()
    {
        ArrayBufferWriter<byte> output = new();
        PolicyResponseWriter.Write(output, "DUNNO"u8);
        PolicyResponseWriter.Write(output, "REJECT"u8);
        Assert.Equal("action=DUNNO\n\naction=REJECT\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("")]
    [InlineData("550 a\nb")]
    [InlineData("550 a\r")]
    [InlineData("550 a\0")]
    [InlineData("550 a\tb")]
    [InlineData("\u001b[1m")]
    [InlineData("550 \u007f")]
    public void Control_characters_are_a_programming_error(string action)
    {
        Assert.Throws<ArgumentException>(nameof(action), () => Written(action));
        Assert.Throws<ArgumentException>(nameof(action), () => Encoded(action));
        Assert.False(PolicyResponseWriter.IsValidAction(Encoding.UTF8.GetBytes(action)));
    }

    [Fact]
    public void What_is_not_UTF_8_is_a_programming_error()
    {
        Assert.Throws<ArgumentException>("action", () => PolicyResponseWriter.Encode([(byte)'5', 0xfc]));
    }

    [Fact]
    public void A_long_action_is_cut_between_characters()
    {
        const int Limit = PolicyLimits.MaxActionBytes;
        string exact = new('x', Limit);
        Assert.Equal($"action={exact}\n\n", Written(exact));
        Assert.Equal($"action={exact}\n\n", Written(exact + "y"));

        // The last character fits, or begins one byte to four bytes before the limit and ends behind it.
        Assert.Equal($"action={exact[4..]}😀\n\n", Encoded(exact[4..] + "😀y"));
        for (int fits = 0; fits < 4; fits++)
            Assert.Equal($"action={exact[fits..]}\n\n", Encoded(exact[fits..] + "😀y"));
    }

    private static string Written(string action)
    {
        ArrayBufferWriter<byte> output = new();
        PolicyResponseWriter.Write(output, Encoding.UTF8.GetBytes(action));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Encoded(string action) =>
        Encoding.UTF8.GetString(PolicyResponseWriter.Encode(Encoding.UTF8.GetBytes(action)));
}

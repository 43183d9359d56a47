using System.Text;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed class LineBuilderTests
{
    [Fact]
    public void Pieces_are_appended_in_order()
    {
        LineBuilder line = new(new byte[100]);
        line.Append("a="u8);
        line.Append("ü");
        line.AppendEscaped(" b\n"u8, token: true);
        line.AppendEscaped("c\"d");
        line.AppendSeconds(TimeSpan.FromMilliseconds(1234));
        Assert.Equal("a=ü\\x20b\\x0ac\\x22d1.23", Text(line));
    }

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(4, "0.00")]
    [InlineData(5, "0.01")]
    [InlineData(8000, "8.00")]
    [InlineData(3_600_000, "3600.00")]
    public void Seconds_have_two_decimals(int milliseconds, string expected)
    {
        LineBuilder line = new(new byte[20]);
        line.AppendSeconds(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(expected, Text(line));
    }

    [Fact]
    public void Text_past_the_end_is_cut_and_not_lost()
    {
        for (int room = 0; room < 20; room++)
        {
            LineBuilder bytes = new(new byte[room]);
            bytes.Append("hello, world"u8);
            Assert.Equal("hello, world"[..Math.Min(room, 12)], Text(bytes));

            LineBuilder text = new(new byte[room]);
            text.Append("hello, world");
            Assert.Equal("hello, world"[..Math.Min(room, 12)], Text(text));

            LineBuilder escaped = new(new byte[room]);
            escaped.AppendEscaped("hello, world");
            escaped.AppendSeconds(TimeSpan.FromSeconds(1));
            Assert.StartsWith("hello, world"[..Math.Min(room, 12)], Text(escaped), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_is_never_cut_within_a_character()
    {
        LineBuilder line = new(new byte[8]);
        line.Append("aü😀😀");
        Assert.Equal("aü😀", Text(line));
        LineBuilder escaped = new(new byte[8]);
        escaped.AppendEscaped("aü😀😀");
        Assert.Equal("aü😀", Text(escaped));
    }

    [Fact]
    public void A_lone_surrogate_is_replaced()
    {
        LineBuilder line = new(new byte[100]);
        line.Append("a\ud800b");
        line.AppendEscaped("a\ud800b");
        Assert.Equal("a\ufffdba\ufffdb", Text(line));
    }

    [Fact]
    public void Text_from_outside_is_cut_at_a_thousand_characters()
    {
        LineBuilder line = new(new byte[9000]);
        line.AppendEscaped(new string('例', 5000));
        Assert.Equal(new string('例', 1000), Text(line));
    }

    private static string Text(LineBuilder line) => Encoding.UTF8.GetString(line.Line);
}

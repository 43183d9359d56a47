using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class EnhancedStatusCodeTests
{
    [Theory]
    [InlineData("5.1.1 User unknown", 5, 1, 1, 5)]
    [InlineData("2.0.0", 2, 0, 0, 5)]
    [InlineData("4.7.500 Server busy", 4, 7, 500, 7)]
    [InlineData("5.1.10\tRESOLVER", 5, 1, 10, 6)]
    [InlineData("5.999.999\r\n", 5, 999, 999, 9)]
    public void A_code_at_the_start_of_the_text_is_read(string text, byte expectedClass, ushort subject, ushort detail, int length)
    {
        Assert.True(EnhancedStatusCode.TryParse(WireSample.Bytes(text), out EnhancedStatusCode code, out int consumed));
        Assert.Equal(new EnhancedStatusCode(expectedClass, subject, detail), code);
        Assert.Equal(length, consumed);
        Assert.Equal(text[..length], code.ToString());
        Assert.False(code.IsNone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5.1")]
    [InlineData("5.1.")]
    [InlineData("5..1 ")]
    [InlineData("5.1.1:")]
    [InlineData("5.1.1.1 host")]
    [InlineData("5.1234.1 x")]
    [InlineData("5.1.1234 x")]
    [InlineData("1.1.1 x")]
    [InlineData("3.5.4 x")]
    [InlineData("15.1.1 x")]
    [InlineData(" 5.1.1 x")]
    [InlineData("5,1,1 x")]
    [InlineData("User 5.1.1")]
    public void What_is_not_wholly_a_code_is_none(string text)
    {
        Assert.False(EnhancedStatusCode.TryParse(WireSample.Bytes(text), out EnhancedStatusCode code, out int consumed));
        Assert.True(code.IsNone);
        Assert.Equal(0, consumed);
        Assert.Equal("", code.ToString());
    }
}

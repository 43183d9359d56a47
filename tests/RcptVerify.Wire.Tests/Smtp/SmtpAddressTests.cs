using System.Text;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class SmtpAddressTests
{
    [Theory]
    [InlineData("user", "user")]
    [InlineData("first.last+tag", "first.last+tag")]
    [InlineData("!#$%&'*+-/=?^_`{|}~", "!#$%&'*+-/=?^_`{|}~")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData(".a", "\".a\"")]
    [InlineData("a.", "\"a.\"")]
    [InlineData("a..b", "\"a..b\"")]
    [InlineData(".", "\".\"")]
    [InlineData("a@b", "\"a@b\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("\"a b\"", "\"\\\"a b\\\"\"")]
    [InlineData("a>b<", "\"a>b<\"")]
    [InlineData("/o=Org/ou=(a,b)", "\"/o=Org/ou=(a,b)\"")]
    public void A_local_part_is_quoted_where_it_must_be(string localPart, string expected)
    {
        var destination = new byte[64];
        Assert.True(TryQuote(WireSample.Bytes(localPart), smtpUtf8: false, destination, out int written, out WireError error));
        Assert.Equal(WireError.None, error);
        Assert.Equal(expected, Encoding.ASCII.GetString(destination, 0, written));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("a.b.c", true)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a b", false)]
    [InlineData("a@b", false)]
    [InlineData("a,b", false)]
    [InlineData("a\"", false)]
    [InlineData("a\\", false)]
    [InlineData("m\u00fcller", true)]
    public void A_dot_string_is_atoms_between_single_dots(string localPart, bool expected) =>
        Assert.Equal(expected, SmtpAddress.IsDotString(WireSample.Bytes(localPart)));

    [Fact]
    public void No_control_character_is_quotable()
    {
        Span<byte> destination = stackalloc byte[16];
        foreach (int control in Enumerable.Range(0, 32).Append(0x7f))
        {
            Assert.False(TryQuote([(byte)'a', (byte)control], smtpUtf8: true, destination, out int written, out WireError error));
            Assert.Equal((0, WireError.CommandForbiddenByte), (written, error));
        }
    }

    [Fact]
    public void Non_ascii_takes_smtputf8_and_valid_utf8()
    {
        var destination = new byte[16];
        byte[] muller = WireSample.Bytes("m\u00fcller");
        Assert.False(TryQuote(muller, smtpUtf8: false, destination, out _, out WireError error));
        Assert.Equal(WireError.CommandForbiddenByte, error);
        Assert.True(TryQuote(muller, smtpUtf8: true, destination, out int written, out _));
        Assert.Equal(muller, destination[..written]);
        Assert.True(TryQuote(WireSample.Bytes("m\u00fcller x"), smtpUtf8: true, destination, out written, out _));
        Assert.Equal("\"m\u00fcller x\"", Encoding.UTF8.GetString(destination, 0, written));
        Assert.False(TryQuote([(byte)'m', 0xfc, (byte)'l'], smtpUtf8: true, destination, out _, out error));
        Assert.Equal(WireError.CommandForbiddenByte, error);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("a b", 5)]
    [InlineData("a\"\\", 7)]
    public void A_destination_of_just_the_right_size_will_do(string localPart, int size)
    {
        Assert.True(TryQuote(WireSample.Bytes(localPart), smtpUtf8: false, new byte[size], out int written, out _));
        Assert.Equal(size, written);
        Assert.False(TryQuote(WireSample.Bytes(localPart), smtpUtf8: false, new byte[size - 1], out written, out WireError error));
        Assert.Equal((0, WireError.CommandTooLong), (written, error));
    }

    private static bool TryQuote(byte[] localPart, bool smtpUtf8, Span<byte> destination, out int written, out WireError error) =>
        SmtpAddress.TryQuoteLocalPart(localPart, smtpUtf8, destination, out written, out error);
}

using System.Net;
using System.Text;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class Ipv4TextTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("192.0.2.1", 0xC0000201u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    public void A_dotted_address_is_its_number(string text, uint number)
    {
        Assert.True(Ipv4Text.TryParse(Encoding.ASCII.GetBytes(text), out uint address));
        Assert.Equal(number, address);
        Assert.Equal(number, Ipv4Text.ValueOf(IPAddress.Parse(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("1.2.3.4.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1..3.4")]
    [InlineData("256.1.1.1")]
    [InlineData("01.2.3.4")]
    [InlineData("+1.2.3.4")]
    [InlineData("-1.2.3.4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("unknown")]
    public void Anything_else_is_none(string text) => Assert.False(Ipv4Text.TryParse(Encoding.ASCII.GetBytes(text), out _));
}

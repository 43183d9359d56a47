using System.Buffers;
using System.Text;
using RcptVerify.TestKit;
using Xunit;

namespace RcptVerify.Wire.Tests;

/// <summary>What a connection's first bytes look like.</summary>
public sealed class WireProtocolsTests
{
    public static TheoryData<string, WireProtocol> Beginnings { get; } = new()
    {
        { "request=smtpd_access_policy\nprotocol_state=RCPT\n", WireProtocol.Policy },
        { "\0\0\0\u000dO\0\0\0\u0006\0\0\u0001\u007f\0\u001f\u007f\u007f", WireProtocol.Milter },
        { "27:recipients user@example.com,", WireProtocol.Socketmap },
        { "GET / HTTP/1.1\r\n", WireProtocol.Http },
        { "POST /cache HTTP/1.1\r\n", WireProtocol.Http },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", WireProtocol.Http },
        { "EHLO client.example\r\n", WireProtocol.Smtp },
        { "helo client.example\r\n", WireProtocol.Smtp },
        { "QUIT\r\n", WireProtocol.Smtp },
        { "\u0016\u0003\u0001\u0002\0\u0001\0\u0001", WireProtocol.Tls },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void A_beginning_is_known_and_a_part_of_it_is_never_taken_for_another(string text, WireProtocol protocol)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        foreach (ReadOnlySequence<byte> split in FragmentedSequence.EverySplit(bytes))
            Assert.Equal(protocol, WireProtocols.Guess(split));
        Assert.Equal(protocol, WireProtocols.Guess(FragmentedSequence.ByteByByte(bytes)));
        for (int length = 0; length < bytes.Length; length++)
        {
            WireProtocol guess = WireProtocols.Guess(new ReadOnlySequence<byte>(bytes, 0, length));
            Assert.True(guess == protocol || guess == WireProtocol.Unknown, $"{length} bytes are taken for {guess}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("requests=1\n")]
    [InlineData("\0\0\0\u0001R")]
    [InlineData("1234567890:recipients ")]
    [InlineData("1234")]
    [InlineData("GETTING")]
    [InlineData("EHLOX client.example")]
    [InlineData("\u0016\u0002\u0001\u0002")]
    public void Anything_else_is_unknown(string text) =>
        Assert.Equal(WireProtocol.Unknown, WireProtocols.Guess(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text))));

    [Theory]
    [InlineData("27:recipients user@example.com,", true)]
    [InlineData("27:recipients user@example.com,27:rec", true)]
    [InlineData("0:,", true)]
    [InlineData("27:recipients user@example.com", false)]
    [InlineData("27:recipients user@example.com;", false)]
    [InlineData("27:recipients user@example.comm,", false)]
    [InlineData("27recipients user@example.com,", false)]
    [InlineData(":,", false)]
    [InlineData("", false)]
    [InlineData("999999999:x,", false)]
    [InlineData("9999999999:x,", false)]
    public void A_netstring_is_whole_when_its_comma_stands_where_its_length_says(string text, bool isWhole)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(isWhole, WireProtocols.IsWholeNetstring(new ReadOnlySequence<byte>(bytes)));
        Assert.Equal(isWhole, WireProtocols.IsWholeNetstring(FragmentedSequence.ByteByByte(bytes)));
    }

    [Fact]
    public void Every_fault_has_words_of_its_own()
    {
        WireError[] all = Enum.GetValues<WireError>();
        Assert.All(all, error => Assert.NotEqual(WireErrors.Describe((WireError)9999), WireErrors.Describe(error)));
        Assert.All(all, error => Assert.DoesNotContain(error.ToString(), WireErrors.Describe(error), StringComparison.OrdinalIgnoreCase));
    }
}

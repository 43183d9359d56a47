using System.Buffers;
using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Wire.Milter;
using Xunit;

namespace RcptVerify.Wire.Tests.Milter;

public sealed class MilterFieldTests
{
    [Theory]
    [InlineData(6u, 0x1fffffu, 6u, 0x5372u)] // Postfix 3.x
    [InlineData(7u, 0xffffffffu, 6u, 0x5372u)]
    [InlineData(6u, 0x72u, 6u, 0x72u)]
    [InlineData(6u, 0u, 6u, 0u)]
    [InlineData(4u, 0x3ffu, 4u, 0x372u)]
    [InlineData(3u, 0x1fffffu, 3u, 0x172u)]
    [InlineData(2u, 0x7fu, 2u, 0x72u)]
    [InlineData(2u, 0x1fffffu, 2u, 0x72u)]
    public void What_is_not_needed_is_masked_as_far_as_the_offer_and_its_version_go(uint version, uint protocol, uint answered, uint masked)
    {
        Assert.Equal(OperationStatus.Done, MilterOptions.TryRead(MilterBytes.Offer(version, 0x1ff, protocol).AsSpan(5), out MilterOptions offer, out _));
        ArrayBufferWriter<byte> output = new();
        offer.Answer().Write(output);
        Assert.Equal(MilterBytes.Offer(answered, 0, masked), output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(1u, 12, WireError.MilterVersion)]
    [InlineData(0u, 12, WireError.MilterVersion)]
    [InlineData(6u, 11, WireError.MilterBadNegotiation)]
    [InlineData(6u, 0, WireError.MilterBadNegotiation)]
    public void An_offer_nobody_makes_is_refused(uint version, int length, WireError expected)
    {
        Assert.Equal(OperationStatus.InvalidData, MilterOptions.TryRead(MilterBytes.Offer(version, 0, 0).AsSpan(5, length), out _, out WireError error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("host\04\u0001\u0002192.0.2.1\0", "192.0.2.1")]
    [InlineData("host\06\u0001\u00022001:db8::1\0", "2001:db8::1")]
    [InlineData("host\06\u0001\u0002IPv6:2001:db8::1\0", "2001:db8::1")]
    [InlineData("host\0L\0\0/run/socket\0", "")]
    [InlineData("host\0U", "")]
    [InlineData("\0U", "")]
    public void A_client_has_an_address_or_none(string data, string expected)
    {
        Assert.Equal(OperationStatus.Done, MilterFields.TryReadConnect(Encoding.Latin1.GetBytes(data), out ReadOnlySpan<byte> address, out _));
        Assert.Equal(expected, Encoding.Latin1.GetString(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("host\0")]
    [InlineData("host\04")]
    [InlineData("host\04\u0001")]
    [InlineData("host\04\u0001\u0002192.0.2.1")]
    [InlineData("host\0X\u0001\u0002192.0.2.1\0")]
    public void A_client_without_an_end_or_a_family_is_malformed(string data)
    {
        Assert.Equal(OperationStatus.InvalidData, MilterFields.TryReadConnect(Encoding.Latin1.GetBytes(data), out _, out WireError error));
        Assert.Equal(WireError.MilterBadConnect, error);
    }

    [Theory]
    [InlineData("<a@b>\0", "<a@b>")]
    [InlineData("<a@b>\0NOTIFY=NEVER\0ORCPT=rfc822;a@b\0", "<a@b>")]
    [InlineData("\0", "")]
    public void The_path_is_the_first_argument(string data, string expected)
    {
        Assert.Equal(OperationStatus.Done, MilterFields.TryReadPath(Encoding.Latin1.GetBytes(data), out ReadOnlySpan<byte> path, out _));
        Assert.Equal(expected, Encoding.Latin1.GetString(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<a@b>")]
    [InlineData("<a@b>\0NOTIFY")]
    public void Arguments_without_their_end_are_malformed(string data)
    {
        Assert.Equal(OperationStatus.InvalidData, MilterFields.TryReadPath(Encoding.Latin1.GetBytes(data), out _, out WireError error));
        Assert.Equal(WireError.MilterBadArguments, error);
    }

    [Fact]
    public void Macros_come_one_after_another_their_braces_gone()
    {
        MilterMacros macros = new("R{rcpt_addr}\0a@b\0i\0\0{x\0y\0"u8, MilterLimits.Default);
        Assert.Equal(MilterCommand.Rcpt, macros.Command);
        List<string> read = [];
        WireError error;
        OperationStatus status;
        while ((status = macros.Next(out error)) == OperationStatus.Done)
            read.Add($"{Encoding.Latin1.GetString(macros.Name)}={Encoding.Latin1.GetString(macros.Value)}");
        Assert.Equal((OperationStatus.NeedMoreData, WireError.None), (status, error));
        Assert.Equal(["rcpt_addr=a@b", "i=", "{x=y"], read);
    }

    [Theory]
    [InlineData("", WireError.MilterBadArguments)]
    [InlineData("Ri", WireError.MilterBadArguments)]
    [InlineData("Ri\0", WireError.MilterBadArguments)]
    [InlineData("Ri\0x", WireError.MilterBadArguments)]
    [InlineData("Ra\0\0b\0\0c\0\0", WireError.MilterTooManyMacros)]
    public void Macros_without_end_are_malformed(string data, WireError expected)
    {
        MilterMacros macros = new(Encoding.Latin1.GetBytes(data), new MilterLimits { MaxMacros = 2 });
        WireError error;
        OperationStatus status;
        while ((status = macros.Next(out error)) == OperationStatus.Done)
        {
        }

        Assert.Equal((OperationStatus.InvalidData, expected), (status, error));
    }

    [Theory]
    [InlineData("<user@example.com>", "user@example.com", true)]
    [InlineData("user@example.com", "user@example.com", true)]
    [InlineData("<\"two words\"@example.com>", "two words@example.com", true)]
    [InlineData("<\"a\\\"b\\\\c\"@example.com>", "a\"b\\c@example.com", true)]
    [InlineData("<\"a@b\"@example.com>", "a@b@example.com", true)]
    [InlineData("<a.\"b c\".d@example.com>", "a.b c.d@example.com", true)]
    [InlineData("<@relay.example,@other.example:user@example.com>", "user@example.com", true)]
    [InlineData("<user@[192.0.2.1]>", "user@[192.0.2.1]", true)]
    [InlineData("<user@[IPv6:2001:db8::1]>", "user@[IPv6:2001:db8::1]", true)]
    [InlineData("<@example.com>", "@example.com", true)]
    [InlineData("<\"\"@example.com>", "@example.com", true)]
    [InlineData("<a..b@example.com>", "a..b@example.com", true)]
    [InlineData("<jürgen@bücher.example>", "jürgen@bücher.example", true)]
    [InlineData("<a%b!c@example.com>", "a%b!c@example.com", true)]
    [InlineData("<postmaster>", "postmaster", false)]
    [InlineData("<\"a@b\">", "a@b", false)]
    [InlineData("<a@\"b\">", "a@b", false)]
    [InlineData("<>", "", false)]
    [InlineData("", "", false)]
    public void A_path_has_an_internal_form(string path, string expected, bool hasDomain)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        byte[] destination = new byte[bytes.Length];
        Assert.Equal(OperationStatus.Done, MilterPath.TryUnquote(bytes, destination, out int written, out bool domain, out _));
        Assert.Equal((expected, hasDomain), (Encoding.UTF8.GetString(destination.AsSpan(0, written)), domain));
    }

    [Theory]
    [InlineData("<us er@example.com>")]
    [InlineData("<user(comment)@example.com>")]
    [InlineData("<\"user@example.com>")]
    [InlineData("<\"user\\>")]
    [InlineData("<user\\@x@example.com>")]
    [InlineData("<<user@example.com>")]
    [InlineData("<user@example.com")]
    [InlineData("<a,b@example.com>")]
    [InlineData("<list:user@example.com;>")]
    [InlineData("<user@[192.0.2.1].example>")]
    [InlineData("<user[1]@example.com>")]
    [InlineData("<user@[x@example.com]>")]
    [InlineData("<user@[192.0.2.1 ]>")]
    [InlineData("<user@[\0]>")]
    [InlineData("<user@[a\\b]>")]
    [InlineData("<us\u0001er@example.com>")]
    [InlineData("<us\u007fer@example.com>")]
    public void What_only_Postfix_can_read_is_an_error_and_no_guess(string path)
    {
        byte[] destination = new byte[100];
        Assert.Equal(OperationStatus.InvalidData, MilterPath.TryUnquote(Encoding.UTF8.GetBytes(path), destination, out int written, out _, out WireError error));
        Assert.Equal((WireError.MilterBadPath, 0), (error, written));
    }

    [Fact]
    public void A_path_longer_than_its_place_is_not_cut() => Assert.Equal(
        OperationStatus.DestinationTooSmall, MilterPath.TryUnquote("<user@example.com>"u8, new byte[15], out _, out _, out _));
}

using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.Wire.Socketmap;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Malformed netstrings: connection closed, one line, no more memory than the cap of a request.</summary>
public sealed class SocketmapMalformedTests
{
    [Theory]
    [InlineData("0:,", "SocketmapNoKey")]
    [InlineData(":,", "NetstringBadLength")]
    [InlineData(",", "NetstringBadLength")]
    [InlineData("00:,", "NetstringBadLength")]
    [InlineData("01:x,", "NetstringBadLength")]
    [InlineData("0017:recipients a@b.cd,", "NetstringBadLength")]
    [InlineData("-1:x,", "NetstringBadLength")]
    [InlineData("+5:a b@c,", "NetstringBadLength")]
    [InlineData(" 5:a b@c,", "NetstringBadLength")]
    [InlineData("5 :a b@c,", "NetstringBadLength")]
    [InlineData("0x5:a b@c,", "NetstringBadLength")]
    [InlineData("5;a b@c,", "NetstringBadLength")]
    [InlineData("٥:a b@c,", "NetstringBadLength")]
    [InlineData("\n", "NetstringBadLength")]
    [InlineData("\0", "NetstringBadLength")]
    [InlineData("get user@example.com\n", "NetstringBadLength")]
    [InlineData("4353:", "NetstringTooLong")] // the cap and one
    [InlineData("4353", "NetstringTooLong")] // without its colon
    [InlineData("10000", "NetstringTooLong")]
    [InlineData("99999999999999999999999999", "NetstringTooLong")]
    [InlineData("4294967297:a b@c,", "NetstringTooLong")]
    [InlineData("5:a b@c;", "NetstringNoComma")]
    [InlineData("5:a b@cd,", "NetstringNoComma")]
    [InlineData("4:a b@c,", "NetstringNoComma")]
    [InlineData("10:recipients,", "SocketmapNoKey")]
    [InlineData("5:a \0@c,", "SocketmapNul")]
    [InlineData("5:\0 b@c,", "SocketmapNul")]
    public void A_malformed_netstring_closes_the_connection_with_one_line_and_within_the_cap(string text, string fault)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.InRange(Send([bytes], leaves: false, fault), 0, SocketmapLimits.Default.MaxRequestBytes);
        Assert.InRange(Send([.. bytes.Select(b => new[] { b })], leaves: false, fault), 0, SocketmapLimits.Default.MaxRequestBytes);
    }

    [Fact]
    public void A_netstring_cut_short_is_malformed_when_the_peer_leaves()
    {
        byte[] whole = "27:recipients user@example.com,"u8.ToArray();
        for (int length = 1; length < whole.Length; length++)
            Assert.InRange(Send([whole[..length]], leaves: true, "Truncated"), 0, SocketmapLimits.Default.MaxRequestBytes);
    }

    [Fact]
    public void The_largest_netstring_without_its_comma_costs_no_more_than_its_bytes()
    {
        byte[][] portions = ["4352:recipients "u8.ToArray(), .. Enumerable.Repeat(Encoding.ASCII.GetBytes(new string('a', 1084)), 4)];
        Assert.InRange(Send(portions, leaves: true, "Truncated"), 0, SocketmapLimits.Default.MaxRequestBytes);
    }

    [Fact]
    public void A_flood_behind_a_length_over_the_cap_is_not_taken()
    {
        byte[][] portions = ["9999:"u8.ToArray(), .. Enumerable.Repeat(new byte[16 * 1024], 16)];
        Assert.InRange(Send(portions, leaves: false, "NetstringTooLong"), 0, SocketmapLimits.Default.MaxRequestBytes);
    }

    private static long Send(byte[][] bad, bool leaves, string fault) => MalformedPeer.Send<SocketmapConnectionHandler>(
        log => new(new FakeVerifier(), new SocketmapDoorSettings(), new FakeTimeProvider(), log), [], bad, leaves, fault);
}

using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.TestKit;
using RcptVerify.Wire.Milter;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Malformed frames: connection closed, one line, no more memory than the cap of a frame.</summary>
public sealed class MilterMalformedTests
{
    private const string Nothing = "";
    private const string Settled = "O";
    private const string InTransaction = "OCM";

    /// <summary>What was said before, in letters; the bytes in hexadecimal; the fault, or the protocol that it looks like.</summary>
    public static TheoryData<string, string, string> Frames { get; } = new()
    {
        { Nothing, "00000000", "MilterEmptyFrame" },
        { InTransaction, "00000000", "MilterEmptyFrame" },
        { Nothing, "FFFFFFFF", "MilterFrameTooLong" },
        { Nothing, "80000000", "MilterFrameTooLong" },
        { Nothing, "7FFFFFFF4F", "MilterFrameTooLong" },
        { InTransaction, "0002000152", "MilterFrameTooLong" }, // the cap and one
        { Nothing, "47455420", "Http" }, // "GET "
        { Nothing, "1603010200010001FC0303", "Tls" }, // the beginning of TLS
        { Nothing, "0000000100", "MilterUnknownCommand" },
        { InTransaction, "00000001FF", "MilterUnknownCommand" },
        { InTransaction, "0002000072" + "00", "MilterUnknownCommand" }, // nothing is waited for
        { Nothing, "000000014F", "MilterBadNegotiation" },
        { Nothing, "0000000C4F" + "00000006000001FF001FFF", "MilterBadNegotiation" }, // a byte short
        { Nothing, "0000000D4F" + "00000000000001FF001FFFFF", "MilterVersion" },
        { Nothing, "0000000D4F" + "00000001000001FF001FFFFF", "MilterVersion" },
        { Nothing, "0000000152", "MilterUnexpectedCommand" },
        { Settled, "0000000D4F" + "00000006000001FF001FFFFF", "MilterUnexpectedCommand" },
        { Settled, "0000000144", "MilterBadArguments" }, // macros of no command
        { Settled, "0000000344" + "4369", "MilterBadArguments" }, // a name without its end
        { Settled, "0000000444" + "436900", "MilterBadArguments" }, // no value
        { Settled, "0000000643" + "6D78003401", "MilterBadConnect" }, // half a port
        { Settled, "0000000443" + "6D7800", "MilterBadConnect" }, // no family
        { Settled, "0000000943" + "6D7800340019" + "3139", "MilterBadConnect" }, // an address without its end
        { Settled, "0000000943" + "6D7800580019" + "3100", "MilterBadConnect" }, // no such family
        { "OC", "000000044D" + "3C613E", "MilterBadArguments" },
        { "OC", "000000014D", "MilterBadArguments" },
        { InTransaction, "0000000152", "MilterBadArguments" },
        { InTransaction, "0000000452" + "3C613E", "MilterBadArguments" },
        { InTransaction, "0000000652" + "3C613E0078", "MilterBadArguments" }, // a parameter without its end
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_malformed_frame_closes_the_connection_with_one_line_and_within_the_cap(string before, string hex, string fault)
    {
        byte[] frame = Convert.FromHexString(hex);

        Assert.InRange(Send(before, [frame], leaves: false, fault), 0, MilterLimits.Default.MaxFrameBytes);
        if (frame.Length > 4) // and byte by byte
            Assert.InRange(Send(before, [.. frame.Select(b => new[] { b })], leaves: false, fault), 0, MilterLimits.Default.MaxFrameBytes);
    }

    [Fact]
    public void Each_byte_that_is_no_command_is_malformed()
    {
        for (int letter = 0; letter < 256; letter++)
        {
            if (!Enum.IsDefined((MilterCommand)letter) || letter == 0)
                Send(InTransaction, [[0, 0, 0, 1, (byte)letter]], leaves: false, "MilterUnknownCommand");
        }
    }

    [Fact]
    public void A_frame_over_the_cap_is_not_waited_for_however_much_of_it_comes()
    {
        byte[][] portions = [[0, 2, 0, 1], .. Enumerable.Repeat(new byte[16 * 1024], 16)];
        Assert.InRange(Send(InTransaction, portions, leaves: false, "MilterFrameTooLong"), 0, MilterLimits.Default.MaxFrameBytes / 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(20)]
    public void A_frame_cut_short_is_malformed_when_the_peer_leaves(int length)
    {
        byte[] frame = MilterDoorTest.Rcpt("nobody@example.com")[..length];
        Assert.InRange(Send(InTransaction, [frame], leaves: true, "Truncated"), 0, MilterLimits.Default.MaxFrameBytes);
    }

    [Fact]
    public void The_largest_frame_cut_short_costs_no_more_than_its_bytes()
    {
        byte[] head = [0, 2, 0, 0, (byte)'D'];
        byte[][] portions = [head, .. Enumerable.Repeat(new byte[4096], 31)];
        Assert.InRange(Send(InTransaction, portions, leaves: true, "Truncated"), 0, MilterLimits.Default.MaxFrameBytes);
    }

    [Fact]
    public void The_largest_frame_is_copied_once_and_one_macro_too_many_is_malformed()
    {
        // 256 macros fill the frame with their values; the last one is one too many.
        byte[] macros = MilterBytes.Macros('R', [.. Enumerable.Repeat("a", 2 * MilterLimits.Default.MaxMacros), "b", new string('c', 130_000)]);
        Assert.InRange(macros.Length, 130_000, MilterLimits.Default.MaxFrameBytes + 4);
        byte[][] portions = [.. macros.Chunk(4096)];

        // What the frame is copied to has 130 KB; the pipe's bookkeeping of its segments comes on top.
        Assert.InRange(Send(InTransaction, portions, leaves: false, "MilterTooManyMacros"), 0, MilterLimits.Default.MaxFrameBytes + (16 * 1024));
    }

    private static long Send(string before, byte[][] bad, bool leaves, string fault) => MalformedPeer.Send<MilterConnectionHandler>(
        log => new(new FakeVerifier(), new MilterDoorSettings(), new FakeTimeProvider(), log), MilterBytes.Join(before.Select(Sample)), bad, leaves, fault);

    private static byte[] Sample(char command) => command switch
    {
        'O' => MilterBytes.PostfixOffer,
        'C' => MilterBytes.Connect(),
        _ => MilterDoorTest.Mail(),
    };
}

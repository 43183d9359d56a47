using System.Buffers.Binary;

namespace RcptVerify.Load;

/// <summary>Frames of the milter protocol: a length (uint32, big-endian, of what follows it), a command, its data (libmilter's mfdef.h).</summary>
internal static class MilterFrames
{
    public const int LengthBytes = 4;

    /// <summary>The length and the command.</summary>
    public const int HeadBytes = 5;

    // Bits of the negotiation, SMFIP_…: a command not sent, or not answered.
    public const uint NoConnect = 0x1;
    public const uint NoHelo = 0x2;
    public const uint NoMail = 0x4;
    public const uint NoReplyConnect = 0x1000;
    public const uint NoReplyHelo = 0x2000;
    public const uint NoReplyMail = 0x4000;

    /// <summary>What is left of a session is CONNECT and MAIL, without an answer, RCPT and the end of the message: what RcptVerify settles.</summary>
    public const uint OnlyRcpt = NoHelo | NoReplyConnect | NoReplyMail | 0x370; // no body, headers, end of headers, unknown commands, DATA

    /// <summary>The answer "go on".</summary>
    public static ReadOnlySpan<byte> Continue => [0, 0, 0, 1, (byte)'c'];

    /// <summary>One side's word in the negotiation, as a whole frame.</summary>
    public static byte[] Options(uint version, uint actions, uint protocol)
    {
        byte[] frame = new byte[HeadBytes + 12];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - LengthBytes);
        frame[LengthBytes] = (byte)'O';
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), version);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(9), actions);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(13), protocol);
        return frame;
    }
}

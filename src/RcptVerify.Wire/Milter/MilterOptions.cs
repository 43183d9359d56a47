using System.Buffers;
using System.Buffers.Binary;

namespace RcptVerify.Wire.Milter;

/// <summary>Events that a filter does not want, or does not answer (libmilter's mfdef.h, SMFIP_…).</summary>
[Flags]
public enum MilterProtocol : uint
{
    /// <summary>Everything is sent and answered.</summary>
    None = 0,

    /// <summary>No HELO.</summary>
    NoHelo = 0x2,

    /// <summary>No body.</summary>
    NoBody = 0x10,

    /// <summary>No headers.</summary>
    NoHeaders = 0x20,

    /// <summary>No end of headers.</summary>
    NoEndOfHeaders = 0x40,

    /// <summary>No unknown commands; since version 3.</summary>
    NoUnknown = 0x100,

    /// <summary>No DATA; since version 4.</summary>
    NoData = 0x200,

    /// <summary>CONNECT is not answered; since version 6.</summary>
    NoReplyConnect = 0x1000,

    /// <summary>MAIL is not answered; since version 6.</summary>
    NoReplyMail = 0x4000,
}

/// <summary>One side's word in the negotiation: an offer, or its answer.</summary>
/// <param name="Version">The protocol version.</param>
/// <param name="Actions">What the filter may do to a message (SMFIF_…).</param>
/// <param name="Protocol">Events not sent or not answered.</param>
public readonly record struct MilterOptions(uint Version, uint Actions, MilterProtocol Protocol)
{
    // Grammar (Postfix milter8.c, milter8_connect; libmilter engine.c, st_optionneg):
    //
    //   options = version actions protocol *( stage macro-list NUL )        the first three uint32, big-endian

    private const int Bytes = 12;
    private const uint OldestVersion = 2;
    private const uint NewestVersion = 6;

    private const MilterProtocol Wanted = MilterProtocol.NoHelo | MilterProtocol.NoBody | MilterProtocol.NoHeaders
        | MilterProtocol.NoEndOfHeaders | MilterProtocol.NoUnknown | MilterProtocol.NoData
        | MilterProtocol.NoReplyConnect | MilterProtocol.NoReplyMail;

    /// <summary>Reads an offer.</summary>
    /// <param name="data">A frame's data.</param>
    /// <param name="offer">The offer.</param>
    /// <param name="error">
    /// With <see cref="OperationStatus.InvalidData"/>: <see cref="WireError.MilterBadNegotiation"/>, or
    /// <see cref="WireError.MilterVersion"/> below version 2, which no mail server in use speaks.
    /// </param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> data, out MilterOptions offer, out WireError error)
    {
        offer = default;
        error = WireError.MilterBadNegotiation;
        if (data.Length < Bytes)
            return OperationStatus.InvalidData;
        offer = new(
            BinaryPrimitives.ReadUInt32BigEndian(data),
            BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            (MilterProtocol)BinaryPrimitives.ReadUInt32BigEndian(data[8..]));
        error = offer.Version < OldestVersion ? WireError.MilterVersion : WireError.None;
        return error == WireError.None ? OperationStatus.Done : OperationStatus.InvalidData;
    }

    /// <summary>
    /// The answer of a filter that only wants to answer RCPT, and DATA where it says so, and changes no message: every other event is
    /// masked as far as the offer and its version allow. What is left is answered all the same.
    /// </summary>
    /// <param name="data">Whether DATA is wanted.</param>
    public MilterOptions Answer(bool data = false) => new(
        Math.Min(Version, NewestVersion), 0, Protocol & (data ? Wanted & ~MilterProtocol.NoData : Wanted) & BitsOf(Version));

    /// <summary>Writes it as a whole frame.</summary>
    /// <param name="output">Receives it.</param>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        const int Length = 1 + Bytes;
        Span<byte> frame = output.GetSpan(4 + Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame, Length);
        frame[4] = (byte)MilterCommand.Negotiate;
        BinaryPrimitives.WriteUInt32BigEndian(frame[5..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(frame[9..], Actions);
        BinaryPrimitives.WriteUInt32BigEndian(frame[13..], (uint)Protocol);
        output.Advance(4 + Length);
    }

    private static MilterProtocol BitsOf(uint version) => version switch
    {
        2 => (MilterProtocol)0x7f,
        3 => (MilterProtocol)0x17f,
        4 or 5 => (MilterProtocol)0x37f,
        _ => (MilterProtocol)uint.MaxValue,
    };
}

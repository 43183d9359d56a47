using System.Buffers;
using System.Buffers.Binary;

namespace RcptVerify.Wire.Milter;

/// <summary>Cuts a milter connection's bytes into frames.</summary>
public static class MilterFrame
{
    // Grammar (libmilter comm.c, Postfix milter8.c):
    //
    //   frame  = length command *data
    //   length = uint32, big-endian, of command and data together: at least 1

    private const int LengthBytes = 4;

    /// <summary>Consumes one whole frame.</summary>
    /// <param name="buffer">
    /// Starts at a frame. After <see cref="OperationStatus.Done"/> it starts behind it; otherwise it is unchanged.
    /// </param>
    /// <param name="limits">The caps. The length is checked as soon as it is there, before anything is waited for.</param>
    /// <param name="command">The command, one of the known ones.</param>
    /// <param name="data">Its data, a part of the buffer.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    public static OperationStatus TryRead(
        ref ReadOnlySequence<byte> buffer, MilterLimits limits, out MilterCommand command, out ReadOnlySequence<byte> data, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(limits);

        command = MilterCommand.None;
        data = default;
        error = WireError.None;
        if (buffer.Length < LengthBytes)
            return OperationStatus.NeedMoreData;

        Span<byte> head = stackalloc byte[LengthBytes + 1];
        int available = (int)Math.Min(head.Length, buffer.Length);
        if (buffer.FirstSpan.Length >= available)
            buffer.FirstSpan[..available].CopyTo(head);
        else
            buffer.Slice(0, available).CopyTo(head);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length == 0)
            error = WireError.MilterEmptyFrame;
        else if (length > (uint)limits.MaxFrameBytes)
            error = WireError.MilterFrameTooLong;
        else if (available > LengthBytes && !IsKnown(head[LengthBytes]))
            error = WireError.MilterUnknownCommand;
        if (error != WireError.None)
            return OperationStatus.InvalidData;
        if (buffer.Length < LengthBytes + (long)length)
            return OperationStatus.NeedMoreData;

        command = (MilterCommand)head[LengthBytes];
        data = buffer.Slice(LengthBytes + 1, length - 1);
        buffer = buffer.Slice(data.End);
        return OperationStatus.Done;
    }

    private static bool IsKnown(byte command) => "ABCDEHKLMNOQRTU"u8.Contains(command);
}

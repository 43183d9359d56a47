using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using RcptVerify.Wire;
using RcptVerify.Wire.Milter;

namespace RcptVerify.TestKit;

/// <summary>What <see cref="MilterFrame"/> and <see cref="MilterFields"/> must find, worked out on whole arrays and with strings.</summary>
public sealed record SlowMilterParser(OperationStatus Status, WireError Error, int Length, char Command = '\0', string Data = "")
{
    private const int LengthBytes = 4;

    /// <summary>Cuts off the first frame; the data has one character a byte.</summary>
    public static SlowMilterParser Parse(ReadOnlySpan<byte> bytes, MilterLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);

        if (bytes.Length < LengthBytes)
            return new(OperationStatus.NeedMoreData, WireError.None, 0);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        WireError error = length == 0 ? WireError.MilterEmptyFrame
            : length > limits.MaxFrameBytes ? WireError.MilterFrameTooLong
            : bytes.Length > LengthBytes && !Enum.IsDefined((MilterCommand)Math.Max((byte)1, bytes[LengthBytes])) ? WireError.MilterUnknownCommand
            : WireError.None;
        if (error != WireError.None)
            return new(OperationStatus.InvalidData, error, 0);
        if (bytes.Length - LengthBytes < length)
            return new(OperationStatus.NeedMoreData, WireError.None, 0);
        string frame = Encoding.Latin1.GetString(bytes.Slice(LengthBytes, (int)length));
        return new(OperationStatus.Done, WireError.None, LengthBytes + frame.Length, frame[0], frame[1..]);
    }

    /// <summary>The client's address in CONNECT's data; null where the data is malformed.</summary>
    public static string? Client(string data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Split('\0', 2) is not [_, { Length: > 0 } place])
            return null;
        string[] addresses = place.Length < 3 ? [] : place[3..].Split('\0');
        return place[0] switch
        {
            'U' => "",
            'L' when addresses.Length > 1 => "",
            '4' or '6' when addresses.Length > 1 => addresses[0].StartsWith("IPv6:", StringComparison.Ordinal) ? addresses[0][5..] : addresses[0],
            _ => null,
        };
    }

    /// <summary>The first argument of MAIL's or RCPT's data; null where the data is malformed.</summary>
    public static string? FirstArgument(string data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.EndsWith('\0') ? data.Split('\0')[0] : null;
    }

    /// <summary>The macros of a frame's data as "name=value" lines, and the fault behind the last good one.</summary>
    public static (string Text, WireError Error) Macros(string data, int most)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Length == 0 || data[0] == '\0') // no command has that letter
            return ("", WireError.MilterBadArguments);
        string[] fields = data[1..].Split('\0');
        List<string> found = [];
        for (int i = 0; i + 1 < fields.Length || fields[^1].Length > 0; i += 2)
        {
            if (i == fields.Length - 1 && fields[^1].Length == 0)
                break;
            if (found.Count == most)
                return (string.Join('\n', found), WireError.MilterTooManyMacros);
            if (i + 2 >= fields.Length)
                return (string.Join('\n', found), WireError.MilterBadArguments);
            string name = fields[i];
            found.Add($"{(name.Length > 2 && name[0] == '{' && name[^1] == '}' ? name[1..^1] : name)}={fields[i + 1]}");
        }

        return (string.Join('\n', found), WireError.None);
    }
}

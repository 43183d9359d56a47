using System.Buffers.Binary;
using System.Text;

namespace RcptVerify.TestKit;

/// <summary>Milter frames as bytes, put together without our codec.</summary>
public static class MilterBytes
{
    /// <summary>What Postfix 3.x offers: version 6, every action, every protocol bit.</summary>
    public static byte[] PostfixOffer => Offer(6, 0x1ff, 0x1fffff);

    /// <summary>One frame.</summary>
    /// <param name="command">Its letter.</param>
    /// <param name="data">Its data, one byte a character.</param>
    public static byte[] Frame(char command, string data = "") => Frame(command, Encoding.UTF8.GetBytes(data));

    /// <summary>One frame.</summary>
    public static byte[] Frame(char command, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        byte[] frame = new byte[5 + data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)data.Length + 1);
        frame[4] = (byte)command;
        data.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>An offer of options.</summary>
    public static byte[] Offer(uint version, uint actions, uint protocol)
    {
        byte[] data = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(data, version);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), actions);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(8), protocol);
        return Frame('O', data);
    }

    /// <summary>A client at an IPv4 address.</summary>
    public static byte[] Connect(string address = "192.0.2.10") => Frame('C', $"mail.example.net\04\u0001\u0002{address}\0");

    /// <summary>Macros of a command: name, value, name, value.</summary>
    public static byte[] Macros(char command, params string[] fields) => Frame('D', command + string.Concat(fields.Select(f => f + "\0")));

    /// <summary>Frames one behind another.</summary>
    public static byte[] Join(params IEnumerable<byte[]> frames) => [.. frames.SelectMany(f => f)];
}

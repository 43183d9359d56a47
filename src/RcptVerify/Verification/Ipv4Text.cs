using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;

namespace RcptVerify.Verification;

/// <summary>Dotted IPv4 addresses as numbers, without allocation: every refusal of a dictionary attack has one.</summary>
internal static class Ipv4Text
{
    /// <summary>Reads four decimal numbers of at most 255, without leading zeros, as Postfix writes them.</summary>
    /// <param name="text">ASCII.</param>
    /// <param name="address">In host order.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0)
            {
                if (text.IsEmpty || text[0] != '.')
                    return false;
                text = text[1..];
            }

            if (text.IsEmpty || !char.IsAsciiDigit((char)text[0]) || !Utf8Parser.TryParse(text, out byte value, out int digits)
                || (digits > 1 && text[0] == '0'))
                return false;
            address = (address << 8) | value;
            text = text[digits..];
        }

        return text.IsEmpty;
    }

    /// <summary>An IPv4 address as a number in host order.</summary>
    /// <param name="address">An IPv4 address.</param>
    public static uint ValueOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}

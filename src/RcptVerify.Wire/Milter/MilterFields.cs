using System.Buffers;

namespace RcptVerify.Wire.Milter;

/// <summary>Reads what lies in a frame. Fields are parts of the frame's bytes, without their NUL.</summary>
public static class MilterFields
{
    // Grammar (Postfix milter8.c; libmilter engine.c):
    //
    //   macros  = command *( name NUL value NUL )
    //   connect = host NUL family [ uint16-port address NUL ]        family = "U" / "4" / "6" / "L"; nothing behind "U"
    //   mail    = path NUL *( esmtp-parameter NUL )                   rcpt the same

    /// <summary>Takes the next string.</summary>
    /// <param name="data">What is left of the frame; afterwards without the string.</param>
    /// <param name="field">The string.</param>
    /// <returns>False where nothing is left, or no NUL.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> field)
    {
        int end = data.IndexOf((byte)0);
        field = end < 0 ? default : data[..end];
        if (end < 0)
            return false;
        data = data[(end + 1)..];
        return true;
    }

    /// <summary>The first argument of MAIL or RCPT: the path as the SMTP client wrote it.</summary>
    /// <param name="data">A frame's data.</param>
    /// <param name="path">With its angle brackets, where it had some.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    public static OperationStatus TryReadPath(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> path, out WireError error)
    {
        bool valid = TryTake(ref data, out path) && (data.IsEmpty || data[^1] == 0);
        error = valid ? WireError.None : WireError.MilterBadArguments;
        return valid ? OperationStatus.Done : OperationStatus.InvalidData;
    }

    /// <summary>The client's address.</summary>
    /// <param name="data">A frame's data.</param>
    /// <param name="address">IPv4 or IPv6 as text, without the <c>IPv6:</c> of RFC 5321; empty where the client has neither.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    public static OperationStatus TryReadConnect(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> address, out WireError error)
    {
        const int PortBytes = 2;
        address = default;
        error = WireError.MilterBadConnect;
        if (!TryTake(ref data, out _) || data.IsEmpty)
            return OperationStatus.InvalidData;
        byte family = data[0];
        data = data[1..];
        ReadOnlySpan<byte> place = default;
        if (family != 'U' && (data.Length < PortBytes || !TryTakeBehindPort(data[PortBytes..], out place)))
            return OperationStatus.InvalidData;
        if (family is not ((byte)'U' or (byte)'4' or (byte)'6' or (byte)'L'))
            return OperationStatus.InvalidData;
        if (family is (byte)'4' or (byte)'6')
            address = place.StartsWith("IPv6:"u8) ? place["IPv6:"u8.Length..] : place;
        error = WireError.None;
        return OperationStatus.Done;
    }

    private static bool TryTakeBehindPort(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> place) => TryTake(ref data, out place);
}

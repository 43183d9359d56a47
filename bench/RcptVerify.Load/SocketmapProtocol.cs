using System.Buffers.Text;
using System.Text;

namespace RcptVerify.Load;

/// <summary>
/// Look-ups in the map <c>recipients</c>, as Postfix does them (socketmap_table(5)): one netstring each way, and the kind of an
/// answer is its status.
/// </summary>
internal sealed class SocketmapProtocol(string knownPrefix, string unknownPrefix, string domain) : RequestProtocol
{
    private readonly byte[] _toKnown = Encoding.ASCII.GetBytes($"recipients {knownPrefix}");
    private readonly byte[] _toUnknown = Encoding.ASCII.GetBytes($"recipients {unknownPrefix}");
    private readonly byte[] _toEnd = Encoding.ASCII.GetBytes($"@{domain}");

    public override int MaximumLength { get; } = 64 + Math.Max(knownPrefix.Length, unknownPrefix.Length) + domain.Length;

    public override int Write(Span<byte> destination, int serial, int recipient, bool known)
    {
        byte[] toNumber = known ? _toKnown : _toUnknown;
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(recipient, digits, out int count);
        Utf8Formatter.TryFormat(toNumber.Length + count + _toEnd.Length, destination, out int length);
        destination[length++] = (byte)':';
        toNumber.CopyTo(destination[length..]);
        length += toNumber.Length;
        digits[..count].CopyTo(destination[length..]);
        length += count;
        _toEnd.CopyTo(destination[length..]);
        length += _toEnd.Length;
        destination[length++] = (byte)',';
        return length;
    }

    public override bool TryRead(ReadOnlySpan<byte> input, out int length, out ReadOnlySpan<byte> kind)
    {
        length = 0;
        kind = default;
        if (!TryMeasure(input, out int start, out int end))
        {
            return false;
        }

        length = end + 1;
        ReadOnlySpan<byte> answer = input[start..end];
        int word = answer.IndexOf((byte)' ');
        kind = word < 0 ? answer : answer[..word];
        return true;
    }

    /// <summary>Where the payload of the netstring at the beginning starts and ends; false where it is not whole.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> input, out int start, out int end)
    {
        end = 0;
        start = input.IndexOf((byte)':') + 1;
        if (start == 0)
        {
            return false;
        }

        if (!Utf8Parser.TryParse(input[..(start - 1)], out int length, out int digits) || digits != start - 1 || length < 0)
        {
            throw new LoadException(ExitCode.WrongAnswer, "what came is no netstring");
        }

        end = start + length;
        if (input.Length <= end)
        {
            return false;
        }

        return input[end] == ',' ? true : throw new LoadException(ExitCode.WrongAnswer, "a netstring without its comma");
    }
}

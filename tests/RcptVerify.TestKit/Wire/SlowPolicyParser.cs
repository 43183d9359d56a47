using System.Buffers;
using System.Text;
using RcptVerify.Wire;
using RcptVerify.Wire.Policy;

namespace RcptVerify.TestKit;

/// <summary>
/// What <see cref="PolicyRequestParser"/> must find, worked out with <see cref="string.Split(char, StringSplitOptions)"/>
/// and a dictionary: slow, and as different from the real one as can be.
/// </summary>
public sealed record SlowPolicyParser(
    OperationStatus Status, WireError Error, int Length, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Parses the first request of the bytes.</summary>
    public static SlowPolicyParser Parse(ReadOnlySpan<byte> bytes, PolicyLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);

        // Latin-1: one character a byte.
        string text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, limits.MaxRequestBytes)]);
        string[] lines = text.Split('\n');
        Dictionary<string, string> values = [];
        int length = 0;
        for (int attributes = 0; attributes < lines.Length - 1; attributes++)
        {
            string line = lines[attributes];
            length += line.Length + 1;
            if (line.Length == 0)
            {
                return attributes == 0
                    ? Invalid(WireError.EmptyRequest)
                    : new(OperationStatus.Done, WireError.None, length, values);
            }

            WireError error = FirstFault(line, ended: true, attributes, limits);
            if (error != WireError.None)
                return Invalid(error);
            string[] pair = line.Split('=', 2);
            values[pair[0]] = pair[1];
        }

        WireError last = FirstFault(lines[^1], ended: false, lines.Length - 1, limits);
        if (last == WireError.None && text.Length == limits.MaxRequestBytes)
            last = WireError.RequestTooLarge;
        return last != WireError.None
            ? Invalid(last)
            : new(OperationStatus.NeedMoreData, WireError.None, 0, new Dictionary<string, string>());
    }

    private static SlowPolicyParser Invalid(WireError error) =>
        new(OperationStatus.InvalidData, error, 0, new Dictionary<string, string>());

    // Each fault with the position of the byte that makes it one; of two at the same byte the first listed counts.
    private static WireError FirstFault(string line, bool ended, int attributes, PolicyLimits limits)
    {
        List<(int At, WireError Error)> faults = [];
        if (line.Length > 0 && attributes >= limits.MaxAttributes)
            faults.Add((0, WireError.TooManyAttributes));
        if (line.StartsWith('='))
            faults.Add((0, WireError.EmptyName));
        if (line.Length > limits.MaxLineBytes)
            faults.Add((limits.MaxLineBytes, WireError.LineTooLong));
        if (line.Contains('\0'))
            faults.Add((line.IndexOf('\0'), WireError.InvalidByte));
        if (ended && !line.Contains('='))
            faults.Add((line.Length, WireError.MissingEquals));
        return faults.Count == 0 ? WireError.None : faults.MinBy(static fault => fault.At).Error;
    }
}

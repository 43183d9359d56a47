using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RcptVerify.Wire;
using RcptVerify.Wire.Socketmap;

namespace RcptVerify.TestKit;

/// <summary>
/// What <see cref="SocketmapRequestParser"/> must find, worked out with regular expressions on text: slow, and as different from the real
/// one as can be.
/// </summary>
public sealed partial record SlowSocketmapParser(
    OperationStatus Status, WireError Error, int Length, string Map = "", string Key = "", string Address = "")
{
    /// <summary>Parses the first request of the bytes; the strings have one character a byte.</summary>
    public static SlowSocketmapParser Parse(ReadOnlySpan<byte> bytes, SocketmapLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);

        string text = Encoding.Latin1.GetString(bytes);
        string digits = Digits().Match(text).Value;
        for (int count = 1; count <= digits.Length; count++)
        {
            if (count == 2 && digits[0] == '0')
                return Invalid(WireError.NetstringBadLength);
            if (long.Parse(digits.AsSpan(0, count), CultureInfo.InvariantCulture) > limits.MaxRequestBytes)
                return Invalid(WireError.NetstringTooLong);
        }

        if (digits.Length == text.Length)
            return More;
        if (digits.Length == 0 || text[digits.Length] != ':')
            return Invalid(WireError.NetstringBadLength);
        int start = digits.Length + 1;
        int end = start + int.Parse(digits, CultureInfo.InvariantCulture);
        if (text.Length <= end)
            return More;
        string payload = text[start..end];
        if (text[end] != ',')
            return Invalid(WireError.NetstringNoComma);
        if (payload.Contains('\0', StringComparison.Ordinal))
            return Invalid(WireError.SocketmapNul);
        if (payload.Split(' ', 2) is not [var map, var key])
            return Invalid(WireError.SocketmapNoKey);
        Match quoted = Quoted().Match(key);
        string address = quoted.Success ? Escaped().Replace(quoted.Groups[1].Value, "$1") + quoted.Groups[2].Value : key;
        return new(OperationStatus.Done, WireError.None, end + 1, map, key, address);
    }

    private static SlowSocketmapParser More => new(OperationStatus.NeedMoreData, WireError.None, 0);

    private static SlowSocketmapParser Invalid(WireError error) => new(OperationStatus.InvalidData, error, 0);

    [GeneratedRegex("^[0-9]*")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^""((?:[^""\\]|\\.)*)""(@[^@]*)$", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escaped();
}

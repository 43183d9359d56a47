using System.Buffers;
using System.Globalization;
using System.Text;

namespace RcptVerify.Wire.Smtp;

/// <summary>Turns bytes of a peer into text that can't break out of a log line or steer a terminal.</summary>
internal static class PrintableText
{
    /// <summary>
    /// Decodes UTF-8; each sequence that is not UTF-8, each control character and everything else without a visible
    /// form (line separators, direction overrides, zero-width and private characters) becomes one <c>?</c>.
    /// </summary>
    public static string FromUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        // UTF-16 never takes more units than UTF-8 takes bytes.
        char[] rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        int length = 0;
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed);
            bytes = bytes[consumed..];
            if (status == OperationStatus.Done && IsPrintable(rune))
            {
                length += rune.EncodeToUtf16(rented.AsSpan(length));
            }
            else
            {
                rented[length++] = '?';
            }
        }

        string text = new(rented, 0, length);
        ArrayPool<char>.Shared.Return(rented);
        return text;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}

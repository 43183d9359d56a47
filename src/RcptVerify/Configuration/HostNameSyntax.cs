using System.Globalization;

namespace RcptVerify.Configuration;

/// <summary>Names of domains and hosts as configurations write them.</summary>
internal static class HostNameSyntax
{
    // RFC 1035 2.3.4 counts 255 octets on the wire, which leaves 253 characters in text.
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// A domain in lower case, its labels as A-labels (RFC 5890 2.3.2.1). Underscores are allowed, since container networks name hosts so;
    /// a name whose last label is a number is not: it is an IPv4 address or a mistake (RFC 1123 2.1).
    /// </summary>
    public static bool TryNormalize(string text, out string name)
    {
        name = "";
        if (!TryToAscii(text, out string ascii) || ascii.Length > MaxLength)
            return false;
        string[] labels = ascii.Split('.');
        if (!Array.TrueForAll(labels, IsLabel) || labels[^1].All(char.IsAsciiDigit))
            return false;
        name = ascii;
        return true;
    }

    private static bool TryToAscii(string text, out string ascii)
    {
        ascii = text.ToLowerInvariant();
        if (text.Length is 0 or > MaxLength)
            return false;
        if (text.All(char.IsAscii))
            return true;
        try
        {
            ascii = Idn.GetAscii(ascii).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

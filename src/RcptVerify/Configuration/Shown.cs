using System.Globalization;
using System.Text;

namespace RcptVerify.Configuration;

/// <summary>Makes texts from outside fit for a message on a terminal or in a log.</summary>
internal static class Shown
{
    /// <summary>The text in double quotes, escaped and cut.</summary>
    public static string Quoted(string text) => $"\"{Plain(text, ConfigurationLimits.MaxQuotedLength)}\"";

    /// <summary>
    /// The text with everything that moves a cursor or changes a reading direction as <c>\uXXXX</c>, cut after
    /// <paramref name="maxLength"/> characters.
    /// </summary>
    public static string Plain(string text, int maxLength = 400)
    {
        var shown = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= maxLength)
                return shown.Append('…').ToString();
            if (IsHarmless(rune))
                shown.Append(rune);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }
        return shown.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}

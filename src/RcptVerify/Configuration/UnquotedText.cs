using System.Buffers;

namespace RcptVerify.Configuration;

/// <summary>Finds the text that somebody forgot to quote, at the place where TOML's reader stumbled over it.</summary>
internal static class UnquotedText
{
    private static readonly SearchValues<char> BeforeValue = SearchValues.Create("=[,\n\"'");
    private static readonly SearchValues<char> BehindValue = SearchValues.Create(",]#\r\n\"'");

    /// <summary>The words without quotes around a place; null where that is no value, or quotes would not mend it.</summary>
    /// <param name="text">The whole of the TOML.</param>
    /// <param name="offset">Where the reader stumbled, in characters.</param>
    public static string? At(string text, int offset)
    {
        if (offset < 0 || offset > text.Length)
            return null;
        int start = text.AsSpan(0, offset).LastIndexOfAny(BeforeValue) + 1;
        if (start == 0 || text[start - 1] is '"' or '\'' || !IsValue(text.AsSpan(0, start)))
            return null;
        int length = text.AsSpan(offset).IndexOfAny(BehindValue);
        string words = text[start..(length < 0 ? text.Length : offset + length)].Trim();
        bool isText = words.Length > 0 && words[0] is not ('[' or '{') && !words.Contains('=', StringComparison.Ordinal);
        return isText ? words : null;
    }

    /// <summary>Whether a value begins behind what is before: behind a key, or inside of a list, but not in a table's name.</summary>
    private static bool IsValue(ReadOnlySpan<char> before)
    {
        if (before[^1] == '\n')
            return before.TrimEnd() is [.., '[' or ','] open && IsValue(open);
        return before[^1] != '[' || !before[(before.LastIndexOf('\n') + 1)..].Trim(" \t[").IsEmpty;
    }
}

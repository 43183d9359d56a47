using System.Globalization;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>Makes text of configuration files harmless for terminals, one character for one, so that columns stay.</summary>
internal static class Printable
{
    /// <summary>Longer messages are cut, characters.</summary>
    public const int MaxLength = 400;

    private const char Replacement = '\uFFFD';

    /// <summary>Control characters and what turns or hides text become U+FFFD, tabs a space.</summary>
    public static string Text(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Create(text.Length, text, static (target, source) =>
        {
            for (int at = 0; at < source.Length; at++)
                target[at] = source[at] == '\t' ? ' ' : IsHarmless(source, at) ? source[at] : Replacement;
        })
        : text;

    /// <summary>The same, cut to <see cref="MaxLength"/>.</summary>
    public static string Clipped(string text) => Text(text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength - 1), "…") : text);

    private static bool IsHarmless(string text, int at) => char.GetUnicodeCategory(text[at]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => false,
        UnicodeCategory.Surrogate => char.IsHighSurrogate(text[at])
            ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            : at > 0 && char.IsHighSurrogate(text[at - 1]),
        _ => true,
    };
}

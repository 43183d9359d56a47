namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>
/// White space as Postfix sees it: isspace(3) of single bytes. A no-break space, pasted from a web page, is none, and neither are the
/// other spaces of Unicode.
/// </summary>
internal static class Blank
{
    /// <summary>All of it.</summary>
    public const string Signs = " \t\n\v\f\r";

    /// <summary>Whether a character is white space.</summary>
    public static bool Is(char sign) => sign is ' ' or (>= '\t' and <= '\r');

    /// <summary>Whether a character cuts the words of master.cf: CHARS_SPACE.</summary>
    public static bool Cuts(char sign) => sign is ' ' or '\t' or '\r' or '\n';

    /// <summary>Whether a character looks like white space and is none.</summary>
    public static bool IsFeigned(char sign) => !Is(sign) && (char.IsWhiteSpace(sign) || sign is '\u200B' or '\u2060' or '\uFEFF');

    /// <summary>Whether a text has such a character. Hardly any has, and most are ASCII.</summary>
    public static bool HasFeigned(string text) => text.AsSpan().ContainsAnyExceptInRange('!', '~') && text.Any(IsFeigned);

    /// <summary>A text without white space at both ends.</summary>
    public static string Trim(string text) => text.AsSpan().Trim(Signs).ToString();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace RcptVerify.Configuration;

/// <summary>
/// Words by which a route's own servers refuse: <c>[CODE] [ENHANCED] [WORDS]</c>, as in <c>550 5.7.1 no mailbox here</c>. The
/// code is a 5xx one, the enhanced code a whole one or its beginning (<c>5.7.</c>), the words are looked for anywhere in the
/// reply's text, in any case of letters. An enhanced code or words there must be: a code alone would speak of everything.
/// </summary>
/// <param name="Code">500 to 599; 0 for any 5xx.</param>
/// <param name="Enhanced">As "5.7.1", or "5.7." for all that begin so; empty for any.</param>
/// <param name="Words">Empty, or 3 to 200 printable characters.</param>
public sealed partial record ReplyPattern(int Code, string Enhanced, string Words)
{
    /// <summary>What a pattern must be, to follow "expected".</summary>
    internal const string Description =
        "a reply like \"550 5.7.1 no mailbox here\", \"5.7.\" or \"no mailbox here\": 5xx codes only, words of 3 to 200 characters without *";

    /// <summary>What a pattern of <see cref="TryParseRefusal"/> must be, to follow "expected".</summary>
    internal const string RefusalDescription =
        "a reply like \"550 5.7.1 no mailbox here\", \"5.7.1\" or \"no mailbox here\": 5xx codes only, a whole enhanced code or words of 3 to 200 characters without *";

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">As written.</param>
    /// <param name="pattern">The pattern.</param>
    public static bool TryParse(string text, out ReplyPattern pattern)
    {
        Match match = Pattern().Match(text);
        string words = match.Groups["words"].Value;
        string code = match.Groups["code"].Value;
        pattern = new ReplyPattern(code.Length == 0 ? 0 : int.Parse(code, CultureInfo.InvariantCulture), match.Groups["enhanced"].Value, words);
        return match.Success && (words.Length > 0 || pattern.Enhanced.Length > 0) && !OtherCode().IsMatch(words);
    }

    /// <summary>Reads a pattern that makes a refusal: the beginning of an enhanced code is not enough, which has all kinds of reasons behind it.</summary>
    /// <param name="text">As written.</param>
    /// <param name="pattern">The pattern.</param>
    public static bool TryParseRefusal(string text, out ReplyPattern pattern) =>
        TryParse(text, out pattern) && (pattern.Words.Length > 0 || !pattern.Enhanced.EndsWith('.'));

    /// <summary>The notation it was read from.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Code == 0 ? "" : Code.ToString(CultureInfo.InvariantCulture), Enhanced, Words }.Where(part => part.Length > 0));

    [GeneratedRegex(@"\A(?:(?<code>5[0-9]{2})(?: |\z))?(?:(?<enhanced>5\.[0-9]{1,3}\.(?:[0-9]{1,3})?)(?: |\z))?(?<words>[^ *\p{Cc}][^*\p{Cc}]{1,198}[^ *\p{Cc}])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();

    /// <summary>Words that begin like a code were meant as one, and would never be found in a reply's text.</summary>
    [GeneratedRegex(@"\A([0-9]{3}|[0-9]\.[0-9]+(\.[0-9]*)?)( |\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex OtherCode();
}

using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>A word of mynetworks and what it means.</summary>
/// <param name="Word">The word.</param>
/// <param name="Pattern">The network; null for names, files, tables.</param>
/// <param name="Excludes">Whether a <c>!</c> stands before it.</param>
internal sealed record NetworkWord(Word Word, NetworkPattern? Pattern, bool Excludes)
{
    private static readonly LongTexts<IReadOnlyList<NetworkWord>> Lists = new(text => [.. RestrictionLists.Words(text).Select(Read)]);

    /// <summary>The words of a value.</summary>
    public static IReadOnlyList<NetworkWord> In(string text) => Lists.Of(text);

    private static NetworkWord Read(Word word)
    {
        string plain = word.Text.TrimStart('!');
        return new NetworkWord(word, NetworkPattern.TryParse(plain), plain.Length != word.Text.Length);
    }
}

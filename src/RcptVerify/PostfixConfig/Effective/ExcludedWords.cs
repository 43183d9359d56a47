using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>A list of excluded ciphers as tls_set_ciphers of Postfix hands it to OpenSSL.</summary>
/// <param name="Text">The words, <c>:!</c> before each.</param>
/// <param name="Signed">The first word with a sign of its own before it, which Postfix refuses; null for none.</param>
internal sealed record ExcludedWords(string Text, string? Signed)
{
    private static readonly LongTexts<ExcludedWords> Lists = new(Read);

    /// <summary>Reads a value.</summary>
    public static ExcludedWords Of(string value) => Lists.Of(value);

    private static ExcludedWords Read(string value)
    {
        IReadOnlyList<Word> words = ListWords.Of(value);
        return new ExcludedWords(
            string.Concat(words.Select(word => ":!" + word.Text)),
            words.FirstOrDefault(word => word.Text[0] is '!' or '+' or '-' or '@')?.Text);
    }
}

using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>What excluded words remove, by the table of the target's OpenSSL. Keeps what it evaluated.</summary>
internal sealed class Exclusions(RuleContext context)
{
    private readonly IReadOnlyList<CipherSuite>? _known = CipherSuites.Of(context.Target.OpenSsl);
    private readonly Dictionary<string, IReadOnlyList<CipherSuite>> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CipherPattern?> _patterns = new(StringComparer.Ordinal);

    /// <summary>The suites of the grade's list before anything is excluded; empty where there is no list, or it is not evaluated.</summary>
    public IReadOnlyList<CipherSuite> Before(CipherSelection ciphers)
    {
        if (_known is null || ciphers.List is not { IsEmpty: false, Text.Length: <= CipherString.Longest } list)
            return [];
        if (!_lists.TryGetValue(list.Text, out IReadOnlyList<CipherSuite>? suites))
            _lists[list.Text] = suites = CipherString.Evaluate(list.Text, _known) ?? [];
        return suites;
    }

    /// <summary>Whether a word removes a suite from the grade's list.</summary>
    public bool Removes(CipherSelection ciphers, string word) => Pattern(word) is CipherPattern pattern && Before(ciphers).Any(pattern.Selects);

    /// <summary>Whether a known word removes nothing. Words for what Postfix could not use anyway, PSK and SRP, are left in peace.</summary>
    public bool IsIdle(CipherSelection ciphers, string word) => Before(ciphers).Count > 0 && CipherVocabulary.IsKnown(word)
        && (Pattern(word) is not CipherPattern pattern || !(Before(ciphers).Any(pattern.Selects) || IsOfUnusable(pattern)));

    private bool IsOfUnusable(CipherPattern pattern) =>
        _known!.Where(pattern.Selects).ToArray() is { Length: > 0 } selected && selected.All(suite => !suite.IsUsable);

    private CipherPattern? Pattern(string word)
    {
        if (!_patterns.TryGetValue(word, out CipherPattern? pattern))
            _patterns[word] = pattern = CipherVocabulary.Pattern(word);
        return pattern;
    }
}

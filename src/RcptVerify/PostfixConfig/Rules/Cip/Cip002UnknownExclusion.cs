using RcptVerify.PostfixConfig.Ciphers;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Excluded words that no OpenSSL ever knew: it ignores them, and what was to go stays.</summary>
internal sealed class Cip002UnknownExclusion : PostfixRule
{
    /// <summary>The near word is looked for this often in a list.</summary>
    private const int MostHints = 20;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (ExclusionUse use in ExclusionUse.In(context))
        {
            int hints = 0;
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach ((string word, int offset) in use.Words)
            {
                if (ExclusionUse.IsSigned(word) || CipherVocabulary.IsKnown(word) || !seen.Add(word))
                    continue;
                // Unknown names are passed over; what does not even begin like one is a fault, and RV-CIP-007 says what comes of it.
                string does = char.IsAsciiLetterOrDigit(word[0]) || word[0] is '_' or '.' or '='
                    ? "which ignores it: nothing is excluded by it" : "which refuses the whole list for it";
                yield return Of(
                    Severity.Warning,
                    $"{Quoted.Word(word)} is no cipher name of any OpenSSL, {does}",
                    use.Value,
                    use.Service,
                    (offset, word.Length)) with
                {
                    Services = use.Services,
                    Fix = hints++ < MostHints && CipherVocabulary.Nearest(word) is string nearest ? $"did you mean {nearest}?" : "delete the word",
                };
            }
        }
    }
}

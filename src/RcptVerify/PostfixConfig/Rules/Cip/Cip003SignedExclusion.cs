using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Excluded words that begin with a sign of OpenSSL's language: Postfix puts the sign itself, and makes no TLS session.</summary>
internal sealed class Cip003SignedExclusion : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (ExclusionUse use in ExclusionUse.In(context))
        {
            if (use.Words.FirstOrDefault(word => ExclusionUse.IsSigned(word.Text)) is not { Text: string bad } found)
                continue;
            // A word with + or @ asks for an order, not for an exclusion.
            string[] names =
            [
                .. use.Words.Where(word => word.Text[0] is not ('+' or '@'))
                    .Select(word => word.Text.TrimStart('!', '-'))
                    .Where(name => name.Length > 0),
            ];
            yield return Of(
                Severity.Error,
                $"{Quoted.Word(bad)} begins with {bad[0]}: Postfix refuses the list and makes no TLS session",
                use.Value,
                use.Service,
                (found.Offset, bad.Length)) with
            {
                Services = use.Services,
                Effective = "TLS off",
                Fix = names.Length == 0 ? "delete the line" : $"{use.Value.Name} = {string.Join(", ", names)}",
                Edits = EditsOf(context, use),
            };
        }
    }

    /// <summary>The names without their signs, where each sign is one of exclusion: it was meant so.</summary>
    private static IReadOnlyList<TextEdit> EditsOf(RuleContext context, ExclusionUse use)
    {
        bool isPlain = use.Value.Raw == use.Value.Text && !context.IsTaken(use.Value.Name)
            && use.Words.All(word => word.Text[0] is not ('+' or '@') && word.Text.TrimStart('!', '-') is { Length: > 0 } name && !ExclusionUse.IsSigned(name));
        if (!isPlain || context.WrittenAs(use.Value) is not WrittenValue written)
            return [];
        string mended = use.Value.Raw;
        foreach ((string word, int offset) in use.Words.Reverse())
            mended = mended.Remove(offset, word.Length - word.TrimStart('!', '-').Length);
        return Edits.SetValue(written, mended);
    }
}

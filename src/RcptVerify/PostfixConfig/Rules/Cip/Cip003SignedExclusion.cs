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
            string[] names = [.. use.Words.Where(word => word.Text[0] is not ('+' or '@')).Select(word => word.Text.TrimStart('!', '-')).Where(name => name.Length > 0)];
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
            };
        }
    }
}

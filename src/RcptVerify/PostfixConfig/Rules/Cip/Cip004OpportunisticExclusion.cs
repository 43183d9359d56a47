using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Suites excluded where a peer that has no other sends in clear text.</summary>
internal sealed class Cip004OpportunisticExclusion : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        Exclusions exclusions = new(context);
        foreach (CipherUse use in CipherUse.In(context))
        {
            Severity? severity = use.Service switch
            {
                { IsClient: true } => Severity.Warning,
                { Role: ServiceRole.Mx } => Severity.Notice,
                _ => null,
            };
            if (severity is null || !use.IsOpportunistic || !use.Ciphers.IsValid || use.Ciphers.Suites is null)
                continue;
            EffectiveValue value = context.Origin(use.Ciphers.Exclusions[0]);
            // With a certificate of the client's asked for, Postfix leaves the anonymous ones out itself.
            bool asks = use.Service.IsServer && use.Service.Parameters.IsYes("smtpd_tls_ask_ccert");
            CipherSuite[] before = [.. exclusions.Before(use.Ciphers).Where(suite => !asks || !suite.IsAnonymous)];
            HashSet<int> left = [.. use.Ciphers.Suites.Select(suite => suite.Id)];
            string[] words = [.. WordsOf(value).Where(word => CipherVocabulary.Pattern(word) is CipherPattern pattern && before.Any(pattern.Selects))];
            if (!value.IsSet || words.Length == 0)
                continue;
            yield return Of(
                severity.Value,
                $"{Quoted.Words(words)} {(words.Length == 1 ? "is" : "are")} excluded where TLS is opportunistic: a peer with nothing else falls back to clear text",
                value,
                use.Service) with
            {
                Effective = $"{before.Count(suite => left.Contains(suite.Id))} of {before.Length} suites of TLS 1.2 and before are left",
                Fix = $"{MandatoryName(value.Name)} = {string.Join(", ", words)}",
            };
        }
    }

    private static IEnumerable<string> WordsOf(EffectiveValue value) =>
        ListWords.Of(value.Text).Select(word => word.Text).Distinct(StringComparer.Ordinal);

    private static string MandatoryName(string name) => name.Replace("_exclude_ciphers", "_mandatory_exclude_ciphers", StringComparison.Ordinal);
}

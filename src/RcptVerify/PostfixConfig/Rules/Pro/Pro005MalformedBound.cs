using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>A bound that a blank has cut in two, or that is no version of TLS: Postfix takes both without a word and sets no bound.</summary>
internal sealed class Pro005MalformedBound : PostfixRule
{
    private const int Lowest = 0x0300;
    private const int Highest = 0x0304;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.InUse(context))
        {
            TlsProtocolSet set = lists.Protocols;
            if (!set.IsValid)
                continue;
            string effective = TlsProtocolNames.Text(service.IsClient ? set.OfferedByClient : set.Enabled);
            if (set.Tokens.FirstOrDefault(IsBare) is ProtocolToken bare)
            {
                string? joined = Joined(set, context);
                yield return Of(
                    Severity.Error,
                    $"\"{bare.Text}\" stands alone and is no bound; a name behind it is one that is on, and all that is not named is off",
                    value,
                    service,
                    (bare.Offset, bare.Text.Length)) with
                {
                    Effective = effective,
                    Fix = $"{value.Name} = {joined ?? ProtocolAdvice.FloorTls12(context.Postfix)}",
                    Edits = joined is null ? [] : ProtocolLists.Replace(value, service, joined),
                };
            }

            if (set.Tokens.FirstOrDefault(IsOutOfRange) is ProtocolToken wrong)
            {
                yield return Of(
                    Severity.Error,
                    $"{Shown.Quoted(wrong.Text)} is no version of TLS: OpenSSL refuses it, and no bound is set",
                    value,
                    service,
                    (wrong.Offset, wrong.Text.Length)) with
                {
                    Effective = effective,
                    Fix = $"{value.Name} = {ProtocolAdvice.FloorTls12(context.Postfix)}",
                };
            }
        }
    }

    private static bool IsBare(ProtocolToken token) => token.Text is ">=" or "<=";

    private static bool IsOutOfRange(ProtocolToken token) =>
        token.Kind is ProtocolTokenKind.Floor or ProtocolTokenKind.Ceiling && token.Bound is not 0 and (< Lowest or > Highest);

    /// <summary>The list with each bare bound joined to the name behind it; null where there is none behind it.</summary>
    private static string? Joined(TlsProtocolSet set, RuleContext context)
    {
        List<string> words = [];
        for (int at = 0; at < set.Tokens.Count; at++)
        {
            if (!IsBare(set.Tokens[at]))
                words.Add(set.Tokens[at].Text);
            else if (at + 1 < set.Tokens.Count && set.Tokens[at + 1].Kind == ProtocolTokenKind.Include)
                words.Add(set.Tokens[at].Text + set.Tokens[++at].Text);
            else
                return null;
        }

        string list = string.Join(", ", words);
        TlsProtocolSet joined = TlsProtocolSet.Parse(list, context.Target);
        return joined.IsValid && joined.Enabled != TlsProtocols.None && !joined.Tokens.Any(IsOutOfRange) ? list : null;
    }
}

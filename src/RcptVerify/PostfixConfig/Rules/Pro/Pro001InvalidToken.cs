using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>A word in a list in use that the release does not know: the whole list is void, and TLS with it.</summary>
internal sealed class Pro001InvalidToken : PostfixRule
{
    private static readonly string[] Names = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    /// <summary>Longer lists are not spelt anew, characters.</summary>
    private const int LongestRespelt = 500;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.InUse(context))
        {
            if (lists.Protocols.Tokens.FirstOrDefault(token => token.Kind == ProtocolTokenKind.Invalid) is not ProtocolToken bad)
                continue;
            (string what, string effective) = service.IsServer ? ("the server switches TLS off", "TLS off")
                : lists.IsMandatory ? ("mail that needs TLS is not delivered", "no delivery")
                : ("the client sends in clear text", "clear text");
            string? same = ProtocolAdvice.InWordsOf(context.Target, value.Text);
            yield return Of(
                Severity.Error,
                $"{Shown.Quoted(bad.Text)} is no word of a protocol list here: the whole list is void, and {what}",
                value,
                service,
                (bad.Offset, bad.Text.Length)) with
            {
                Effective = effective,
                Fix = $"{value.Name} = {same ?? Respelt(value.Text, lists.Protocols, context) ?? ProtocolAdvice.FloorTls12(context.Postfix)}",
                Edits = same is null ? [] : ProtocolLists.Replace(value, service, same),
            };
        }
    }

    /// <summary>The list with each unknown name replaced by the nearest one; null when that does not make it valid.</summary>
    private static string? Respelt(string text, TlsProtocolSet set, RuleContext context)
    {
        if (set.Tokens.Count > Names.Length * 2 || text.Length > LongestRespelt)
            return null;
        string respelt = text;
        foreach (ProtocolToken token in set.Tokens.Where(token => token.Kind == ProtocolTokenKind.Invalid).Reverse())
        {
            int sign = token.Text.StartsWith(">=", StringComparison.Ordinal) || token.Text.StartsWith("<=", StringComparison.Ordinal) ? 2
                : token.Text[0] == '!' ? 1 : 0;
            if (Spelling.Nearest(token.Text[sign..], Names) is not string name)
                return null;
            respelt = string.Concat(respelt.AsSpan(0, token.Offset + sign), name, respelt.AsSpan(token.Offset + token.Text.Length));
        }

        TlsProtocolSet result = TlsProtocolSet.Parse(respelt, context.Target);
        return result.IsValid && result.Enabled != TlsProtocols.None ? respelt : null;
    }
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>SSL 2.0 or 3.0 in a list that a service negotiates with, as far as the library has them.</summary>
internal sealed class Pro002ObsoleteSsl : PostfixRule
{
    private const TlsProtocols Ssl = TlsProtocols.SslV2 | TlsProtocols.SslV3;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.Negotiated(context))
        {
            // With DANE the client excludes both of itself.
            if (lists.IsMandatory && service.Tls!.Level is TlsLevel.Dane or TlsLevel.DaneOnly)
                continue;
            TlsProtocols found = On(lists.Protocols, context) & Ssl;
            if (found == TlsProtocols.None)
                continue;
            string names = TlsProtocolNames.Text(found).Replace(", ", " and ", StringComparison.Ordinal);
            yield return Of(Severity.Error, $"{names} can be negotiated: sessions can be decrypted (DROWN, POODLE)", value, service) with
            {
                Effective = TlsProtocolNames.Text(On(lists.Protocols, context)),
                Fix = $"{value.Name} = {(lists.IsMandatory ? ProtocolAdvice.FloorTls12(context.Postfix) : ProtocolAdvice.NoSsl(context.Postfix))}",
            };
        }
    }

    /// <summary>A release from before OpenSSL 1.1.0 was built with a library that has both, whatever is assumed of the library.</summary>
    private static TlsProtocols On(TlsProtocolSet set, RuleContext context) =>
        context.Postfix.Has("2.9.14 2.10.8 2.11.6 3.0.2 3.1") ? set.Enabled : set.Enabled | (set.Allowed & Ssl);
}

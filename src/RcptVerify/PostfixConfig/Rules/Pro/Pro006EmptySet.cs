using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>A list in use that Postfix takes and that leaves no protocol on, so that no TLS session ever comes about.</summary>
internal sealed class Pro006EmptySet : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.InUse(context))
        {
            if (!lists.Protocols.IsValid || lists.Protocols.Enabled != TlsProtocols.None)
                continue;
            yield return Of(Severity.Error, "the list leaves no protocol on: no TLS session can be made", value, service) with
            {
                Effective = "TLS off",
                Fix = $"{value.Name} = {ProtocolAdvice.FloorTls12(context.Postfix)}",
            };
        }
    }
}

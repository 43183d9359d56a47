using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>Opportunistic TLS without TLS 1.2: whoever has no TLS 1.3 gets or sends clear text instead.</summary>
internal sealed class Pro008OnlyTls13 : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        TlsProtocols built = TlsProtocolNames.BuiltInto(context.Target.OpenSsl);
        if (!built.HasFlag(TlsProtocols.TlsV12))
            yield break;
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.Negotiated(context))
        {
            bool concerns = !lists.IsMandatory && service.Tls!.Level is TlsLevel.May or TlsLevel.Dane
                && service.Role is ServiceRole.Mx or ServiceRole.Client or ServiceRole.NullClient;
            TlsProtocols on = service.IsClient ? lists.Protocols.OfferedByClient : lists.Protocols.Enabled;
            if (!concerns || on == TlsProtocols.None || on.HasFlag(TlsProtocols.TlsV12))
                continue;
            string who = (on & TlsProtocols.Deprecated) == TlsProtocols.None ? "that know nothing newer" : "that refuse what is older";
            string message = service.IsServer
                ? $"TLS 1.2 is off where TLS is optional: senders {who} send in clear text"
                : $"TLS 1.2 is off where TLS is optional: to servers {who} mail goes in clear text";
            yield return Of(Severity.Warning, message, value, service) with
            {
                Effective = TlsProtocolNames.Text(on),
                Fix = $"{value.Name} = {ProtocolAdvice.FloorTls12(context.Postfix)}",
            };
        }
    }
}

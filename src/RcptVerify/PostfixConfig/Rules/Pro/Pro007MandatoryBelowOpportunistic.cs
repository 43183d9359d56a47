using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>
/// Mandatory TLS begins at a lower version than opportunistic TLS: only one of two parameters was thought of. Where nothing is mandatory
/// yet, a client gets a notice; a server's list does no harm.
/// </summary>
internal sealed class Pro007MandatoryBelowOpportunistic : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            if (service.Tls is not ServiceTls tls || !(tls.UsesMandatory || (service.IsClient && tls.Level == TlsLevel.May)))
                continue;
            TlsProtocols floor = Lowest(tls.Mandatory.Protocols);
            // TLS 1.2 is no weak floor: where opportunistic TLS wants more, that is too much, RV-PRO-008.
            if (floor is TlsProtocols.None or >= TlsProtocols.TlsV12 || floor >= Lowest(tls.Opportunistic.Protocols))
                continue;
            EffectiveValue mandatory = ValueRoots.Of(tls.Mandatory.ProtocolsValue, context, service);
            EffectiveValue opportunistic = ValueRoots.Of(tls.Opportunistic.ProtocolsValue, context, service);
            string name = mandatory.IsSet ? mandatory.Name : OwnName(mandatory.Name);
            yield return Of(
                tls.UsesMandatory ? Severity.Warning : Severity.Notice,
                tls.UsesMandatory ? "mandatory TLS takes older protocols than opportunistic TLS, although it has no clear text to fall back to"
                    : "mandatory TLS would take older protocols than opportunistic TLS, as soon as a destination demands it",
                mandatory.IsSet ? mandatory : opportunistic,
                service) with
            {
                Parameter = name,
                Effective = $"{name}: {TlsProtocolNames.Text(tls.Mandatory.Protocols.Enabled)}",
                Fix = $"{name} = {(Lowest(tls.Opportunistic.Protocols) != TlsProtocols.TlsV12 ? ProtocolAdvice.FloorTls12(context.Postfix) : opportunistic.Text)}",
            };
        }
    }

    /// <summary>tlsproxy(8) inherits from smtpd(8); that is where one sets it.</summary>
    private static string OwnName(string name) => name.Replace("tlsproxy_", "smtpd_", StringComparison.Ordinal);

    private static TlsProtocols Lowest(TlsProtocolSet set) => set.Enabled & (TlsProtocols)(-(int)set.Enabled);
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>Mandatory TLS that is in use begins at a lower version than opportunistic TLS: only one of two parameters was thought of.</summary>
internal sealed class Pro007MandatoryBelowOpportunistic : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            if (service.Tls is not { UsesMandatory: true } tls)
                continue;
            TlsProtocols floor = Lowest(tls.Mandatory.Protocols);
            if (floor == TlsProtocols.None || floor >= Lowest(tls.Opportunistic.Protocols))
                continue;
            EffectiveValue mandatory = ValueRoots.Of(tls.Mandatory.ProtocolsValue, context, service);
            EffectiveValue opportunistic = ValueRoots.Of(tls.Opportunistic.ProtocolsValue, context, service);
            string name = mandatory.IsSet ? mandatory.Name : OwnName(mandatory.Name);
            yield return Of(
                Severity.Warning,
                "mandatory TLS takes older protocols than opportunistic TLS, which has nothing better to fall back to",
                mandatory.IsSet ? mandatory : opportunistic,
                service) with
            {
                Parameter = name,
                Effective = $"{name}: {TlsProtocolNames.Text(tls.Mandatory.Protocols.Enabled)}",
                Fix = $"{name} = {opportunistic.Text}",
            };
        }
    }

    /// <summary>tlsproxy(8) inherits from smtpd(8); that is where one sets it.</summary>
    private static string OwnName(string name) => name.Replace("tlsproxy_", "smtpd_", StringComparison.Ordinal);

    private static TlsProtocols Lowest(TlsProtocolSet set) => set.Enabled & (TlsProtocols)(-(int)set.Enabled);
}

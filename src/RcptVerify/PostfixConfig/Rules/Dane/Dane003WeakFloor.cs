using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Pro;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>DANE with protocols of 1999, or that lets go of a host whose MX record is not signed.</summary>
internal sealed class Dane003WeakFloor : PostfixRule
{
    private const string Policy = "smtp_tls_dane_insecure_mx_policy";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Clients)
        {
            bool isDane = service.Tls is { Level: TlsLevel.Dane or TlsLevel.DaneOnly };
            if (isDane && service.Tls!.Mandatory.Protocols is { IsValid: true } protocols && (protocols.OfferedByClient & TlsProtocols.Deprecated) != 0)
            {
                yield return Of(
                    Severity.Warning,
                    "DANE is mandatory TLS, and its protocols begin below TLS 1.2",
                    service.Tls.Mandatory.ProtocolsValue,
                    service) with
                {
                    Effective = TlsProtocolNames.Text(protocols.OfferedByClient),
                    Fix = $"{service.Prefix}_tls_mandatory_protocols = {ProtocolAdvice.FloorTls12(context.Postfix)}",
                };
            }

            EffectiveValue policy = service[Policy];
            if (service.Daemon != Daemon.Smtp || !service.Parameters.Exists(Policy) || !policy.Text.Equals("may", StringComparison.OrdinalIgnoreCase))
                continue;
            // It is read at level dane only. A policy table at work with DNSSEC is there to say dane.
            if (service.Tls!.Level == TlsLevel.Dane)
                yield return Lax(Severity.Warning, policy, service);
            else if (service.Tls.HasPolicyTable && DaneClients.HasDnssec(service) && service.Tls.Level != TlsLevel.DaneOnly)
                yield return Lax(Severity.Notice, policy, service);
        }
    }

    private Finding Lax(Severity severity, EffectiveValue policy, EffectiveService service) => Of(
        severity, "a host with TLSA records is not authenticated where the MX record that names it is not signed", policy, service) with
    {
        Effective = "may",
        Fix = $"{Policy} = dane",
    };
}

using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>DANE without authenticated lookups, or such lookups for nothing.</summary>
internal sealed class Dane001NoDnssec : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in DaneClients.Of(context).Where(service => !DaneClients.HasDnssec(service)))
        {
            yield return Of(
                Severity.Error,
                "DANE without DNSSEC lookups: no server is ever authenticated by it",
                service.Tls!.LevelValue,
                service) with
            {
                Effective = DaneClients.Loss(service),
                Fix = $"{service.Prefix}_dns_support_level = dnssec",
            };
        }

        // Before 2.11 nothing reads it: RV-SYN-007 says so.
        foreach (string prefix in (string[])(context.Main.Exists("smtp_dns_support_level") ? ["smtp", "lmtp"] : []))
        {
            foreach (WrittenValue written in context.InForce($"{prefix}_dns_support_level"))
            {
                EffectiveService[] readers = [.. context.Clients.Where(client => client.Prefix == prefix && IsFrom(client[written.Name], written))];
                if (readers.Length > 0 && readers.All(IsForNothing))
                {
                    yield return Of(Severity.Notice, "DNSSEC lookups that nothing uses: no level is dane", written) with
                    {
                        Services = [.. readers.Select(client => client.Id)],
                        Fix = $"{prefix}_tls_security_level = dane",
                    };
                }
            }
        }
    }

    /// <summary>A policy table may ask for DANE.</summary>
    private static bool IsForNothing(EffectiveService client) =>
        DaneClients.HasDnssec(client) && !DaneClients.Asks(client) && !client.Tls!.HasPolicyTable;

    private static bool IsFrom(EffectiveValue value, WrittenValue written) => written.Entry is not null
        ? value.Override is null && ReferenceEquals(value.Entry, written.Entry)
        : ReferenceEquals(value.Override, written.Override);
}

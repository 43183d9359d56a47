using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>
/// TLS 1.0 or 1.1 in a list that a service negotiates with. Where the other choice is clear text that is the lesser evil (RFC 9325
/// section 5.2), so that the place decides how bad it is.
/// </summary>
internal sealed class Pro003OldProtocol : PostfixRule
{
    private const TlsProtocols Old = TlsProtocols.TlsV1 | TlsProtocols.TlsV11;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.Negotiated(context))
        {
            TlsProtocols all = service.IsClient ? lists.Protocols.OfferedByClient : lists.Protocols.Enabled;
            Severity severity = (all & Old) == TlsProtocols.None ? Severity.None : SeverityOf(context, service, lists, value);
            if (severity == Severity.None)
                continue;
            string names = TlsProtocolNames.Text(all & Old).Replace(", ", " and ", StringComparison.Ordinal);
            bool needless = severity == Severity.Error || (IsDemanded(lists, service) && service.Role != ServiceRole.Internal);
            string why = needless ? "although nothing here needs it" : "which RFC 8996 has withdrawn";
            yield return Of(severity, $"{names} can be negotiated, {why}", value, service) with
            {
                Effective = TlsProtocolNames.Text(all),
                Fix = $"{value.Name} = {ProtocolAdvice.FloorTls12(context.Postfix)}",
            };
        }
    }

    private static Severity SeverityOf(RuleContext context, EffectiveService service, TlsLists lists, EffectiveValue value)
    {
        ServiceTls tls = service.Tls!;
        // What is negotiated with DANE is RV-DANE-003's.
        if (lists.IsMandatory && tls.Level is TlsLevel.Dane or TlsLevel.DaneOnly)
            return Severity.None;
        bool strict = !context.Profile.AllowsOldProtocolsOpportunistically;
        bool untouchedAndNew = !value.IsSet && context.Postfix.IsAtLeast(3, 9);
        if (service.Role == ServiceRole.Internal)
            return value.IsSet ? Severity.Notice : Severity.None;
        if (IsDemanded(lists, service))
            return value.IsSet ? Severity.Error : DefaultWhereDemanded(service, strict);
        if (lists.IsMandatory)
            return untouchedAndNew && !strict ? Severity.None : Severity.Notice;
        if (value.IsSet && service.IsServer)
            return service.Role == ServiceRole.Submission ? Severity.Error : Severity.Warning;
        if (strict && service.IsServer)
            return Severity.Warning;
        return untouchedAndNew && !strict ? Severity.None : Severity.Notice;
    }

    /// <summary>
    /// What nobody wrote is Postfix's choice. A server's admin knows who submits here and can say better; a client's does not know the
    /// servers it is sent to.
    /// </summary>
    private static Severity DefaultWhereDemanded(EffectiveService service, bool strict) =>
        service.IsClient ? Severity.Notice : strict ? Severity.Error : Severity.Warning;

    /// <summary>Whether the list is for sessions that have no other choice than TLS.</summary>
    private static bool IsDemanded(TlsLists lists, EffectiveService service) => lists.IsMandatory && service.Tls!.IsEnforced;
}

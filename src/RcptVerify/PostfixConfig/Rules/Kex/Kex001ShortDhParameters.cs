using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>Diffie-Hellman groups that are shorter than Postfix's own.</summary>
internal sealed class Kex001ShortDhParameters : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in TlsServers.Of(context).Where(TlsServers.HasDhe))
        {
            if (DhParameters.Of(context, service) is { Bits: < DhParameters.Enough } group)
            {
                string length = group.IsRead ? $"the file's group has {group.Bits} bits" : $"by the file's name the group has {group.Bits} bits";
                yield return Of(
                    group.IsRead ? Severity.Error : Severity.Warning,
                    $"{length}: key exchange is weaker than with no file at all",
                    group.Value,
                    service) with { Effective = $"DHE with {group.Bits} bits", Fix = "delete the line" };
            }

            EffectiveValue export = service["smtpd_tls_dh512_param_file"];
            if (!context.Postfix.IsAtLeast(3, 6) && export is { IsSet: true, IsEmpty: false })
                yield return Of(Severity.Error, "a group of 512 bits is broken in minutes", export, service) with { Fix = "delete the line" };
        }
    }
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>A service and a cipher list that it negotiates with.</summary>
internal sealed record CipherUse(EffectiveService Service, TlsLists Lists)
{
    /// <summary>The list.</summary>
    public CipherSelection Ciphers => Lists.Ciphers;

    /// <summary>Whether the list is used where the other choice is clear text, and not for destinations of a policy table only.</summary>
    public bool IsOpportunistic => !Lists.IsMandatory && Service.Tls!.Level is TlsLevel.May or TlsLevel.Dane;

    /// <summary>Whether no mail goes without TLS, and with these lists.</summary>
    public bool IsEnforced => Lists.IsMandatory && Service.Tls!.IsEnforced;

    /// <summary>All of a configuration.</summary>
    public static IEnumerable<CipherUse> In(RuleContext context) => context.Services
        .Where(service => service.Tls is ServiceTls tls && tls.HasCertificate && (tls.Level > TlsLevel.None || tls.HasPolicyTable))
        .SelectMany(service => service.Tls!.Used.Select(lists => new CipherUse(service, lists)));
}

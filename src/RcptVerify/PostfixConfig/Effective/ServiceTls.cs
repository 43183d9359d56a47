using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>What TLS a service really does.</summary>
internal sealed record ServiceTls
{
    /// <summary>The level in force: after legacy parameters, wrapper mode, missing prerequisites of DANE.</summary>
    public required TlsLevel Level { get; init; }

    /// <summary>The level somebody asked for, before what takes it away; the same as <see cref="Level"/> mostly.</summary>
    public required TlsLevel Asked { get; init; }

    /// <summary>The parameter that decides the level.</summary>
    public required EffectiveValue LevelValue { get; init; }

    /// <summary>Whether TLS begins with the connection, smtpd_tls_wrappermode or smtp_tls_wrappermode.</summary>
    public required bool IsWrapped { get; init; }

    /// <summary>For a server: whether it has a certificate, or none on purpose. Always true for a client.</summary>
    public required bool HasCertificate { get; init; }

    /// <summary>The opportunistic lists.</summary>
    public required TlsLists Opportunistic { get; init; }

    /// <summary>The mandatory lists.</summary>
    public required TlsLists Mandatory { get; init; }

    /// <summary>For a client: whether a policy table may set another level for some destinations.</summary>
    public required bool HasPolicyTable { get; init; }

    /// <summary>For a server: whether AUTH is only offered inside TLS. False for a client.</summary>
    public required bool AuthOnly { get; init; }

    /// <summary>Whether no mail goes without TLS.</summary>
    public bool IsEnforced => Level >= TlsLevel.Encrypt && Level != TlsLevel.Dane;

    /// <summary>The lists of the level in force; those of <c>dane</c> are the mandatory ones.</summary>
    public TlsLists InForce => Level >= TlsLevel.Encrypt ? Mandatory : Opportunistic;

    /// <summary>Whether anything is negotiated with the opportunistic lists: level may, DANE without records, a policy table.</summary>
    public bool UsesOpportunistic => Level == TlsLevel.May || Level == TlsLevel.Dane || HasPolicyTable;

    /// <summary>Whether anything is negotiated with the mandatory lists.</summary>
    public bool UsesMandatory => Level >= TlsLevel.Encrypt || HasPolicyTable;

    /// <summary>The lists in use.</summary>
    public IEnumerable<TlsLists> Used => UsesOpportunistic && UsesMandatory ? [Opportunistic, Mandatory]
        : UsesOpportunistic ? [Opportunistic] : UsesMandatory ? [Mandatory] : [];

    /// <summary>Whether TLS is negotiated at all: false where the level or a mistake takes it away.</summary>
    public bool IsActive => Level > TlsLevel.None && HasCertificate && InForce.IsUsable;
}

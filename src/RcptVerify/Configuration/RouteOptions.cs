using RcptVerify.Verification;

namespace RcptVerify.Configuration;

/// <summary>One <c>[[route]]</c>: the servers that know the recipients of some domains.</summary>
public sealed record RouteOptions
{
    /// <summary>At least one of <c>d</c>, <c>.d</c> (its subdomains), <c>*</c>; A-labels, lower case; in no other route.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Servers in the order in which they are asked; empty exactly when <see cref="Mx"/> is set.</summary>
    public IReadOnlyList<ServerAddress> Servers { get; init; } = Keys.Routes.Servers.DefaultValue;

    /// <summary>Ask the domain's MX hosts. Default false.</summary>
    public bool Mx { get; init; } = Keys.Routes.Mx.DefaultValue;

    /// <summary>Port of the MX hosts. 1 to 65535, default 25.</summary>
    public int MxPort { get; init; } = Keys.Routes.MxPort.DefaultValue;

    /// <summary>Allows <see cref="Mx"/> for the domain <c>*</c>; then only public addresses are asked. Default false.</summary>
    public bool MxAnyDomain { get; init; } = Keys.Routes.MxAnyDomain.DefaultValue;

    /// <summary>The stage that tells. Default <see cref="ProbeTarget.Auto"/>: measured.</summary>
    public ProbeTarget Target { get; init; } = Keys.Routes.Target.DefaultValue;

    /// <summary>8 to 128 printable characters without spaces, or empty: <see cref="ProbeTarget.Eod"/> is not allowed. Never shown.</summary>
    public string EodSecret { get; init; } = Keys.Routes.EodSecret.DefaultValue;

    /// <summary>An address that exists, or empty.</summary>
    public string Canary { get; init; } = Keys.Routes.Canary.DefaultValue;

    /// <summary>Refusals that mean "no such user", beside those known. Default none.</summary>
    public IReadOnlyList<ReplyPattern> UserUnknownReplies { get; init; } = Keys.Routes.UserUnknownReplies.DefaultValue;

    /// <summary>Refusals that prove a recipient to exist; read before <see cref="UserUnknownReplies"/>. Default none.</summary>
    public IReadOnlyList<ReplyPattern> MailboxExistsReplies { get; init; } = Keys.Routes.MailboxExistsReplies.DefaultValue;

    /// <summary>Refusals that say nothing about a recipient; read before all others. Default none.</summary>
    public IReadOnlyList<ReplyPattern> NotAboutUserReplies { get; init; } = Keys.Routes.NotAboutUserReplies.DefaultValue;

    /// <summary>TLS towards the servers. Default <see cref="TlsLevel.May"/>.</summary>
    public TlsLevel Tls { get; init; } = Keys.Routes.Tls.DefaultValue;

    /// <summary>PEM file of the authorities to trust. Default empty: the system's.</summary>
    public string TlsCaFile { get; init; } = Keys.Routes.TlsCaFile.DefaultValue;

    /// <summary>PEM file of our own certificate. Default empty: none.</summary>
    public string TlsCertFile { get; init; } = Keys.Routes.TlsCertFile.DefaultValue;

    /// <summary>PEM file of its key; only beside <see cref="TlsCertFile"/>. Default empty: in that file.</summary>
    public string TlsKeyFile { get; init; } = Keys.Routes.TlsKeyFile.DefaultValue;

    /// <summary>Oldest version spoken. Default <see cref="TlsVersion.Tls12"/>.</summary>
    public TlsVersion TlsMinVersion { get; init; } = Keys.Routes.TlsMinVersion.DefaultValue;

    /// <summary>Most connections to one server. 1 to 100, default 4.</summary>
    public int MaxConnections { get; init; } = Keys.Routes.MaxConnections.DefaultValue;

    /// <inheritdoc cref="Verification.ProbeSettings.MaxErrorsPerConnection"/>
    public int MaxErrorsPerConnection { get; init; } = Keys.Routes.MaxErrorsPerConnection.DefaultValue;

    /// <inheritdoc cref="Verification.ProbeSettings.RecipientsPerTransaction"/>
    public int RecipientsPerTransaction { get; init; } = Keys.Routes.RecipientsPerTransaction.DefaultValue;

    /// <inheritdoc cref="Verification.ProbeSettings.Pipelining"/>
    public bool Pipelining { get; init; } = Keys.Routes.Pipelining.DefaultValue;

    /// <summary>Local parts as written, addresses with their domain in A-labels and lower case; always with <c>postmaster</c>.</summary>
    public IReadOnlyList<string> AlwaysAccept { get; init; } = Keys.Routes.AlwaysAccept.DefaultValue;

    /// <summary>Whether local parts that differ in case are different recipients. Default false. Key <c>case_sensitive</c>.</summary>
    public bool CaseSensitiveLocalPart { get; init; } = Keys.Routes.CaseSensitive.DefaultValue;

    /// <summary>Delimiters of address extensions, as Postfix's recipient_delimiter. Default empty: none.</summary>
    public string RecipientDelimiter { get; init; } = Keys.Routes.RecipientDelimiter.DefaultValue;

    /// <summary>The <c>[cache]</c> section with this route's own keys in place.</summary>
    public CacheOptions Cache { get; init; } = new();

    /// <summary>The <c>[probe]</c> section with this route's own keys in place.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>The <c>[reply]</c> section with this route's own keys in place.</summary>
    public ReplyOptions Reply { get; init; } = new();
}

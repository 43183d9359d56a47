using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>A service of master.cf as it really runs.</summary>
internal sealed record EffectiveService
{
    /// <summary>The line of master.cf.</summary>
    public required MasterService Service { get; init; }

    /// <summary>Its program.</summary>
    public required Daemon Daemon { get; init; }

    /// <summary>What it is for.</summary>
    public required ServiceRole Role { get; init; }

    /// <summary>Its parameters.</summary>
    public required EffectiveParameters Parameters { get; init; }

    /// <summary>Its parameters under overload.</summary>
    public required EffectiveParameters UnderStress { get; init; }

    /// <summary>Its TLS; null for a program that speaks none of its own.</summary>
    public required ServiceTls? Tls { get; init; }

    /// <summary>As master.cf writes it: <c>587/inet</c>.</summary>
    public string Id => Service.Id;

    /// <summary>smtpd(8) or postscreen(8).</summary>
    public bool IsServer => Daemon is Daemon.Smtpd or Daemon.Postscreen;

    /// <summary>smtp(8) or lmtp(8).</summary>
    public bool IsClient => Daemon is Daemon.Smtp or Daemon.Lmtp;

    /// <summary>The port it listens on; null for none.</summary>
    public int? Port => Service.Type == "inet" ? ServicePort.Of(Service.Name) : null;

    /// <summary>What its TLS parameters begin with: smtpd, postscreen, smtp, lmtp; empty for others.</summary>
    public string Prefix => Daemon switch
    {
        Daemon.Smtpd => "smtpd",
        Daemon.Postscreen => "postscreen",
        Daemon.Smtp => "smtp",
        Daemon.Lmtp => "lmtp",
        _ => "",
    };

    /// <summary>A parameter.</summary>
    public EffectiveValue this[string name] => Parameters[name];

    /// <summary>What can be negotiated: none where TLS is off.</summary>
    public TlsProtocols Negotiable =>
        Tls is not { IsActive: true } ? TlsProtocols.None : IsClient ? Tls.InForce.Protocols.OfferedByClient : Tls.InForce.Protocols.Enabled;

    /// <inheritdoc/>
    public override string ToString() => Id;
}

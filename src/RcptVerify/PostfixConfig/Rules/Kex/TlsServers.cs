using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>The smtpd(8) services that offer TLS.</summary>
internal static class TlsServers
{
    /// <summary>All of a configuration.</summary>
    public static IEnumerable<EffectiveService> Of(RuleContext context) =>
        context.Services.Where(service => service is { Daemon: Daemon.Smtpd, Tls.IsActive: true });

    /// <summary>Whether a service can agree on TLS 1.2 or older.</summary>
    public static bool HasTls12(EffectiveService service) => (service.Tls!.InForce.Protocols.Enabled & ~TlsProtocols.TlsV13) != TlsProtocols.None;

    /// <summary>Whether it can agree on a finite-field key exchange, as far as known.</summary>
    public static bool HasDhe(EffectiveService service) =>
        HasTls12(service) && (service.Tls!.InForce.Ciphers.Suites is not IReadOnlyList<CipherSuite> suites || suites.Any(suite => suite.KeyExchange == "DH"));
}

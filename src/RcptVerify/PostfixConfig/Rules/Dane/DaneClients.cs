using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>The clients that were asked to use DANE.</summary>
internal static class DaneClients
{
    /// <summary>All of a configuration, with DANE or only the wish for it.</summary>
    public static IEnumerable<EffectiveService> Of(RuleContext context) => context.Clients.Where(Asks);

    /// <summary>Whether a client's level is dane or dane-only, prerequisites or not.</summary>
    public static bool Asks(EffectiveService service) => service.Tls is { Asked: TlsLevel.Dane or TlsLevel.DaneOnly };

    /// <summary>Whether a client may use DNSSEC.</summary>
    public static bool HasDnssec(EffectiveService service) => service[$"{service.Prefix}_dns_support_level"].Text.Equals("dnssec", StringComparison.OrdinalIgnoreCase);

    /// <summary>What becomes of the mail where DANE's prerequisites are missing.</summary>
    public static string Loss(EffectiveService service) =>
        service.Tls!.Asked == TlsLevel.DaneOnly ? "all mail is deferred" : "level may, nobody is authenticated";
}

using System.Net;
using System.Net.Sockets;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>AUTH is offered before STARTTLS, so that passwords can travel in clear text.</summary>
internal sealed class Sub001PlainAuthentication : PostfixRule
{
    /// <summary>From here on ports are those of proxies and filters, by custom.</summary>
    private const int FirstPrivatePort = 10_000;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in context.Services)
        {
            bool offers = service.Daemon == Daemon.Smtpd && service.Role is ServiceRole.Mx or ServiceRole.Submission
                && service["smtpd_sasl_auth_enable"].IsYes
                && service.Tls is { AuthOnly: false, Level: not TlsLevel.Invalid };
            if (!offers)
                continue;
            bool isBehind = IsBehindAnother(service.Service, service.Port) || TakesOwnNetworksOnly(service);
            yield return Of(
                isBehind ? Severity.Notice : Severity.Error,
                isBehind ? "AUTH is offered without TLS; that is right only if nobody but machines of your own comes here"
                    : "AUTH is offered without TLS: passwords can travel in clear text",
                service["smtpd_sasl_auth_enable"],
                service) with
            {
                Effective = service.Tls!.Level == TlsLevel.None ? "AUTH without TLS, which is off" : "AUTH before STARTTLS",
                Fix = service.Port == 587 ? "smtpd_tls_security_level = encrypt"
                    : service.Tls.Level == TlsLevel.None ? "smtpd_tls_security_level = may and smtpd_tls_auth_only = yes"
                    : "smtpd_tls_auth_only = yes",
            };
        }
    }

    /// <summary>Whether only machines of one's own can reach it, by its address or by what its port is used for.</summary>
    private static bool IsBehindAnother(MasterService service, int? port) =>
        port >= FirstPrivatePort
        || (ServicePort.Host(service.Name) is string host && IPAddress.TryParse(host, out IPAddress? address) && IsPrivate(address));

    /// <summary>Whether everybody is refused before it could matter that he has a password.</summary>
    private static bool TakesOwnNetworksOnly(EffectiveService service) =>
        !service["smtpd_client_restrictions"].Text.Contains("permit_sasl_authenticated", StringComparison.OrdinalIgnoreCase)
        && new StrangerOutcomes(service.Parameters).Outcome("smtpd_client_restrictions") == RestrictionOutcome.Refused;

    private static bool IsPrivate(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168)
            : address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
    }
}

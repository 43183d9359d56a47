using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>A server's level that is none, or a client's, or off on port 25, or not the same before and behind postscreen(8).</summary>
internal sealed class Opp004ServerLevel : PostfixRule
{
    private static readonly string[] Levels = ["may", "encrypt"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        bool hasTlsSettings = context.Definitions.ParameterNames.Any(name => name.StartsWith("smtpd_tls_", StringComparison.Ordinal));
        EffectiveService? postscreen = context.Services.FirstOrDefault(service => service.Daemon == Daemon.Postscreen);
        foreach (EffectiveService service in context.Servers)
        {
            if (Level(context, service, hasTlsSettings) is Finding finding)
                yield return finding;
            if (postscreen is not null && service.Service.Type == "pass" && Divergence(context, postscreen, service) is Finding divergence)
                yield return divergence;
        }
    }

    private Finding? Level(RuleContext context, EffectiveService service, bool hasTlsSettings)
    {
        EffectiveValue level = ValueRoots.Of(service.Tls!.LevelValue, context, service);
        switch (service.Tls.Asked)
        {
            case TlsLevel.Invalid or TlsLevel.Dane or TlsLevel.DaneOnly:
                return Of(Severity.Error, $"{Shown.Quoted(level.Text)} is no level of a server, which ends with a fatal error each time it starts", level, service) with
                {
                    Effective = "does not start",
                    Fix = $"{level.Name} = {Spelling.Nearest(level.Text, Levels) ?? (service.Role == ServiceRole.Submission ? "encrypt" : "may")}",
                };
            case TlsLevel.Fingerprint or TlsLevel.Verify or TlsLevel.Secure:
                return Of(Severity.Warning, $"{Shown.Quoted(level.Text)} is a client's level: the server takes it for encrypt", level, service) with
                {
                    Effective = "encrypt",
                    Fix = $"{level.Name} = {(service.Role == ServiceRole.Mx ? "may" : "encrypt")}",
                };
            case TlsLevel.None when service.Role == ServiceRole.Mx && (service.Port == 25 || service.Service.Type == "pass"):
                return Off(context, service, level, hasTlsSettings);
            default:
                return null;
        }
    }

    private Finding? Off(RuleContext context, EffectiveService service, EffectiveValue level, bool hasTlsSettings)
    {
        bool isMx = context.SaidRole == ServiceRole.Mx;
        bool isForgotten = hasTlsSettings && !level.IsSet && context.Servers.All(other => other.Tls!.Level == TlsLevel.None);
        if (!isMx && !hasTlsSettings && !level.IsSet)
            return null;
        Severity severity = isMx || isForgotten ? Severity.Warning : Severity.Notice;
        string message = isForgotten ? "no level is set: TLS is off, and the other settings for TLS do nothing"
            : "TLS is off on port 25: all mail arrives in clear text";
        Finding finding = level.IsSet
            ? Of(severity, message, level, service)
            : Of(severity, message, (SourcePosition?)null, 0, "smtpd_tls_security_level") with { Services = [service.Id] };
        return finding with { Effective = "none", Fix = "smtpd_tls_security_level = may" };
    }

    /// <summary>A difference that somebody made: with nothing but defaults there is none.</summary>
    private Finding? Divergence(RuleContext context, EffectiveService postscreen, EffectiveService behind)
    {
        (ServiceTls first, ServiceTls second) = (postscreen.Tls!, behind.Tls!);
        if (first.Asked == TlsLevel.Invalid || second.Asked == TlsLevel.Invalid)
            return null;
        if (first.Level != second.Level)
        {
            EffectiveValue level = second.LevelValue.Override is not null ? second.LevelValue : ValueRoots.Of(first.LevelValue, context, postscreen);
            return Of(Severity.Warning, "postscreen(8) and the server behind it are not at the same level: what a client gets depends on which of the two it talks to", level) with
            {
                Services = [postscreen.Id, behind.Id],
                Effective = $"{TlsLevels.Text(first.Level)} and {TlsLevels.Text(second.Level)}",
            };
        }

        bool differ = first.Level > TlsLevel.None
            && (first.InForce.Protocols.Allowed != second.InForce.Protocols.Allowed || first.InForce.Ciphers.Text != second.InForce.Ciphers.Text);
        if (!differ)
            return null;
        EffectiveValue[] values =
        [
            second.InForce.ProtocolsValue, second.InForce.Ciphers.Grade, .. second.InForce.Ciphers.Exclusions,
            first.InForce.ProtocolsValue, first.InForce.Ciphers.Grade, .. first.InForce.Ciphers.Exclusions,
        ];
        EffectiveValue cause = values.FirstOrDefault(value => value.Override is not null) ?? values.FirstOrDefault(value => value.IsSet && value.Name.StartsWith("tlsproxy_", StringComparison.Ordinal))
            ?? values[0];
        return Of(Severity.Warning, "postscreen(8) and the server behind it do not have the same TLS lists: options of the one do not reach the other", cause) with
        {
            Services = [postscreen.Id, behind.Id],
        };
    }
}

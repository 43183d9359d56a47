using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>smtp(8) without a level: it does not even try STARTTLS.</summary>
internal sealed class Opp001NoClientTls : PostfixRule
{
    /// <summary>Their hops are more than the configuration names.</summary>
    private static readonly string[] General = ["smtp", "relay"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        TransportHops? hops = null;
        foreach (EffectiveService service in context.Services)
        {
            if (service is not { Daemon: Daemon.Smtp, Tls: { Level: TlsLevel.None, HasPolicyTable: false } tls } || LoopbackHost.Is(service["relayhost"].Text))
                continue;
            if (!General.Contains(service.Service.Name) && (hops ??= new TransportHops(context)).StayHere(service.Service.Name))
                continue;
            const string Message = "the client does not try TLS: all mail travels in clear text, although nearly every server offers it";
            EffectiveValue level = tls.LevelValue;
            Finding finding = level.IsSet
                ? Of(Severity.Warning, Message, level, service)
                : Of(Severity.Warning, Message, (SourcePosition?)null, 0, level.Name) with { Services = [service.Id] };
            yield return finding with { Effective = "none", Fix = "smtp_tls_security_level = may" };
        }
    }
}

using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>One of the two internet protocols switched off, or always tried first.</summary>
internal sealed class Net003Protocols : PostfixRule
{
    private const string Protocols = "inet_protocols";
    private static readonly string[] Preferences = ["smtp_address_preference", "lmtp_address_preference"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        EffectiveValue protocols = context.Main[Protocols];
        if (protocols.IsSet && Only(protocols) is string only)
        {
            yield return Of(Severity.Notice, $"only {Name(only)} is used: hosts that have only {Name(only == "ipv4" ? "ipv6" : "ipv4")} cannot be reached and cannot reach this one", protocols) with
            {
                Effective = only,
                Fix = $"{Protocols} = all, then stop and start Postfix: a reload is not enough",
            };
        }

        if (!context.Postfix.IsAtLeast(2, 9))
            yield break;
        foreach (WrittenValue written in Preferences.SelectMany(context.InForce))
        {
            EffectiveValue value = context.Evaluate(written);
            EffectiveValue used = written.Service?[Protocols] ?? protocols;
            if (value.Text.ToLowerInvariant() is not ("ipv4" or "ipv6") || Only(used) is not null)
                continue;
            // On a transport of its own it is somebody's choice for a few destinations.
            yield return Of(
                written.Service is null ? Severity.Warning : Severity.Notice,
                "one protocol is always tried first: while it is down mail waits, although the other one would do",
                written) with
            {
                Effective = value.Text,
                Fix = $"{written.Name} = any",
            };
        }
    }

    /// <summary>The protocol when there is but one; null for both and for what is none.</summary>
    private static string? Only(EffectiveValue protocols)
    {
        string[] words = [.. protocols.Words.Select(word => word.ToLowerInvariant()).Distinct()];
        return words is ["ipv4" or "ipv6"] ? words[0] : null;
    }

    private static string Name(string protocol) => protocol == "ipv4" ? "IPv4" : "IPv6";
}

using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>Probes that go to the relayhost, which takes any recipient, since address_verify_relayhost inherits it.</summary>
internal sealed class Avr006InheritedRelayhost : PostfixRule
{
    private const string OfProbes = "address_verify_relayhost";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        EffectiveValue relayhost = context.Main["relayhost"];
        EffectiveValue probes = context.Main[OfProbes];
        if (relayhost.IsEmpty || probes.IsSet || probes.Text != relayhost.Text || !Verification.IsUsedForRecipients(context))
            yield break;
        // Only domains that are passed on take the relayhost's way; local ones never do.
        if (!context.Main["relay_domains"].Words.Except(context.Main["mydestination"].Words).Any())
            yield break;
        // A table, or a nexthop of the transport's own, comes before any relayhost.
        if (!context.Main["address_verify_transport_maps"].IsEmpty || HasNexthop(context.Main.Text("address_verify_relay_transport")))
            yield break;
        yield return Of(
            Severity.Warning,
            "probes go to the relayhost like other mail: what it says of a recipient is not what the server behind says",
            relayhost) with
        {
            Parameter = OfProbes,
            Effective = probes.Text,
            Fix = $"{OfProbes} =",
        };
    }

    private static bool HasNexthop(string transport)
    {
        int colon = transport.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon < transport.Length - 1;
    }
}

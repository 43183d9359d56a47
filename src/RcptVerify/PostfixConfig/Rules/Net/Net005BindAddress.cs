using System.Net;
using System.Net.Sockets;
using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>smtp_bind_address6 and its kin: addresses of the wrong sort, without a protocol to use them, or for destinations they do not fit.</summary>
internal sealed class Net005BindAddress : PostfixRule
{
    private const string Enforce = "smtp_bind_address_enforce";

    private static readonly (string Name, bool IsV6)[] Addresses =
        [("smtp_bind_address", false), ("smtp_bind_address6", true), ("lmtp_bind_address", false), ("lmtp_bind_address6", true)];

    private static readonly string[] Nexthops =
        ["content_filter", "relayhost", "default_transport", "relay_transport", "local_transport", "virtual_transport", "mailbox_transport"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((string name, bool isV6) in Addresses)
        {
            foreach (WrittenValue written in context.InForce(name))
            {
                EffectiveValue value = context.Evaluate(written);
                if (!value.IsEmpty && Judge(context, written, value, isV6) is Finding finding)
                    yield return finding;
            }
        }

        if (context.Postfix.IsAtLeast(3, 7))
            yield break;
        foreach (WrittenValue written in context.InForce(Enforce).Where(written => context.Evaluate(written).IsYes))
        {
            yield return Of(Severity.Warning, "this release does not know the parameter: mail goes out from another address where the wanted one cannot be used", written) with
            {
                Effective = "no",
                Fix = "needs Postfix 3.7",
            };
        }
    }

    private Finding? Judge(RuleContext context, WrittenValue written, EffectiveValue value, bool isV6)
    {
        string family = isV6 ? "IPv6" : "IPv4";
        string text = value.Text is ['[', .. string inside, ']'] ? inside : value.Text;
        if (!IsAddress(text, isV6))
        {
            return Of(Severity.Error, $"the value is no numerical {family} address: the client stops when it connects, and mail stays in the queue", written) with
            {
                Effective = "mail is deferred",
                Fix = $"{written.Name} = {(isV6 ? "2001:db8::25" : "192.0.2.25")}, with an address of this host",
            };
        }

        IReadOnlyList<string> protocols = (written.Service?["inet_protocols"] ?? context.Main["inet_protocols"]).Words;
        if (protocols.Count > 0 && !protocols.Any(protocol => protocol.Equals("all", StringComparison.OrdinalIgnoreCase)
            || protocol.Equals(family, StringComparison.OrdinalIgnoreCase)))
        {
            return Of(Severity.Warning, $"{family} is switched off by inet_protocols: the address is never used", written) with
            {
                Effective = $"inet_protocols = {string.Join(", ", protocols)}",
                Fix = "inet_protocols = all, or delete the address",
            };
        }

        return written.Service is null && !IsLoopback(text) && Loopback(context, written.Name, isV6) is EffectiveValue local
            ? Of(Severity.Notice, $"the address is used for connections to this machine itself as well, see {local.Name}: a filter sees them come from outside", written) with
            {
                Effective = local.ToString(),
                Fix = $"give -o {written.Name}={text} to the services that send to the internet",
            }
            : null;
    }

    /// <summary>Where mail is passed to a loopback address by a client that has no address of its own; null for nowhere.</summary>
    private static EffectiveValue? Loopback(RuleContext context, string name, bool isV6)
    {
        string prefix = name[..5];
        foreach (EffectiveValue value in Nexthops.SelectMany(context.InForce).Select(context.Evaluate))
        {
            int colon = value.Text.IndexOf(':', StringComparison.Ordinal);
            bool isRelayhost = value.Name == "relayhost";
            string transport = isRelayhost ? "smtp" : colon < 0 ? "" : value.Text[..colon];
            string host = (isRelayhost ? value.Text : colon < 0 ? "" : value.Text[(colon + 1)..]).TrimStart('[');
            bool here = host.StartsWith("localhost", StringComparison.Ordinal) || host.StartsWith(isV6 ? "::1]" : "127.", StringComparison.Ordinal);
            if (here && context.Clients.Any(client => client.Service.Name == transport && client.Prefix + "_" == prefix && client.Service.Find(name) is null))
                return value;
        }

        return null;
    }

    private static bool IsAddress(string text, bool isV6) => IPAddress.TryParse(text, out IPAddress? address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6) == isV6
        && (isV6 || text.Count(sign => sign == '.') == 3)
        && !text.Contains('[', StringComparison.Ordinal);

    private static bool IsLoopback(string text) => IPAddress.IsLoopback(IPAddress.Parse(text));
}

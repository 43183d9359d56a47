using System.Net;
using System.Net.Sockets;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>mynetworks: who may relay without logging in. Too wide is an open relay, wrongly written puts everybody off.</summary>
internal sealed class Net004TrustedNetworks : PostfixRule
{
    private const string Networks = "mynetworks";
    private const string Style = "mynetworks_style";

    /// <summary>Shorter prefixes of public IPv4 space are more than one organisation's, mostly.</summary>
    private const int ShortestV4 = 16;

    /// <summary>A provider gets a /32 of IPv6.</summary>
    private const int ShortestV6 = 32;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (WrittenValue written in context.InForce(Networks))
        {
            EffectiveValue value = context.Evaluate(written);
            List<NetworkPattern> trusted = [];
            // Whether the list may hold more than is seen here, or must be written anew anyway.
            bool isOpen = false;
            foreach (((string word, int offset), NetworkPattern? pattern, bool excludes) in NetworkWord.In(value.Text))
            {
                if (pattern is null)
                {
                    // A file or table may hold anything.
                    isOpen |= word.AsSpan().ContainsAny('/', ':');
                    continue;
                }

                if (!excludes)
                    trusted.Add(pattern);
                if (Judge(pattern, excludes) is (Severity severity, string message, string fix))
                {
                    isOpen |= severity == Severity.Error;
                    yield return Of(severity, message, value, written.Service, (offset, word.Length)) with { Effective = word, Fix = fix };
                }
            }

            if (!isOpen && !ListensOnIPv4Alone(written.Service) && LacksV6Loopback(context, trusted))
            {
                yield return Of(Severity.Notice, "the IPv4 loopback is trusted, the one of IPv6 is not: programs on this machine that connect to ::1 may not relay", value, written.Service) with
                {
                    Fix = "add [::1]/128",
                };
            }
        }

        EffectiveValue style = context.Main[Style];
        if (style.IsSet && !context.Main[Networks].IsSet && style.Text.ToLowerInvariant() is "subnet" or "class")
        {
            bool isClass = style.Text.Equals("class", StringComparison.OrdinalIgnoreCase);
            yield return Of(
                isClass ? Severity.Warning : Severity.Notice,
                isClass ? "the whole class A, B or C network around this host may relay, which may be all of the provider's customers"
                    : "every machine in this host's subnets may relay, neighbours at a provider as well",
                style) with
            {
                Effective = style.ToString(),
                Fix = $"{Style} = host, or a list of your own in {Networks}",
            };
        }
    }

    private static (Severity, string, string)? Judge(NetworkPattern pattern, bool excludes)
    {
        if (pattern.Error is string error)
            return (Severity.Error, error, "");
        if (excludes || pattern.IsPrivate)
            return null;
        if (pattern.Prefix == 0)
            return (Severity.Error, "everybody may relay: this is an open relay", "name your own networks only");
        return pattern.Prefix < (pattern.IsV6 ? ShortestV6 : ShortestV4)
            ? (Severity.Warning, "a very large part of the internet may relay without logging in", "name your own networks only")
            : null;
    }

    /// <summary>Whether an option is of a service that nobody reaches over IPv6: <c>127.0.0.1:10025</c>.</summary>
    private static bool ListensOnIPv4Alone(EffectiveService? service) =>
        service?.Service is { Type: "inet" } line
        && IPAddress.TryParse(ServicePort.Host(line.Name), out IPAddress? address)
        && address.AddressFamily == AddressFamily.InterNetwork;

    private static bool LacksV6Loopback(RuleContext context, List<NetworkPattern> trusted)
    {
        IReadOnlyList<string> protocols = context.Main["inet_protocols"].Words;
        return protocols.Any(protocol => protocol is "all" or "ipv6")
            && trusted.Any(pattern => pattern is { Error: null, IsV6: false } && pattern.Holds(IPAddress.Loopback))
            && !trusted.Any(pattern => pattern is { Error: null, IsV6: true } && pattern.Holds(IPAddress.IPv6Loopback));
    }
}

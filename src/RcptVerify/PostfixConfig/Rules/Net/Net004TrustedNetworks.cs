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

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (WrittenValue written in context.InForce(Networks))
        {
            EffectiveValue value = context.Evaluate(written);
            NetworkList list = NetworkList.Of(value.Text);
            foreach (NetworkFault fault in list.Faults)
            {
                yield return Of(fault.Severity, fault.Message, value, written.Service, (fault.Word.Offset, fault.Word.Text.Length)) with
                {
                    Effective = fault.Word.Text,
                    Fix = fault.Fix,
                };
            }

            if (!list.IsOpen && !ListensOnIPv4Alone(written.Service) && LacksV6Loopback(context, list))
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

    /// <summary>Whether an option is of a service that nobody reaches over IPv6: <c>127.0.0.1:10025</c>.</summary>
    private static bool ListensOnIPv4Alone(EffectiveService? service) =>
        service?.Service is { Type: "inet" } line
        && IPAddress.TryParse(ServicePort.Host(line.Name), out IPAddress? address)
        && address.AddressFamily == AddressFamily.InterNetwork;

    private static bool LacksV6Loopback(RuleContext context, NetworkList list) =>
        context.Main["inet_protocols"].Words.Any(protocol => protocol is "all" or "ipv6") && list.TrustsV4Loopback && !list.TrustsV6Loopback;
}

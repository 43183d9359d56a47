using System.Net;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// From what DNS says to the servers that may be asked. This host, and the MX hosts that are no better than it, are dropped
/// (RFC 5321 section 5.1, as every relay does it): a probe that went to them would come back to us. Where strangers choose
/// the domain, addresses that are not public are dropped too; what is left is connected to by its address, so that no second
/// lookup can lead elsewhere.
/// <para>Known weakness: behind address translation this host does not know its public addresses; its name must tell.</para>
/// </summary>
internal static class MxRouting
{
    /// <summary>The servers, best first, at most <see cref="MxLimits.MaxServers"/>; empty with the reason in <paramref name="trouble"/>.</summary>
    /// <param name="answer">What DNS said.</param>
    /// <param name="settings">The route's.</param>
    /// <param name="own">Addresses of this host.</param>
    /// <param name="trouble">Why there is none, printable.</param>
    public static IReadOnlyList<ServerEndpoint> Servers(MxAnswer answer, MxSettings settings, IReadOnlySet<IPAddress> own, out string trouble)
    {
        trouble = answer.Text;
        if (answer.Result != MxResult.Found)
            return [];
        IEnumerable<MxHost> hosts = answer.Hosts;
        MxHost? ourselves = answer.Hosts.FirstOrDefault(h => settings.OwnNames.Contains(h.Name) || h.Addresses.Any(a => own.Contains(MxOwnAddresses.Plain(a))));
        if (ourselves is not null)
        {
            hosts = hosts.Where(h => h.Preference < ourselves.Preference);
            trouble = $"no MX host is better than this host, {ourselves.Name} with preference {ourselves.Preference}: "
                + "name the servers behind it with servers = [...] instead of mx = true";
        }

        ServerEndpoint[] servers =
            [.. hosts.SelectMany(h => h.Addresses.Select(a => new ServerEndpoint(MxOwnAddresses.Plain(a).ToString(), settings.Port, h.Name)))];
        if (!settings.PublicOnly || servers.Length == 0)
            return [.. servers.Take(MxLimits.MaxServers)];
        trouble = "its MX hosts have no public address, and mx_any_domain asks no others";
        return [.. servers.Where(s => MxNetworks.IsPublic(IPAddress.Parse(s.Host))).Take(MxLimits.MaxServers)];
    }
}

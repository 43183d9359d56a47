using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>Where one probe may go.</summary>
/// <param name="Backends">In the order in which they are asked; empty where there is nobody to ask.</param>
/// <param name="Trouble">Why there is nobody; null where there is.</param>
/// <param name="Trial">The server on trial among them, for <see cref="BackendHealth.EndTrial"/>; null for none.</param>
/// <param name="Revived">A server whose pause is over, while others are up: to be tried beside the probe, so that nobody waits for it.</param>
internal readonly record struct ProbeWay(IReadOnlyList<Backend> Backends, ProbeOutcome? Trouble = null, Backend? Trial = null, Backend? Revived = null);

/// <summary>
/// Finds the servers for a probe: the route's own or those that DNS names (<see cref="MxRouting"/>), without those that are
/// down (<see cref="BackendHealth"/>).
/// </summary>
internal sealed class ProbeRouter(Backends backends, TimeProvider time, ILogger log)
{
    private const string TooMany = "too many servers are being asked";

    private readonly ConditionalWeakTable<Route, Backend[]> _named = [];
    private readonly ConcurrentDictionary<string, MxCache> _dns = new(StringComparer.Ordinal);
    private readonly MxOwnAddresses _own = new(time);
    private readonly RepeatGuard _mxLines = new(time);

    /// <summary>Trouble that can be told without asking anybody: all servers of the route are down. Null where that is not known.</summary>
    public ProbeOutcome? TroubleNow(Route route)
    {
        if (route.Mx is not null)
            return null;
        Backend[] all = Named(route);
        foreach (Backend backend in all)
        {
            if (backend.Health.IsUp || backend.Health.NextTry == TimeSpan.Zero)
                return null;
        }

        return all.Length == 0 ? null : AllDown(route, all);
    }

    /// <summary>Finds the servers.</summary>
    public async ValueTask<ProbeWay> FindAsync(RecipientAddress address, Route route, ProbeBudget budget)
    {
        if (route.Mx is null)
        {
            Backend[] named = Named(route);
            return named.Length == 0 && route.Servers.Count > 0 ? Nobody(route, TooMany) : WithoutDown(route, named);
        }

        string domain = Encoding.ASCII.GetString(address.Domain.Span);
        if (domain.StartsWith('['))
            return Nobody(route, "an address literal has no MX");
        MxCache dns = _dns.GetOrAdd(string.Join(' ', route.Mx.DnsServers), _ => new MxCache(new MxDnsClient(route.Mx.DnsServers), time));
        long started = time.GetTimestamp();
        MxAnswer answer = await dns.FindAsync(domain, budget.Left);
        budget.SpendSince(started);
        IReadOnlyList<ServerEndpoint> servers = MxRouting.Servers(answer, route.Mx, _own.Now, out string trouble);
        Backend[] found = [.. servers.Select(s => backends.Find(s, route.Probe)).OfType<Backend>()];
        if (found.Length > 0)
            return WithoutDown(route, found);
        if (servers.Count > 0)
            trouble = TooMany;
        if (_mxLines.MayPass(out long held))
        {
            if (held > 0)
                Log.Repeated(log, held, "domains without a server to ask");
            Log.NoMx(log, route.Name, LogEscape.Text(domain), LogEscape.Text(trouble));
        }

        return Nobody(route, trouble);
    }

    private static ProbeWay Nobody(Route route, string trouble) => new([], ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, trouble));

    private static ProbeWay WithoutDown(Route route, Backend[] all)
    {
        if (Array.TrueForAll(all, b => b.Health.IsUp))
            return new(all);
        Backend[] up = [.. all.Where(b => b.Health.IsUp)];
        Backend? trial = all.FirstOrDefault(b => b.Health.TryBeginTrial());
        if (up.Length > 0)
            return new(up, Revived: trial);
        return trial is null ? new([], AllDown(route, all)) : new([trial], Trial: trial);
    }

    private static ProbeOutcome AllDown(Route route, Backend[] all)
    {
        Backend next = all.MinBy(b => b.Health.NextTry)!;
        double seconds = Math.Ceiling(next.Health.NextTry.TotalSeconds);
        string when = seconds > 0 ? FormattableString.Invariant($"next try in {seconds:0} s") : "one probe is trying";
        return ProbeOutcome.BackendTrouble(route, next.Server.Name, ProbeStage.None, $"all servers of the route are down, {when}: {next.Health.Reason}");
    }

    // Servers that a next hop named are forgotten when nobody asks them (Backends), and so must be found anew each time.
    private Backend[] Named(Route route) => route.IsByNextHop ? Find(route) : _named.GetValue(route, Find);

    private Backend[] Find(Route route) => [.. route.Servers.Select(s => backends.Find(s, route.Probe)).OfType<Backend>()];
}

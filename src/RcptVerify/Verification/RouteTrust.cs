using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Verification;

/// <summary>
/// One <see cref="RefusalGuard"/> a route, by the route's name so that a reload forgets nothing, and the log lines that
/// belong to it.
/// </summary>
/// <param name="log">Where loss and return of trust are told.</param>
internal sealed class RouteTrust(ILogger log)
{
    private readonly ConcurrentDictionary<string, RefusalGuard> _guards = new();

    /// <summary>Whether the outcome is a refusal that does not count because the route's backend is distrusted.</summary>
    /// <param name="route">The route asked.</param>
    /// <param name="known">What was known of the recipient before, and still counted.</param>
    /// <param name="outcome">What the probe found.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public bool Discounts(Route route, Verdict? known, ProbeOutcome outcome, long now)
    {
        if (outcome.Status == VerdictStatus.Unknown)
            return false;
        bool refused = outcome.Status == VerdictStatus.Undeliverable;
        bool knownGood = known is { Status: VerdictStatus.Deliverable, Refusals: 0, Reply.AcceptAll: false }
            && Freshness.Evaluate(known, route.Times, now).Action is FreshnessAction.Serve or FreshnessAction.ServeAndRefresh;
        RefusalGuard guard = _guards.GetOrAdd(route.Name, static _ => new());
        lock (guard)
        {
            TrustChange change = guard.Observe(knownGood, refused, now);
            if (change == TrustChange.Lost)
                Log.RouteDistrusted(log, route.Name, guard.Refused, guard.Confirmed, outcome.Reply.Server, LogEscape.Text(outcome.Reply.Text));
            else if (change != TrustChange.None)
                Log.RouteTrusted(log, route.Name, change == TrustChange.Confirmed ? "a known good was confirmed" : "no known good was refused for a while");
            return refused && guard.IsDistrusted;
        }
    }
}

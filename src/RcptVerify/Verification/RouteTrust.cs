using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Verification;

/// <summary>
/// One <see cref="RefusalGuard"/> a route, by the route's name so that a reload forgets nothing, and the log lines that
/// belong to it.
/// </summary>
/// <param name="prober">Measures again what it had measured at a route that is no longer trusted.</param>
/// <param name="log">Where loss and return of trust are told.</param>
internal sealed class RouteTrust(IRecipientProber prober, ILogger log)
{
    private readonly ConcurrentDictionary<string, RefusalGuard> _guards = new();
    private int _distrusted;

    /// <summary>Whether any route is distrusted, or has been and nobody has asked since: spares all others the question.</summary>
    public bool HasDistrusted => Volatile.Read(ref _distrusted) > 0;

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
        RefusalGuard guard = GuardOf(route);
        lock (guard)
        {
            TrustChange change = guard.Observe(knownGood, refused, now);
            if (change == TrustChange.Lost)
                Log.RouteDistrusted(log, route.Name, guard.Refused, guard.Confirmed, outcome.Reply.Server, LogEscape.Text(outcome.Reply.Text));
            Follow(route, change, "a known good was confirmed");
            return refused && guard.IsDistrusted;
        }
    }

    /// <summary>Takes note of what a server said of the route's canary.</summary>
    /// <param name="route">The route asked.</param>
    /// <param name="outcome">A definite answer.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public void ObserveCanary(Route route, ProbeOutcome outcome, long now)
    {
        bool refused = outcome.Status == VerdictStatus.Undeliverable;
        if (refused)
            Log.CanaryRefused(log, route.Name, LogEscape.Text(route.Canary), outcome.Reply.Server, LogEscape.Text(outcome.Reply.Text));
        RefusalGuard guard = GuardOf(route);
        lock (guard)
            Follow(route, guard.ObserveCanary(refused, now), "its canary was confirmed");
    }

    /// <summary>Whether a remembered refusal must not be said, because its route is distrusted and it is not much older than that. No lock, no allocation.</summary>
    /// <param name="refusal">What is remembered.</param>
    /// <param name="route">Its route.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public bool Taints(Verdict refusal, Route route, long now) =>
        _guards.TryGetValue(route.Name, out RefusalGuard? guard) && guard.Taints(refusal.Updated, now);

    private RefusalGuard GuardOf(Route route) => _guards.GetOrAdd(route.Name, static _ => new());

    private void Follow(Route route, TrustChange change, string confirmation)
    {
        if (change == TrustChange.None)
            return;
        if (change == TrustChange.Lost)
        {
            Interlocked.Increment(ref _distrusted);
            prober.MeasureAgain(route);
            return;
        }

        Interlocked.Decrement(ref _distrusted);
        Log.RouteTrusted(log, route.Name, change == TrustChange.Confirmed ? confirmation : "no known good was refused for a while");
    }
}

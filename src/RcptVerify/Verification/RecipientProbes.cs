using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Verification;

/// <summary>
/// Probes recipients and remembers what that changes: one probe an address at a time, in this process (<see cref="InflightProbes"/>) and
/// over all nodes (<see cref="ISharedProbes"/>). What was found passes <see cref="CanaryGuard"/> and <see cref="RouteTrust"/> before
/// <see cref="Knowledge"/> decides what it changes; a known good that was refused once is asked about again (<see cref="Rechecks"/>).
/// A probe goes on when its callers have given up on it.
/// </summary>
internal sealed class RecipientProbes
{
    private readonly Func<RouteTable> _routes;
    private readonly IVerdictStore _store;
    private readonly IRecipientProber _prober;
    private readonly ISharedProbes? _shared;
    private readonly RouteTrust _trust;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationToken _stopping;
    private readonly InflightProbes _inflight = new();
    private readonly CanaryGuard _canaries;
    private readonly Rechecks _rechecks;

    /// <summary>Probes on behalf of a verifier.</summary>
    /// <param name="routes">The routes in force.</param>
    /// <param name="store">Where verdicts are kept.</param>
    /// <param name="prober">Who asks.</param>
    /// <param name="shared">Sees to it that other nodes do not ask at the same time; null: there are none.</param>
    /// <param name="trust">Whose refusals do not count.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For refreshes, demotions and defects.</param>
    /// <param name="stopping">The process is stopping: probes under way are abandoned.</param>
    public RecipientProbes(
        Func<RouteTable> routes, IVerdictStore store, IRecipientProber prober, ISharedProbes? shared, RouteTrust trust, TimeProvider time,
        ILogger log, CancellationToken stopping)
    {
        _routes = routes;
        _store = store;
        _prober = prober;
        _shared = shared;
        _trust = trust;
        _time = time;
        _log = log;
        _stopping = stopping;
        _canaries = new CanaryGuard(prober, trust, time, stopping);
        _rechecks = new Rechecks(RecheckAsync, time, stopping);
    }

    /// <summary>Which backends are known to be back.</summary>
    public Recoveries Recoveries { get; } = new();

    /// <summary>Probes a recipient, or waits for the probe of it that is under way.</summary>
    /// <param name="address">The recipient.</param>
    /// <param name="route">Its route.</param>
    /// <param name="ticket">Who waits.</param>
    public Task<ProbeConclusion> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket) =>
        _inflight.GetOrStart(address.Key, ticket, () => ProbeAndRememberAsync(address, route, ticket));

    private async Task<ProbeConclusion> ProbeAndRememberAsync(RecipientAddress address, Route route, ProbeTicket ticket)
    {
        IProbeTurn? turn = null;
        ProbeConclusion? conclusion = null;
        try
        {
            turn = _shared is null ? null : await _shared.EnterAsync(address.Key, ticket.Priority, _stopping);
            if (turn is { IsMine: false })
                return turn.Conclude(_store.KnownFor(address.Key, route), address, route, Now());
            Verdict? known = _store.KnownFor(address.Key, route);
            // Another probe of this address may have ended between the caller's look-up and ours.
            if (known is not null && Freshness.Evaluate(known, route.Times, Now()).Action == FreshnessAction.Serve && known.Refusals == 0
                && !Recoveries.Outdates(known, route))
            {
                return conclusion = new(known, Outcome: null);
            }

            return conclusion = await AskAsync(address, route, ticket);
        }
        catch (Exception e)
        {
            Log.ProbeDefect(_log, LogEscape.Text(address.ToString()), e);
            throw;
        }
        finally
        {
            turn?.Leave(conclusion);
        }
    }

    private async Task<ProbeConclusion> AskAsync(RecipientAddress address, Route route, ProbeTicket ticket)
    {
        long asked = Now();
        ProbeOutcome outcome = await _prober.ProbeAsync(address, route, ticket, _stopping);
        Recoveries.Observe(route, outcome, Now());
        CanaryWord canary = await _canaries.AskAsync(address, route, outcome, ticket.Priority);
        long now = Now();
        Verdict? known = _store.KnownFor(address.Key, route);
        bool discounted = _trust.Discounts(route, known, outcome, now) || canary == CanaryWord.Refused;
        if (discounted || canary == CanaryWord.Unclear)
            outcome = outcome with { Status = VerdictStatus.Unknown, Scope = OutcomeScope.Backend };
        KnowledgeUpdate update = Knowledge.Apply(known, address, outcome, route.Times, now);
        if (update.Changed)
        {
            update.Verdict.Asked = asked;
            _store.Put(update.Verdict);
        }

        if (update.RecheckAfter is TimeSpan delay)
        {
            Log.KnownGoodRefused(_log, LogEscape.Text(address.ToString()), delay, outcome.Reply.Server, LogEscape.Text(outcome.Reply.Text));
            _rechecks.Schedule(address, route, delay);
        }

        if (ticket.Priority == ProbePriority.Background)
            LogRefreshed(address, outcome);
        return new(update.Verdict, outcome, discounted, canary == CanaryWord.Unclear ? "the server was not seen to accept its canary" : null);
    }

    /// <summary>Probes a known good that was refused; true while one refusal still stands against it.</summary>
    private async Task<bool> RecheckAsync(RecipientAddress address, Route then)
    {
        if ((_routes().Find(address.Domain.Span) ?? (then.IsByNextHop ? then : null)) is not { } route)
            return false;
        await ((Task)ProbeAsync(address, route, new ProbeTicket(ProbePriority.Background))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _store.KnownFor(address.Key, route) is { Status: VerdictStatus.Deliverable, Refusals: > 0 } doubted
            && Freshness.Evaluate(doubted, route.Times, Now()).Action != FreshnessAction.Gone;
    }

    private void LogRefreshed(RecipientAddress address, ProbeOutcome outcome)
    {
        if (_log.IsEnabled(LogLevel.Information))
        {
            Log.Refreshed(
                _log,
                LogEscape.Text(address.ToString()),
                VerdictNames.Of(outcome.Status),
                VerdictNames.Of(outcome.Reply.Stage),
                outcome.Reply.Server,
                LogEscape.Text(outcome.Reply.Text));
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}

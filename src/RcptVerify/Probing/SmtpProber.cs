using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Probes recipients over SMTP: the servers of a route in their order (<see cref="ProbeRouter"/>), the next one where a server
/// cannot be asked (no connection, refused before RCPT, 421). One budget per probe over all servers; a measurement that a probe
/// has to wait for (<see cref="ProbeTarget.Auto"/>) has its own for each of its steps, and so has waiting at the route's caps.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limits">Limits of each server's pool, and of the queue at a route's caps.</param>
/// <param name="log">For trouble with servers.</param>
/// <param name="transcript">Notes every dialogue: for a person who looks at one probe. Null in the daemon.</param>
public sealed class SmtpProber(TimeProvider time, SmtpPoolLimits limits, ILogger<SmtpProber> log, SmtpTranscript? transcript = null) : IRecipientProber, IAsyncDisposable
{
    private readonly Backends _backends = new(limits, time, log, transcript);
    private readonly ConcurrentDictionary<(string Route, ProbeCaps Caps), Lazy<RouteLimiter>> _limiters = new();
    private readonly ProbeReplyPool _replies = new();
    private TargetCalibrator? _calibrator;
    private ProbeRouter? _router;

    private TargetCalibrator Calibrator => LazyInitializer.EnsureInitialized(ref _calibrator, () => new TargetCalibrator(AskAsync, time, log));

    private ProbeRouter Router => LazyInitializer.EnsureInitialized(ref _router, () => new ProbeRouter(_backends, time, log));

    /// <inheritdoc/>
    public async Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(route);
        ProbeOutcome outcome = route.Caps.Any
            ? await ProbeWithinCapsAsync(address, route, ticket, cancellationToken)
            : await ProbeNowAsync(address, route, ticket, cancellationToken);
        return outcome with { Reply = _replies.Share(outcome.Reply) };
    }

    /// <inheritdoc/>
    public void MeasureAgain(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (route.Target == ProbeTarget.Auto)
            Calibrator.Forget(route);
    }

    /// <summary>Finds the stage at which a server tells known from unknown recipients of a domain, or says what was found before.</summary>
    /// <param name="server">The server.</param>
    /// <param name="route">Its secret allows the end of data, its canary has to pass.</param>
    /// <param name="domain">Canonical domain.</param>
    public Task<CalibrationFinding> CalibrateAsync(ServerEndpoint server, Route route, ReadOnlyMemory<byte> domain)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Calibrator.FindAsync(server, route, domain, ProbePriority.Caller);
    }

    /// <summary>Closes all sessions; a second or two at most.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<RouteLimiter> limiter in _limiters.Values)
            limiter.Value.Dispose();
        await _backends.DisposeAsync();
    }

    /// <summary>While all servers are down nobody has to wait at the caps to hear of it.</summary>
    private async Task<ProbeOutcome> ProbeWithinCapsAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken)
    {
        if (Router.TroubleNow(route) is ProbeOutcome trouble)
            return trouble;
        RouteLimiter limiter = _limiters.GetOrAdd((route.Name, route.Caps), key => new(() => new RouteLimiter(key.Route, key.Caps, limits, time, log))).Value;
        RouteEntry entry = await limiter.EnterAsync(ticket.Priority);
        if (entry != RouteEntry.Entered)
            return ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, Describe(entry));
        try
        {
            return await ProbeNowAsync(address, route, ticket, cancellationToken);
        }
        finally
        {
            limiter.Leave();
        }
    }

    private async Task<ProbeOutcome> ProbeNowAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken)
    {
        ProbeBudget budget = new(time, route.Probe.Timeout);
        ProbeWay way = await Router.FindAsync(address, route, budget);
        if (way.Trouble is not null)
            return way.Trouble;
        if (way.Revived is not null)
            _ = TryAgainAsync(way.Revived, address, route);
        try
        {
            if (budget.IsSpent)
                return ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, "DNS took all the time that a probe may take");
            ProbeOutcome? outcome = route.Target == ProbeTarget.Auto
                ? await ProbeMeasuredAsync(way.Backends, address, route, ticket, budget, cancellationToken)
                : await ProbeInOrderAsync(way.Backends, address, route, ticket, budget, cancellationToken);
            return outcome ?? ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, "the route has no server");
        }
        finally
        {
            way.Trial?.Health.EndTrial();
        }
    }

    /// <summary>
    /// Sees whether a server is back while others answer. Only its health counts, and RCPT shows that: no message is sent.
    /// </summary>
    private async Task TryAgainAsync(Backend backend, RecipientAddress address, Route route)
    {
        try
        {
            await backend.AskAsync(address, route, ProbeTarget.Rcpt, new ProbeTicket(ProbePriority.Background), route.Probe.Timeout);
        }
        catch (Exception e)
        {
            Log.SessionDefect(log, backend.Server.Name, e);
        }
        finally
        {
            backend.Health.EndTrial();
        }
    }

    private static async Task<ProbeOutcome?> ProbeInOrderAsync(
        IReadOnlyList<Backend> backends, RecipientAddress address, Route route, ProbeTicket ticket, ProbeBudget budget, CancellationToken cancellationToken)
    {
        ProbeOutcome? outcome = null;
        for (int i = 0; i < backends.Count; i++)
        {
            outcome = await budget.AskAsync(backends[i], address, route, route.Target, ticket);
            if (!AnotherServerMayKnow(outcome) || budget.IsSpent || cancellationToken.IsCancellationRequested)
                break;
        }

        return outcome;
    }

    /// <summary>
    /// Servers that tell come first, in their order. What the others accept is marked, since they accept a random address
    /// too, or may.
    /// </summary>
    private async Task<ProbeOutcome?> ProbeMeasuredAsync(
        IReadOnlyList<Backend> backends, RecipientAddress address, Route route, ProbeTicket ticket, ProbeBudget budget, CancellationToken cancellationToken)
    {
        ProbeOutcome? outcome = null;
        List<(Backend, CalibrationFinding)> silent = [];
        foreach (Backend backend in backends)
        {
            CalibrationFinding finding = await Calibrator.FindAsync(backend.Server, route, address.Domain, ticket.Priority);
            if (finding.Result == CalibrationResult.Trouble)
                outcome = finding.Evidence;
            else if (finding.Result != CalibrationResult.Tells)
                silent.Add((backend, finding));
            else if (await TryAsync(backend, finding))
                return outcome;
        }

        foreach ((Backend backend, CalibrationFinding finding) in silent)
        {
            if (await TryAsync(backend, finding))
                break;
        }

        return outcome;

        // True where no other server needs to be asked, or none can be.
        async Task<bool> TryAsync(Backend backend, CalibrationFinding finding)
        {
            outcome = await budget.AskAsync(backend, address, route, finding.Target, ticket);
            Calibrator.Check(backend.Server, route, address.Domain, finding, outcome);
            if (finding.Result != CalibrationResult.Tells && outcome.Status == VerdictStatus.Deliverable)
                outcome = outcome with { Reply = outcome.Reply with { AcceptAll = true }, IsUnmeasured = finding.Result == CalibrationResult.Inconclusive };
            return !AnotherServerMayKnow(outcome) || budget.IsSpent || cancellationToken.IsCancellationRequested;
        }
    }

    private Task<ProbeOutcome> AskAsync(
        RecipientAddress address, Route route, ServerEndpoint server, ProbeTarget target, ProbePriority priority, TimeSpan budget) =>
        _backends.Find(server, route.Probe) is Backend backend
            ? backend.AskAsync(address, route, target, new ProbeTicket(priority), budget)
            : Task.FromResult(ProbeOutcome.BackendTrouble(route, server.Name, ProbeStage.None, "too many servers are being asked"));

    private static string Describe(RouteEntry entry) => entry switch
    {
        RouteEntry.Skipped => "not refreshed: probe_rate_limit is reached",
        RouteEntry.QueueFull => "too many probes wait at the route's caps",
        RouteEntry.TooLate => "waited too long at the route's caps",
        _ => "stopping",
    };

    /// <summary>Not once a message was sent: it may have been taken, and would be delivered twice.</summary>
    internal static bool AnotherServerMayKnow(ProbeOutcome outcome) =>
        outcome.Scope == OutcomeScope.Backend && outcome.Reply.Stage != ProbeStage.EndOfData && (outcome.Reply.Stage < ProbeStage.Rcpt || outcome.Reply.Code is 0 or 421);
}

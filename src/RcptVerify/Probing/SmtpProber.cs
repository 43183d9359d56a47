using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Probes recipients over SMTP: the servers of a route in their order, the next one where a server cannot be asked
/// (no connection, refused before RCPT, 421). One budget per probe over all servers; a measurement that a probe has to
/// wait for (<see cref="ProbeTarget.Auto"/>) has its own for each of its steps.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limits">Limits of each server's pool.</param>
/// <param name="log">For trouble with servers.</param>
/// <param name="transcript">Notes every dialogue: for a person who looks at one probe. Null in the daemon.</param>
public sealed class SmtpProber(TimeProvider time, SmtpPoolLimits limits, ILogger<SmtpProber> log, SmtpTranscript? transcript = null) : IRecipientProber, IAsyncDisposable
{
    /// <summary>With less than this left no other server is asked: a timer may fire a little before its time by the clock's count.</summary>
    private static readonly TimeSpan WorthTrying = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<(ServerEndpoint, ProbeSettings), Lazy<SmtpConnectionPool>> _pools = new();
    private readonly ProbeReplyPool _replies = new();
    private TargetCalibrator? _calibrator;

    private TargetCalibrator Calibrator => LazyInitializer.EnsureInitialized(ref _calibrator, () => new TargetCalibrator(AskAsync, time, log));

    /// <inheritdoc/>
    public async Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbePriority priority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(route);
        ProbeOutcome? outcome = route.Target == ProbeTarget.Auto
            ? await ProbeMeasuredAsync(address, route, priority, cancellationToken)
            : await ProbeInOrderAsync(address, route, priority, cancellationToken);
        outcome ??= ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, "the route has no server");
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
        foreach (Lazy<SmtpConnectionPool> pool in _pools.Values)
            await pool.Value.DisposeAsync();
    }

    private async Task<ProbeOutcome?> ProbeInOrderAsync(RecipientAddress address, Route route, ProbePriority priority, CancellationToken cancellationToken)
    {
        TimeSpan budget = route.Probe.Timeout;
        ProbeOutcome? outcome = null;
        foreach (ServerEndpoint server in route.Servers)
        {
            long started = time.GetTimestamp();
            outcome = await AskAsync(address, route, server, route.Target, priority, budget);
            budget -= time.GetElapsedTime(started);
            if (!AnotherServerMayKnow(outcome) || budget < WorthTrying || cancellationToken.IsCancellationRequested)
                break;
        }

        return outcome;
    }

    /// <summary>
    /// Servers that tell come first, in their order. What the others accept is marked, since they accept a random address
    /// too, or may.
    /// </summary>
    private async Task<ProbeOutcome?> ProbeMeasuredAsync(RecipientAddress address, Route route, ProbePriority priority, CancellationToken cancellationToken)
    {
        TimeSpan budget = route.Probe.Timeout;
        ProbeOutcome? outcome = null;
        List<(ServerEndpoint, CalibrationFinding)> silent = [];
        foreach (ServerEndpoint server in route.Servers)
        {
            CalibrationFinding finding = await Calibrator.FindAsync(server, route, address.Domain, priority);
            if (finding.Result == CalibrationResult.Trouble)
                outcome = finding.Evidence;
            else if (finding.Result != CalibrationResult.Tells)
                silent.Add((server, finding));
            else if (await TryAsync(server, finding))
                return outcome;
        }

        foreach ((ServerEndpoint server, CalibrationFinding finding) in silent)
        {
            if (await TryAsync(server, finding))
                break;
        }

        return outcome;

        // True where no other server needs to be asked, or none can be.
        async Task<bool> TryAsync(ServerEndpoint server, CalibrationFinding finding)
        {
            long started = time.GetTimestamp();
            outcome = await AskAsync(address, route, server, finding.Target, priority, budget);
            budget -= time.GetElapsedTime(started);
            Calibrator.Check(server, route, address.Domain, finding, outcome);
            if (finding.Result != CalibrationResult.Tells && outcome.Status == VerdictStatus.Deliverable)
                outcome = outcome with { Reply = outcome.Reply with { AcceptAll = true }, IsUnmeasured = finding.Result == CalibrationResult.Inconclusive };
            return !AnotherServerMayKnow(outcome) || budget < WorthTrying || cancellationToken.IsCancellationRequested;
        }
    }

    private Task<ProbeOutcome> AskAsync(
        RecipientAddress address, Route route, ServerEndpoint server, ProbeTarget target, ProbePriority priority, TimeSpan budget) =>
        PoolOf(server, route.Probe).ProbeAsync(address, route, target, priority, budget);

    /// <summary>Not once a message was sent: it may have been taken, and would be delivered twice.</summary>
    internal static bool AnotherServerMayKnow(ProbeOutcome outcome) =>
        outcome.Scope == OutcomeScope.Backend && outcome.Reply.Stage != ProbeStage.EndOfData && (outcome.Reply.Stage < ProbeStage.Rcpt || outcome.Reply.Code is 0 or 421);

    private SmtpConnectionPool PoolOf(ServerEndpoint server, ProbeSettings settings) =>
        _pools.GetOrAdd((server, settings), key => new(() => new SmtpConnectionPool(key.Item1, key.Item2, limits, time, log, transcript))).Value;
}

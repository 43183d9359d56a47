using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>Probes one recipient at one server and target.</summary>
internal delegate Task<ProbeOutcome> StageProbe(
    RecipientAddress address, Route route, ServerEndpoint server, ProbeTarget target, ProbePriority priority, TimeSpan budget);

/// <summary>
/// Measures for each server and domain the stage at which unknown users are refused, instead of assuming it: a random
/// address goes through the targets, shallowest first, until one refuses it as an unknown user. Where the route has a
/// canary, that address must pass the same target, or the finding does not count.
/// <para>
/// One measurement a pair at a time. Only who asks first, or after the evidence has turned against what was found, waits for it
/// (and all who come meanwhile wait for the same one); a finding that has grown old is served on while it is measured again.
/// The end of data is tried only where the route has a secret for it. Known weakness: a server that refuses everybody as
/// unknown "tells", where there is no canary.
/// </para>
/// </summary>
internal sealed class TargetCalibrator(StageProbe probe, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<Pair, CalibrationState> _states = new();

    /// <summary>What is known of the pair, measured now where nothing is.</summary>
    /// <param name="server">The server.</param>
    /// <param name="route">The route, for its secret, its canary and its settings.</param>
    /// <param name="domain">Canonical domain.</param>
    /// <param name="priority">Who waits.</param>
    public Task<CalibrationFinding> FindAsync(ServerEndpoint server, Route route, ReadOnlyMemory<byte> domain, ProbePriority priority)
    {
        Pair pair = PairOf(server, route, domain);
        if (!_states.TryGetValue(pair, out CalibrationState? state))
        {
            if (_states.Count >= CalibrationLimits.MaxPairs)
                _states.Clear();
            state = _states.GetOrAdd(pair, _ => new(time));
        }

        lock (state)
        {
            if (state.Known is not { } known)
                return state.Measurement ??= MeasureAsync(state, server, route, pair.Domain, priority);
            if (state.IsDue)
                state.Measurement ??= MeasureAsync(state, server, route, pair.Domain, ProbePriority.Background);
            return known;
        }
    }

    /// <summary>Measures again next time if a probe saw something else than was found.</summary>
    public void Check(ServerEndpoint server, Route route, ReadOnlyMemory<byte> domain, CalibrationFinding finding, ProbeOutcome outcome)
    {
        if (!finding.IsContradictedBy(outcome) || !_states.TryGetValue(PairOf(server, route, domain), out CalibrationState? state))
            return;
        lock (state)
        {
            if (state.Known is { } known && ReferenceEquals(known.Result, finding))
                state.Forget();
        }
    }

    /// <summary>Measures again next time whatever was found at a route's servers.</summary>
    public void Forget(Route route)
    {
        foreach ((Pair pair, CalibrationState state) in _states)
        {
            if (pair.EodSecret != route.EodSecret || pair.Canary != route.Canary || pair.Settings != route.Probe)
                continue;
            lock (state)
                state.Forget();
        }
    }

    private async Task<CalibrationFinding> MeasureAsync(CalibrationState state, ServerEndpoint server, Route route, string domain, ProbePriority priority)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // whoever began it holds the lock
        CalibrationFinding? found = null;
        try
        {
            return found = await MeasureAsync(server, route, domain, priority);
        }
        finally
        {
            lock (state)
            {
                state.Measurement = null;
                state.Learn(found);
            }
        }
    }

    private async Task<CalibrationFinding> MeasureAsync(ServerEndpoint server, Route route, string domain, ProbePriority priority)
    {
        CalibrationFinding finding = await TryStagesAsync(server, route, domain, priority);
        if (finding.Result == CalibrationResult.Tells && route.Canary.Length > 0)
            finding = await ConfirmAsync(finding, server, route, priority);
        if (finding.Result == CalibrationResult.Tells)
            Log.Calibrated(log, LogEscape.Text(domain), server.Name, VerdictNames.Of(finding.Target), LogEscape.Text(finding.Evidence.Reply.Text));
        else if (finding.Result != CalibrationResult.Trouble)
            Log.NotCalibrated(log, LogEscape.Text(domain), server.Name, Describe(finding.Result), LogEscape.Text(finding.Evidence.Reply.Text));
        return finding;
    }

    private async Task<CalibrationFinding> TryStagesAsync(ServerEndpoint server, Route route, string domain, ProbePriority priority)
    {
        List<ProbeTarget> targets = [ProbeTarget.Rcpt, ProbeTarget.Data, ProbeTarget.Bdat];
        if (route.EodSecret.Length > 0)
            targets.Add(ProbeTarget.Eod);
        ProbeOutcome? accepted = null;
        foreach (ProbeTarget target in targets)
        {
            ProbeOutcome outcome = await probe(RandomRecipient(domain), route, server, target, priority, route.Probe.Timeout);
            if (outcome.Reply.Text == SmtpSession.NoChunking)
                continue;
            if (SmtpProber.AnotherServerMayKnow(outcome))
                return Finding(CalibrationResult.Trouble, outcome);
            if (outcome.Status == VerdictStatus.Undeliverable)
                return Finding(CalibrationResult.Tells, outcome, target);
            if (outcome.Status == VerdictStatus.Unknown)
                return Finding(CalibrationResult.Inconclusive, outcome);
            accepted = outcome;
        }

        return Finding(CalibrationResult.AcceptAll, accepted!);
    }

    private async Task<CalibrationFinding> ConfirmAsync(CalibrationFinding finding, ServerEndpoint server, Route route, ProbePriority priority)
    {
        if (RecipientAddress.Parse(route.Canary, route.CaseSensitive, out _) is not RecipientAddress canary)
            return Finding(CalibrationResult.Inconclusive, finding.Evidence);
        ProbeOutcome outcome = await probe(canary, route, server, finding.Target, priority, route.Probe.Timeout);
        if (outcome.Status == VerdictStatus.Deliverable)
            return finding;
        return Finding(SmtpProber.AnotherServerMayKnow(outcome) ? CalibrationResult.Trouble : CalibrationResult.Inconclusive, outcome) with { IsOfCanary = true };
    }

    /// <summary>96 random bits: never the same twice, and nobody's address.</summary>
    private static RecipientAddress RandomRecipient(string domain) =>
        RecipientAddress.Parse($"rcptverify-{RandomNumberGenerator.GetHexString(24, lowercase: true)}@{domain}", caseSensitive: false, out AddressProblem problem)
        ?? throw new ArgumentException($"{problem}", nameof(domain));

    private static string Describe(CalibrationResult result) =>
        result == CalibrationResult.AcceptAll ? "accepts every address at every stage allowed" : "the measurement was inconclusive";

    private CalibrationFinding Finding(CalibrationResult result, ProbeOutcome evidence, ProbeTarget target = ProbeTarget.Rcpt) =>
        new(result, target, evidence, time.GetTimestamp());

    private static Pair PairOf(ServerEndpoint server, Route route, ReadOnlyMemory<byte> domain) =>
        new(server, Encoding.ASCII.GetString(domain.Span), route.EodSecret, route.Canary, route.Probe);

    private readonly record struct Pair(ServerEndpoint Server, string Domain, string EodSecret, string Canary, ProbeSettings Settings);
}

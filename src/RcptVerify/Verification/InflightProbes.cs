using System.Collections.Concurrent;

namespace RcptVerify.Verification;

/// <summary>
/// One probe per address at a time: the first caller starts it, the others wait for the same one. A probe outlives the
/// callers that gave up on it.
/// </summary>
public sealed class InflightProbes
{
    private readonly ConcurrentDictionary<byte[], Probe> _inflight = new(Utf8KeyComparer.Instance);

    /// <summary>Probes under way.</summary>
    public int Count => _inflight.Count;

    /// <summary>The probe under way for <paramref name="key"/>; where there is none, <paramref name="start"/> is run to make one.</summary>
    /// <param name="key">Canonical address.</param>
    /// <param name="ticket">Who waits; joins the probe's own ticket where one is under way.</param>
    /// <param name="start">Probes with this ticket and stores the verdict before it returns. Must not throw.</param>
    public Task<ProbeConclusion> GetOrStart(byte[] key, ProbeTicket ticket, Func<Task<ProbeConclusion>> start)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(start);
        if (!_inflight.TryGetValue(key, out Probe? probe))
        {
            Probe mine = new(ticket);
            probe = _inflight.GetOrAdd(key, mine);
            if (ReferenceEquals(probe, mine))
            {
                _ = RunAsync(key, mine, start);
                return mine.Task;
            }
        }

        probe.Ticket.JoinedBy(ticket);
        return probe.Task;
    }

    private async Task RunAsync(byte[] key, Probe probe, Func<Task<ProbeConclusion>> start)
    {
        try
        {
            ProbeConclusion conclusion = await start();
            _inflight.TryRemove(key, out _);
            probe.SetResult(conclusion);
        }
        catch (Exception e)
        {
            // A defect of ours. Its waiters must hear of it instead of waiting for ever.
            _inflight.TryRemove(key, out _);
            probe.SetException(e);
        }
    }

    // Waiters continue on the pool: the thread that completes a probe has other sessions to serve.
    private sealed class Probe(ProbeTicket ticket) : TaskCompletionSource<ProbeConclusion>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ProbeTicket Ticket { get; } = ticket;
    }
}

/// <summary>How a probe ended, for those who waited for it.</summary>
/// <param name="Verdict">The verdict that holds now.</param>
/// <param name="Outcome">What the probe itself found; null where another probe had just answered.</param>
/// <param name="Discounted">The server refused and is distrusted: no refusal may be said on its word, an older one included.</param>
/// <param name="Doubt">Why a refusal does not count although the server is not distrusted; null otherwise.</param>
public sealed record ProbeConclusion(Verdict Verdict, ProbeOutcome? Outcome, bool Discounted = false, string? Doubt = null);

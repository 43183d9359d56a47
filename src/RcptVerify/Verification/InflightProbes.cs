using System.Collections.Concurrent;

namespace RcptVerify.Verification;

/// <summary>
/// One probe per address at a time: the first caller starts it, the others wait for the same one. A probe outlives the
/// callers that gave up on it.
/// </summary>
public sealed class InflightProbes
{
    private readonly ConcurrentDictionary<byte[], TaskCompletionSource<ProbeConclusion>> _inflight = new(Utf8KeyComparer.Instance);

    /// <summary>Probes under way.</summary>
    public int Count => _inflight.Count;

    /// <summary>The probe under way for <paramref name="key"/>; where there is none, <paramref name="start"/> is run to make one.</summary>
    /// <param name="key">Canonical address.</param>
    /// <param name="start">Probes and stores the verdict before it returns. Must not throw.</param>
    public Task<ProbeConclusion> GetOrStart(byte[] key, Func<Task<ProbeConclusion>> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (_inflight.TryGetValue(key, out TaskCompletionSource<ProbeConclusion>? running))
            return running.Task;
        // Waiters continue on the pool: the thread that completes a probe has other sessions to serve.
        TaskCompletionSource<ProbeConclusion> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        running = _inflight.GetOrAdd(key, mine);
        if (ReferenceEquals(running, mine))
            _ = RunAsync(key, mine, start);
        return running.Task;
    }

    private async Task RunAsync(byte[] key, TaskCompletionSource<ProbeConclusion> completion, Func<Task<ProbeConclusion>> start)
    {
        try
        {
            ProbeConclusion conclusion = await start();
            _inflight.TryRemove(key, out _);
            completion.SetResult(conclusion);
        }
        catch (Exception e)
        {
            // A defect of ours. Its waiters must hear of it instead of waiting for ever.
            _inflight.TryRemove(key, out _);
            completion.SetException(e);
        }
    }
}

/// <summary>How a probe ended, for those who waited for it.</summary>
/// <param name="Verdict">The verdict that holds now.</param>
/// <param name="Outcome">What the probe itself found; null where another probe had just answered.</param>
/// <param name="Discounted">The server refused and is distrusted: no refusal may be said on its word, an older one included.</param>
/// <param name="Doubt">Why a refusal does not count although the server is not distrusted; null otherwise.</param>
public sealed record ProbeConclusion(Verdict Verdict, ProbeOutcome? Outcome, bool Discounted = false, string? Doubt = null);

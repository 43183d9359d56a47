using System.Collections.Concurrent;

namespace RcptVerify.Verification;

/// <summary>
/// Asks again about known goods that were refused once: the second refusal must not depend on another mail for that
/// recipient coming in. Where that brings no answer it is repeated, after twice the time, up to <see cref="MaxDelay"/>, until
/// the recipient is confirmed or refused.
/// <para>Limit: <see cref="MaxPending"/> recipients at a time; one more is left to its next mail.</para>
/// </summary>
/// <param name="recheck">Probes a recipient, told the route that it was refused by; true while it is still in doubt. Must not throw.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">The process is stopping.</param>
internal sealed class Rechecks(Func<RecipientAddress, Route, Task<bool>> recheck, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Longest time between two attempts: 1 h.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(1);

    /// <summary>Recipients in doubt at a time: 10 000.</summary>
    public const int MaxPending = 10_000;

    private readonly ConcurrentDictionary<byte[], bool> _pending = new(Utf8KeyComparer.Instance);
    private int _count;

    /// <summary>Begins, unless that recipient is being asked about already.</summary>
    /// <param name="address">The recipient.</param>
    /// <param name="route">The route it was refused by.</param>
    /// <param name="delay">Time until the first attempt, more than zero.</param>
    public void Schedule(RecipientAddress address, Route route, TimeSpan delay)
    {
        if (Volatile.Read(ref _count) >= MaxPending || !_pending.TryAdd(address.Key, true))
            return;
        Interlocked.Increment(ref _count);
        _ = RunAsync(address, route, delay);
    }

    private async Task RunAsync(RecipientAddress address, Route route, TimeSpan delay)
    {
        bool inDoubt;
        do
        {
            await Task.Delay(delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            inDoubt = !stopping.IsCancellationRequested && await recheck(address, route);
            delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
        }
        while (inDoubt);
        _pending.TryRemove(address.Key, out _);
        Interlocked.Decrement(ref _count);
    }
}

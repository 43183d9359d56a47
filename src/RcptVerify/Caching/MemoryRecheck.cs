using System.Collections.Concurrent;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Checks memory anew against the shared level after words of other nodes may have been missed: in the background, in small batches
/// with pauses between them, so that callers do not all wait for Redis at once when it comes back. First those that a caller has met
/// (<see cref="Hasten"/>), then, on a walk through memory, what is not deliverable, for which callers would have to wait, then the rest.
/// <para>
/// It ends when all has been looked at, or the level is out of order; <see cref="Begin"/> starts it again. An address whose look-up
/// brought nothing, or was overtaken by a removal, is looked up once more.
/// </para>
/// </summary>
/// <param name="memory">What is checked.</param>
/// <param name="shared">What it is checked against.</param>
/// <param name="look">Looks up addresses and settles what memory holds about them; says which are settled. Must not throw.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">The pace.</param>
internal sealed class MemoryRecheck(
    MemoryVerdictStore memory, ISharedVerdictLevel shared, Func<ReadOnlyMemory<byte[]>, bool[], Task> look, TimeProvider time, RecheckLimits limits) : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> _hastened = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[][] _batch = new byte[limits.BatchSize][];
    private readonly bool[] _settled = new bool[limits.BatchSize];
    private readonly Lock _lock = new();
    private IEnumerator<Verdict>? _walk;
    private bool _walksNegatives;
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _begins;
    private int _hastenedCount;

    /// <summary>Walks through memory, from the beginning.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _begins = true;
            Run();
        }
    }

    /// <summary>Looks up a verdict that a caller has met before its turn; once a generation.</summary>
    /// <param name="verdict">What memory holds, not yet checked.</param>
    /// <param name="generation">The shared level's, not 0.</param>
    public void Hasten(Verdict verdict, int generation)
    {
        int seen = verdict.Generation;
        if (Math.Abs(seen) == generation || Volatile.Read(ref _hastenedCount) >= limits.MaxHastened || !verdict.TryMark(seen, -generation))
            return;
        Enqueue(verdict.Address);
        // The count is a full fence: whoever ends its run after this looks into the queue again.
        if (Volatile.Read(ref _isRunning))
            return;
        lock (_lock)
            Run();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task running;
        lock (_lock)
            running = _running;
        await running;
        _walk?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Under the lock.</summary>
    private void Run()
    {
        if (_isRunning || _stopping.IsCancellationRequested)
            return;
        _isRunning = true;
        _running = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        bool ended = false;
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                if (await StepAsync() is not { } pause)
                {
                    ended = true;
                    return;
                }

                await Task.Delay(pause, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            if (!ended)
            {
                lock (_lock)
                    _isRunning = false;
            }
        }
    }

    /// <returns>When to go on; null where nothing is left to do.</returns>
    private async Task<TimeSpan?> StepAsync()
    {
        int count = Fill();
        if (!shared.IsUp)
            Forget(); // its return begins anew
        else if (count > 0)
            return await LookAsync(count) ? limits.Pause : limits.PauseAfterNone;
        if (_walk is not null)
            return limits.Pause;
        lock (_lock)
        {
            Volatile.Write(ref _isRunning, false);
            Interlocked.MemoryBarrier();
            if (!_begins && _hastened.IsEmpty)
                return null;
            _isRunning = true;
            return limits.Pause;
        }
    }

    /// <returns>Whether any was settled.</returns>
    private async Task<bool> LookAsync(int count)
    {
        Array.Clear(_settled);
        await look(_batch.AsMemory(0, count), _settled);
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            if (_settled[i])
                continue;
            left++;
            Enqueue(_batch[i]);
        }

        return left < count;
    }

    /// <summary>Takes the next addresses.</summary>
    private int Fill()
    {
        int count = 0;
        int generation = shared.Generation;
        while (count < _batch.Length && _hastened.TryDequeue(out byte[]? address))
        {
            Interlocked.Decrement(ref _hastenedCount);
            if (memory.TryGet(address, out Verdict? verdict) && verdict!.Generation != generation)
                _batch[count++] = verdict.Address;
        }

        lock (_lock)
        {
            if (_begins)
            {
                _begins = false;
                StartWalk(negatives: true);
            }
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; _walk is not null && i < limits.StepEntries && count < _batch.Length; i++)
        {
            if (!_walk.MoveNext())
            {
                if (!_walksNegatives)
                {
                    StopWalk();
                    break;
                }

                StartWalk(negatives: false);
                continue;
            }

            Verdict verdict = _walk.Current;
            if (Math.Abs(verdict.Generation) != generation && verdict.GoneAt > now && _walksNegatives == (verdict.Status != VerdictStatus.Deliverable))
                _batch[count++] = verdict.Address;
        }

        return count;
    }

    private void StartWalk(bool negatives)
    {
        StopWalk();
        _walk = memory.Enumerate().GetEnumerator();
        _walksNegatives = negatives;
    }

    private void StopWalk()
    {
        _walk?.Dispose();
        _walk = null;
    }

    private void Enqueue(byte[] address)
    {
        Interlocked.Increment(ref _hastenedCount);
        _hastened.Enqueue(address);
    }

    /// <summary>
    /// Nothing can be asked: what waits is met again, or walked to, in the next generation. That one may have begun already, and a caller
    /// have hastened an address of it: the mark goes with the place in the queue, or the walk would pass the address over.
    /// </summary>
    private void Forget()
    {
        StopWalk();
        while (_hastened.TryDequeue(out byte[]? address))
        {
            Interlocked.Decrement(ref _hastenedCount);
            if (memory.TryGet(address, out Verdict? verdict) && verdict!.Generation is var seen and < 0)
                verdict.TryMark(seen, 0);
        }
    }
}

using System.Collections.Concurrent;

namespace RcptVerify.Caching;

/// <summary>What callers ask of the store's thread, in bounded queues, and the bell that wakes it. The second half is for the thread alone.</summary>
/// <param name="maxFinds">Most look-ups waiting.</param>
/// <param name="clock">When the first of the verdicts that wait came.</param>
internal sealed class SqliteStoreQueues(int maxFinds, StoreClock clock) : IDisposable
{
    private readonly ConcurrentQueue<FindRequest> _finds = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _purges = new();
    private readonly ConcurrentQueue<Action> _reads = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private int _findCount;
    private long _pendingSince;

    /// <summary>Asks for a verdict; null where too many are waiting.</summary>
    public Task<LevelAnswer>? Find(byte[] address)
    {
        if (Interlocked.Increment(ref _findCount) > maxFinds)
        {
            Interlocked.Decrement(ref _findCount);
            return null;
        }

        FindRequest request = new(address);
        _finds.Enqueue(request);
        Wake();
        return request.Task;
    }

    /// <summary>The first of the verdicts that wait has come.</summary>
    public void BeginPending() => Volatile.Write(ref _pendingSince, clock.Now);

    /// <summary>Completes when all that was put before has been written, or could not be.</summary>
    public Task Flush() => Enqueue(_flushes);

    /// <summary>Completes when all that was purged before has been deleted, or cannot be now.</summary>
    public Task Purged() => Enqueue(_purges);

    /// <summary>Runs something on the thread, at its next turn.</summary>
    public void Read(Action read)
    {
        _reads.Enqueue(read);
        Wake();
    }

    /// <summary>Wakes the thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Whether somebody waits for the thread's next turn.</summary>
    public bool Any => !_flushes.IsEmpty || !_finds.IsEmpty || !_reads.IsEmpty;

    /// <summary>How many wait for what is pending to be written.</summary>
    public int Flushes => _flushes.Count;

    /// <summary>How long the oldest verdict has waited to be written.</summary>
    public TimeSpan PendingFor => clock.Since(Volatile.Read(ref _pendingSince));

    /// <summary>Waits for the bell.</summary>
    /// <param name="atMost">No longer than this.</param>
    public void Wait(TimeSpan atMost) => _wake.WaitOne(atMost);

    /// <summary>Answers the look-ups that wait now: those that come meanwhile have the next turn, so that writing has its own.</summary>
    public void AnswerFinds(Func<byte[], LevelAnswer> find)
    {
        for (int count = _finds.Count; count > 0 && _finds.TryDequeue(out FindRequest? request); count--)
        {
            Interlocked.Decrement(ref _findCount);
            request.Answer(find(request.Address));
        }
    }

    /// <summary>Runs what <see cref="Read"/> was given.</summary>
    public void RunReads()
    {
        while (_reads.TryDequeue(out Action? read))
            read();
    }

    /// <summary>Completes so many of the <see cref="Flushes"/>.</summary>
    public void CompleteFlushes(int count) => Complete(_flushes, count);

    /// <summary>Completes those that wait for purges.</summary>
    public void CompletePurges() => Complete(_purges, _purges.Count);

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    private static void Complete(ConcurrentQueue<TaskCompletionSource> queue, int count)
    {
        for (; count > 0 && queue.TryDequeue(out TaskCompletionSource? done); count--)
            done.SetResult();
    }

    private Task Enqueue(ConcurrentQueue<TaskCompletionSource> queue)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Enqueue(done);
        Wake();
        return done.Task;
    }

    /// <summary>A look-up on its way to the thread.</summary>
    private sealed class FindRequest(byte[] address)
    {
        // Its waiters go on elsewhere: the thread has others to answer.
        private readonly TaskCompletionSource<LevelAnswer> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Address { get; } = address;

        public Task<LevelAnswer> Task => _completion.Task;

        public void Answer(LevelAnswer answer) => _completion.SetResult(answer);
    }
}

using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// The thread that does all that touches the store's file, in turns: callers first, then what is due, each in a step so small that nobody
/// notices the wait.
/// </summary>
/// <param name="path">The file's path, for the log.</param>
/// <param name="use">What the file is for.</param>
/// <param name="access">The file.</param>
/// <param name="queues">What callers want.</param>
/// <param name="pending">What is to be written.</param>
/// <param name="losses">Counts what never will be.</param>
/// <param name="limits">Caps and times.</param>
/// <param name="clock">The clock of pauses.</param>
/// <param name="time">The clock that dates verdicts.</param>
/// <param name="log">What was done.</param>
internal sealed class SqliteStoreThread(
    string path, SqliteFileUse use, SqliteStoreAccess access, SqliteStoreQueues queues, PendingVerdicts pending, StoreLosses losses,
    SqliteStoreLimits limits, StoreClock clock, TimeProvider time, ILogger log)
{
    /// <summary>Between two steps of loading, purging and sweeping: lets others have the processor.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    private readonly ProbeReplyPool _replies = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private StoreLoad? _load;
    private string? _toRun;
    private long _rowsPurged;
    private long _sweepAfter = long.MinValue;
    private long _countAfter = long.MinValue;
    private long _sweepAt;
    private int _sweepsOpening;
    private long _sweepDebt;
    private long _surplus;

    /// <summary>Completes with its end.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether it is to end. For any thread.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Rows that purges have deleted. For any thread.</summary>
    public long RowsPurged => Volatile.Read(ref _rowsPurged);

    /// <summary>Starts it.</summary>
    /// <param name="load">What to do with what the file holds; null: nothing.</param>
    public void Start(StoreLoad? load)
    {
        _load = load;
        new Thread(Run) { IsBackground = true, Name = "cache store" }.Start();
    }

    /// <summary>Has it write what is pending, and end. For any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        queues.Wake();
    }

    /// <summary>Runs SQL before its next work. For any thread.</summary>
    public void RunOnFile(string sql) => Volatile.Write(ref _toRun, sql);

    /// <summary>Reads on the thread, at its next turn; null where that is not possible now. For any thread.</summary>
    public Task<T?> ReadAsync<T>(Func<SqliteVerdictTable, T> read) where T : class
    {
        TaskCompletionSource<T?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_stopping)
            return Task.FromResult<T?>(null);
        queues.Read(() =>
        {
            T? answer = null;
            if (access.Table is { } table)
                access.Attempt(() => answer = read(table));
            done.SetResult(answer);
        });
        return done.Task;
    }

    /// <summary>The next verdicts of the file, in the order of their arrival, that count by today's clock and are not to be forgotten.</summary>
    public StorePage Page(SqliteVerdictTable table, long after)
    {
        List<Verdict> verdicts = new(limits.StepRows);
        long last = after;
        bool more = table.ReadPage(ref last, limits.StepRows, _replies, verdict =>
        {
            if (Counts(verdict))
                verdicts.Add(verdict);
        });
        return new StorePage(verdicts, last, more);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Run()
    {
        while (!_stopping)
        {
            queues.Wait(NextPause());
            Work();
        }

        if (pending.Any && access.Table is null)
            access.Attempt(access.Open); // stopped before its first turn, or in trouble: one more attempt
        if (pending.Any && access.Table is not null)
            access.Attempt(WritePending);
        queues.AnswerFinds(_ => LevelAnswer.Unavailable);
        queues.CompleteFlushes(queues.Flushes);
        queues.CompletePurges();
        access.Close();
        queues.RunReads();
        _ended.SetResult();
    }

    /// <summary>One turn.</summary>
    private void Work()
    {
        int flushes = queues.Flushes;
        access.OpenWhenDue();
        if (access.Table is { } table && Interlocked.Exchange(ref _toRun, null) is string sql)
            access.Attempt(() => table.Run(sql));
        queues.AnswerFinds(Find);
        queues.RunReads();
        if (access.Table is not null && pending.Any && access.MayTry && (flushes > 0 || queues.PendingFor >= limits.WriteDelay))
            access.Attempt(WritePending);
        if (IsPurging)
            access.Attempt(PurgeStep);
        if (!IsPurging)
            queues.CompletePurges();
        queues.CompleteFlushes(flushes);
        if (access.Table is not null && _load is { } load && access.IsSettled)
            access.Attempt(() => LoadStep(load));
        if (use == SqliteFileUse.Serve && access.Table is not null && ((clock.IsDue(_sweepAfter) && access.MayTry) || _sweepDebt >= limits.StepRows))
            access.Attempt(SweepStep);
    }

    private TimeSpan NextPause()
    {
        if (queues.Any)
            return TimeSpan.Zero;
        if (access.Table is null)
            return TimeSpan.FromMilliseconds(Math.Clamp(access.UntilOpen.TotalMilliseconds, 0, 1000));
        if (_load is not null || IsPurging || (use == SqliteFileUse.Serve && _sweepDebt >= limits.StepRows))
            return Breath;
        if (!pending.Any)
            return limits.SweepInterval;
        TimeSpan left = limits.WriteDelay - queues.PendingFor;
        TimeSpan retry = access.UntilRetry;
        left = retry > left ? retry : left;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether there are purged rows that can be deleted now.</summary>
    private bool IsPurging => use != SqliteFileUse.Look && access.Table is { IsPurging: true } && access.MayTry;

    private LevelAnswer Find(byte[] address)
    {
        LevelAnswer answer = LevelAnswer.Unavailable;
        if (access.Table is { } table)
            access.Attempt(() => answer = table.Find(address, _replies) is { } found && Counts(found) ? new(true, found) : LevelAnswer.Nothing);
        return answer;
    }

    private bool Counts(Verdict stored) => !VerdictRecord.IsFromAnotherClock(stored, Now) && !pending.Forgets(stored);

    private void WritePending()
    {
        access.OpenForWriting();
        PendingChanges batch = pending.Take();
        int removed;
        try
        {
            removed = access.Table!.Write(batch);
        }
        catch
        {
            losses.Add(pending.PutBack());
            throw;
        }

        pending.Written();
        // Too many where rows were replaced: nothing is deleted for it before they are counted.
        access.Rows += batch.Verdicts.Count - removed;
        _sweepDebt += 2L * batch.Verdicts.Count; // sweeping outruns filling
        access.HasWritten();
    }

    private void LoadStep(StoreLoad load)
    {
        load.Begin(() => access.Table!.BeforeNewest(access.Rows, load.Most));
        long now = Now;
        bool more = access.Table!.ReadPage(ref load.After, limits.StepRows, _replies, verdict =>
        {
            if (verdict.GoneAt <= now || !Counts(verdict))
                return;
            load.Offer(verdict);
            load.Known++; // taken, or there already: asked for, or asked about anew, meanwhile
        });
        if (more)
            return;
        _load = null;
        Log.StoreLoaded(log, path, load.Known, (long)clock.Since(load.Began).TotalMilliseconds);
    }

    private void PurgeStep()
    {
        int deleted = access.Table!.PurgeStep(limits.StepRows);
        access.Rows -= deleted;
        Interlocked.Add(ref _rowsPurged, deleted);
    }

    private void SweepStep()
    {
        if (_sweepsOpening != access.Opened)
            (_sweepsOpening, _sweepAt) = (access.Opened, 0); // another file, perhaps
        _sweepAfter = clock.After(limits.SweepInterval);
        _sweepDebt = Math.Max(0, _sweepDebt - limits.StepRows);
        if (access.Rows > limits.MaxRows && clock.IsDue(_countAfter))
        {
            _countAfter = clock.After(limits.CountInterval);
            access.Rows = access.Table!.Count();
            _surplus = access.Rows - limits.MaxRows;
        }

        int deleted = access.Table!.Sweep(ref _sweepAt, limits.StepRows, Now, surplus: _surplus > 0);
        access.Rows -= deleted;
        _surplus -= deleted;
        if (_sweepAt == 0)
            _sweepDebt = 0;
    }
}

/// <summary>A piece of the file.</summary>
/// <param name="Verdicts">Those in it that can be true; whether they still count is for <see cref="Freshness"/>.</param>
/// <param name="Last">The row id behind which the next piece begins.</param>
/// <param name="More">Whether there may be more.</param>
internal sealed record StorePage(IReadOnlyList<Verdict> Verdicts, long Last, bool More);

using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts in an SQLite file: what outlives a restart. A thread of its own does all that touches the file; callers put into
/// bounded queues and never wait for the disk, but for a look-up, and for that not long.
/// <para>
/// Writes gather for <see cref="SqliteStoreLimits.WriteDelay"/> and are one transaction; that much is lost by kill -9, and
/// nothing when the store is disposed of. "Unknown" is not written: it lives for seconds. A file that is damaged is set
/// aside whenever that shows; one that is locked, full or not to be written to is tried again, and memory goes on alone.
/// What is read is checked (<see cref="VerdictRecord"/>): a row that cannot be true is none.
/// </para>
/// <para>
/// Weaknesses: a flipped byte inside a text or a date that stays possible is not noticed, as SQLite has no checksums. One
/// thread for reads and writes: while the disk stalls, look-ups count as unavailable and addresses are probed. The file never
/// shrinks; its free pages are used again.
/// </para>
/// </summary>
public sealed class SqliteVerdictStore : IVerdictLevel
{
    /// <summary>The thread's pauses are real time whatever clock dates the verdicts.</summary>
    private static readonly TimeProvider RealTime = TimeProvider.System;

    /// <summary>Between two steps of loading: lets others have the processor.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    private readonly string _path;
    private readonly SqliteVerdictFile _file;
    private readonly SqliteStoreLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ProbeReplyPool _replies = new();
    private readonly PendingVerdicts _pending;
    private readonly ConcurrentQueue<FindRequest> _finds = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();
    private readonly ConcurrentQueue<Action> _reads = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _purgeWaiters = new();
    private readonly SqliteFileUse _use;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RepeatGuard _tooSlowLines;
    private int _findCount;
    private long _givenUp;
    private long _rowsPurged;
    private volatile bool _stopping;
    private volatile StoreLoad? _load;
    private bool _started;
    private string? _toRun;

    // The thread's own.
    private SqliteVerdictTable? _table;
    private long _pendingSince;
    private long _openAfter = long.MinValue;
    private long _writeAfter = long.MinValue;
    private long _sweepAfter = long.MinValue;
    private long _countAfter = long.MinValue;
    private long _purgeAfter = long.MinValue;
    private long _sweepAt;
    private long _sweepDebt;
    private long _rows;
    private long _surplus;
    private bool _reopen;
    private volatile string _trouble = "";
    private volatile bool _attempted;

    /// <summary>Creates a store; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="limits">Caps and times.</param>
    /// <param name="time">The clock that dates verdicts.</param>
    /// <param name="log">Trouble and its end.</param>
    public SqliteVerdictStore(string path, SqliteStoreLimits limits, TimeProvider time, ILogger<SqliteVerdictStore> log)
        : this(path, limits, time, log, SqliteSchema.Scripts)
    {
    }

    internal SqliteVerdictStore(
        string path, SqliteStoreLimits limits, TimeProvider time, ILogger log, IReadOnlyList<string> scripts, SqliteFileUse use = SqliteFileUse.Serve)
    {
        _use = use;
        ArgumentNullException.ThrowIfNull(limits);
        _path = path;
        _limits = limits;
        _time = time;
        _log = log;
        _file = new SqliteVerdictFile(path, time, log, scripts, use);
        _pending = new PendingVerdicts(limits.MaxPending);
        _tooSlowLines = new RepeatGuard(RealTime, perMinute: 1);
    }

    /// <inheritdoc/>
    public TimeSpan FindWithin => _limits.FindWithin;

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <summary>
    /// Starts the thread, which opens the file and then, between its other work, hands what it holds to memory: the newest
    /// verdicts, in the order in which they were learnt.
    /// </summary>
    /// <param name="offer">Takes a verdict into memory unless a newer one is there; null: nothing is loaded.</param>
    /// <param name="most">Most verdicts loaded.</param>
    public void Start(Func<Verdict, bool>? offer = null, int most = 0)
    {
        _load = offer is null || most <= 0 ? null : new StoreLoad(offer, most);
        _started = true;
        new Thread(Run) { IsBackground = true, Name = "cache store" }.Start();
    }

    /// <inheritdoc/>
    public ValueTask<LevelAnswer> FindAsync(byte[] address)
    {
        if (_pending.TryGet(address, out Verdict? verdict))
            return new(new LevelAnswer(true, verdict));
        if (_stopping)
            return new(LevelAnswer.Unavailable);
        if (Interlocked.Increment(ref _findCount) > _limits.MaxFinds)
        {
            Interlocked.Decrement(ref _findCount);
            return new(LevelAnswer.Unavailable);
        }

        FindRequest request = new(address);
        _finds.Enqueue(request);
        _wake.Set();
        return new(request.Task);
    }

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (verdict.Status == VerdictStatus.Unknown || _stopping)
            return;
        if (_pending.Add(verdict, out bool lost))
        {
            Volatile.Write(ref _pendingSince, RealTime.GetTimestamp());
            _wake.Set();
        }

        if (lost)
            GiveUp(1);
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(ReadOnlyMemory<byte> address)
    {
        bool first = _pending.AddRemoval(address.ToArray(), out bool lost);
        return ChangedAsync(first, lost);
    }

    /// <inheritdoc/>
    public ValueTask PurgeAsync(PurgeScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return ChangedAsync(_pending.AddPurge(scope), lost: false);
    }

    /// <summary>Rows that purges have deleted since the start.</summary>
    internal long RowsPurged => Volatile.Read(ref _rowsPurged);

    /// <summary>Completes when all rows that were purged before are deleted, or cannot be now. They have not been found since <see cref="PurgeAsync"/>.</summary>
    internal Task PurgedAsync()
    {
        if (_stopping || !_started)
            return Task.CompletedTask;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _purgeWaiters.Enqueue(done);
        _wake.Set();
        return done.Task;
    }

    private ValueTask ChangedAsync(bool first, bool lost)
    {
        if (first)
            Volatile.Write(ref _pendingSince, RealTime.GetTimestamp());
        if (lost)
            GiveUp(1);
        return _stopping || !_started ? default : new(FlushAsync());
    }

    /// <summary>Completes when all that was put before has been written, or could not be.</summary>
    public Task FlushAsync()
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(done);
        _wake.Set();
        return done.Task;
    }

    /// <summary>What is wrong with the file now, in SQLite's or the system's words; empty where nothing is.</summary>
    internal string Trouble => _trouble;

    /// <summary>True until the file has been opened for the first time, or could not be.</summary>
    internal bool IsOpening => !_attempted;

    /// <summary>The next verdicts of the file in the order of their arrival; null where the file cannot be read now.</summary>
    /// <param name="after">The row id to go on behind, 0 at the beginning.</param>
    internal Task<StorePage?> ReadPageAsync(long after) => OnFileAsync(table =>
    {
        List<Verdict> verdicts = new(_limits.StepRows);
        long last = after;
        bool more = table.ReadPage(ref last, _limits.StepRows, _replies, verdict =>
        {
            if (!VerdictRecord.IsFromAnotherClock(verdict, Now()) && !_pending.Forgets(verdict))
                verdicts.Add(verdict);
        });
        return new StorePage(verdicts, last, more);
    });

    /// <summary>Rows in the file; null where it cannot be read now.</summary>
    internal async Task<long?> CountAsync() => await OnFileAsync(table => new StoreCount(table.Count())) is { } count ? count.Rows : null;

    /// <summary>Reads on the thread, at its next turn.</summary>
    private Task<T?> OnFileAsync<T>(Func<SqliteVerdictTable, T> read) where T : class
    {
        TaskCompletionSource<T?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_stopping)
            return Task.FromResult<T?>(null);
        _reads.Enqueue(() =>
        {
            T? answer = null;
            if (_table is not null)
                Attempt(() => answer = read(_table));
            done.SetResult(answer);
        });
        _wake.Set();
        return done.Task;
    }

    /// <summary>Runs SQL on the store's own connection before its next work: tests make the disk full and the file read-only by it.</summary>
    internal void RunOnFile(string sql) => Volatile.Write(ref _toRun, sql);

    /// <summary>Writes what is waiting, within <see cref="SqliteStoreLimits.CloseWithin"/>, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _wake.Set();
        if (_started)
            await ((Task)_ended.Task.WaitAsync(_limits.CloseWithin, RealTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_started || _ended.Task.IsCompleted)
            _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            _wake.WaitOne(NextPause());
            Work();
        }

        if (_pending.Any && _table is null)
            Attempt(Open); // stopped before its first turn, or in trouble: one more attempt
        if (_pending.Any && _table is not null)
            Attempt(WritePending);
        while (_finds.TryDequeue(out FindRequest? find))
            find.Answer(LevelAnswer.Unavailable);
        Complete(_flushes, _flushes.Count);
        Complete(_purgeWaiters, _purgeWaiters.Count);
        Close();
        Read();
        _ended.SetResult();
    }

    /// <summary>One turn: callers first, then what is due.</summary>
    private void Work()
    {
        int flushes = _flushes.Count;
        if (_table is null && IsDue(_openAfter))
        {
            Attempt(Open);
            _attempted = true;
        }

        if (_table is not null && Interlocked.Exchange(ref _toRun, null) is string sql)
            Attempt(() => _table.Run(sql));
        AnswerFinds();
        Read();
        if (_table is not null && _pending.Any && IsDue(_writeAfter) && (flushes > 0 || SinceFirstPending() >= _limits.WriteDelay))
            Attempt(WritePending);
        PurgeStep();
        Complete(_flushes, flushes);
        if (_table is not null && _load is { } load && IsDue(_openAfter))
            Attempt(() => LoadStep(load));
        if (_use == SqliteFileUse.Serve && _table is not null && (IsDue(_sweepAfter) || _sweepDebt >= _limits.StepRows))
            Attempt(SweepStep);
    }

    private TimeSpan NextPause()
    {
        if (!_flushes.IsEmpty || !_finds.IsEmpty || !_reads.IsEmpty)
            return TimeSpan.Zero;
        if (_table is null)
            return TimeSpan.FromMilliseconds(Math.Clamp(LeftUntil(_openAfter).TotalMilliseconds, 0, 1000));
        if (_load is not null || (_table.IsPurging && IsDue(_purgeAfter)) || (_use == SqliteFileUse.Serve && _sweepDebt >= _limits.StepRows))
            return Breath;
        if (!_pending.Any)
            return _limits.SweepInterval;
        TimeSpan left = _limits.WriteDelay - SinceFirstPending();
        TimeSpan retry = LeftUntil(_writeAfter);
        left = retry > left ? retry : left;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Open()
    {
        _table = _file.Open();
        _reopen = false;
        _rows = _table.Count();
        _sweepAt = 0;
        if (_trouble.Length == 0)
            Log.StoreOpened(_log, _path, _rows);
    }

    private void Read()
    {
        while (_reads.TryDequeue(out Action? read))
            read();
    }

    private void AnswerFinds()
    {
        while (_finds.TryDequeue(out FindRequest? find))
        {
            Interlocked.Decrement(ref _findCount);
            LevelAnswer answer = LevelAnswer.Unavailable;
            if (_table is not null)
                Attempt(() => answer = Find(find.Address));
            find.Answer(answer);
        }
    }

    private LevelAnswer Find(byte[] address)
    {
        Verdict? found = _table!.Find(address, _replies);
        return found is not null && !VerdictRecord.IsFromAnotherClock(found, Now()) && !_pending.Forgets(found) ? new(true, found) : LevelAnswer.Nothing;
    }

    private void WritePending()
    {
        if (_reopen)
        {
            Close(); // SQLite never writes to what it opened for reading
            Open();
        }

        PendingChanges batch = _pending.Take();
        int removed;
        try
        {
            removed = _table!.Write(batch);
        }
        catch
        {
            GiveUp(_pending.PutBack());
            throw;
        }

        _pending.Written();
        // Too many where rows were replaced: nothing is deleted for it before they are counted.
        _rows += batch.Verdicts.Count - removed;
        _sweepDebt += 2L * batch.Verdicts.Count; // sweeping outruns filling
        if (_trouble.Length > 0)
        {
            _trouble = "";
            Log.StoreRecovered(_log, _path);
        }
    }

    private void LoadStep(StoreLoad load)
    {
        load.Begin(() => _table!.BeforeNewest(_rows, load.Most));
        long now = Now();
        bool more = _table!.ReadPage(ref load.After, _limits.StepRows, _replies, verdict =>
        {
            if (verdict.GoneAt <= now || VerdictRecord.IsFromAnotherClock(verdict, now) || _pending.Forgets(verdict))
                return;
            load.Offer(verdict);
            load.Known++; // taken, or there already: asked for, or asked about anew, meanwhile
        });
        if (more)
            return;
        _load = null;
        Log.StoreLoaded(_log, _path, load.Known, (long)RealTime.GetElapsedTime(load.Began).TotalMilliseconds);
    }

    private void PurgeStep()
    {
        bool done = true;
        if (_use != SqliteFileUse.Look && _table?.IsPurging == true && IsDue(_purgeAfter))
        {
            done = false;
            Attempt(() =>
            {
                int deleted = _table.PurgeStep(_limits.StepRows);
                _rows -= deleted;
                Interlocked.Add(ref _rowsPurged, deleted);
            });
            done = _table?.IsPurging != true || !IsDue(_purgeAfter);
        }

        if (done)
            Complete(_purgeWaiters, _purgeWaiters.Count);
    }

    private void SweepStep()
    {
        _sweepAfter = After(_limits.SweepInterval);
        _sweepDebt = Math.Max(0, _sweepDebt - _limits.StepRows);
        if (_rows > _limits.MaxRows && IsDue(_countAfter))
        {
            _countAfter = After(_limits.CountInterval);
            _rows = _table!.Count();
            _surplus = _rows - _limits.MaxRows;
        }

        int deleted = _table!.Sweep(ref _sweepAt, _limits.StepRows, Now(), surplus: _surplus > 0);
        _rows -= deleted;
        _surplus -= deleted;
        if (_sweepAt == 0)
            _sweepDebt = 0;
    }

    /// <summary>Runs one step on the file; trouble with it ends here.</summary>
    private void Attempt(Action step)
    {
        try
        {
            step();
        }
        catch (SqliteException e) when (SqliteVerdictFile.IsDamage(e))
        {
            BeginAnew(e);
        }
        catch (SqliteException e)
        {
            // What is there can still be read when the disk is full or nobody may write.
            _reopen |= e.SqliteErrorCode == SQLitePCL.raw.SQLITE_READONLY;
            Suffer(e.Message, keepOpen: e.SqliteErrorCode is SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteFormatException)
        {
            Suffer(e.Message, keepOpen: false);
        }
        catch (Exception e)
        {
            // A defect of ours must not end the thread: memory and the rest of the service do not depend on it.
            Log.StoreDefect(_log, _path, e);
            Close();
        }
    }

    private void BeginAnew(SqliteException damage)
    {
        Close();
        Attempt(() =>
        {
            _file.SetAside($"is damaged ({damage.Message})", SqliteVerdictFile.DamagedKind);
            Open();
        });
    }

    private void Suffer(string trouble, bool keepOpen)
    {
        if (!keepOpen)
            Close();
        _openAfter = _writeAfter = _sweepAfter = _purgeAfter = After(_limits.RetryAfter);
        if (_trouble == trouble)
            return;
        _trouble = trouble;
        Log.StoreTrouble(_log, _path, LogEscape.Text(trouble), Advice());
    }

    private string Advice()
    {
        string folder = Path.GetDirectoryName(_path) ?? "/";
        return Directory.Exists(folder)
            ? $"Let user {Environment.UserName} write to {folder}, or set [cache] store"
            : $"Create {folder} and let user {Environment.UserName} write to it, or set [cache] store = \"memory\"";
    }

    private void Close()
    {
        SqliteVerdictTable? table = _table;
        _table = null;
        _openAfter = After(_limits.RetryAfter);
        try
        {
            table?.Dispose();
        }
        catch (SqliteException e)
        {
            Log.StoreTrouble(_log, _path, LogEscape.Text(e.Message), "");
        }
    }

    private void GiveUp(int count)
    {
        if (count > 0)
            Interlocked.Add(ref _givenUp, count);
        if (count > 0 && _tooSlowLines.MayPass(out _))
            Log.StoreTooSlow(_log, _path, Interlocked.Exchange(ref _givenUp, 0));
    }

    private static void Complete(ConcurrentQueue<TaskCompletionSource> queue, int count)
    {
        for (; count > 0 && queue.TryDequeue(out TaskCompletionSource? done); count--)
            done.SetResult();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private TimeSpan SinceFirstPending() => RealTime.GetElapsedTime(Volatile.Read(ref _pendingSince));

    private static bool IsDue(long timestamp) => RealTime.GetTimestamp() >= timestamp;

    private static long After(TimeSpan time) => RealTime.GetTimestamp() + (long)(time.TotalSeconds * RealTime.TimestampFrequency);

    private static TimeSpan LeftUntil(long timestamp) =>
        timestamp == long.MinValue ? TimeSpan.Zero : RealTime.GetElapsedTime(RealTime.GetTimestamp(), timestamp);

    private sealed record StoreCount(long Rows);

    /// <summary>A look-up on its way to the thread.</summary>
    private sealed class FindRequest(byte[] address)
    {
        // Its waiters go on elsewhere: the thread has others to answer.
        private readonly TaskCompletionSource<LevelAnswer> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Address { get; } = address;

        public Task<LevelAnswer> Task => _completion.Task;

        public void Answer(LevelAnswer answer) => _completion.SetResult(answer);
    }

    /// <summary>Loading into memory, and how far it has come.</summary>
    private sealed class StoreLoad(Func<Verdict, bool> offer, int most)
    {
        public long After = -1;
        public long Known;

        public Func<Verdict, bool> Offer { get; } = offer;

        public int Most { get; } = most;

        public long Began { get; } = RealTime.GetTimestamp();

        public void Begin(Func<long> first)
        {
            if (After < 0)
                After = first();
        }
    }
}

/// <summary>A piece of the file.</summary>
/// <param name="Verdicts">Those in it that can be true; whether they still count is for <see cref="Freshness"/>.</param>
/// <param name="Last">The row id behind which the next piece begins.</param>
/// <param name="More">Whether there may be more.</param>
internal sealed record StorePage(IReadOnlyList<Verdict> Verdicts, long Last, bool More);

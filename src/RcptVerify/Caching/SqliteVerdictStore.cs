using Microsoft.Extensions.Logging;
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
    private readonly SqliteStoreLimits _limits;
    private readonly StoreClock _clock;
    private readonly PendingVerdicts _pending;
    private readonly SqliteStoreQueues _queues;
    private readonly SqliteStoreAccess _access;
    private readonly StoreLosses _losses;
    private readonly SqliteStoreThread _thread;
    private bool _started;

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
        string path, SqliteStoreLimits limits, TimeProvider time, ILogger log, IReadOnlyList<string> scripts, SqliteFileUse use = SqliteFileUse.Serve,
        TimeProvider? pauses = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        pauses ??= TimeProvider.System; // real time, whatever clock dates the verdicts
        _clock = new StoreClock(pauses);
        _pending = new PendingVerdicts(limits.MaxPending);
        _queues = new SqliteStoreQueues(limits.MaxFinds, _clock);
        _access = new SqliteStoreAccess(path, new SqliteVerdictFile(path, time, log, scripts, use), _clock, limits, log);
        _losses = new StoreLosses(path, pauses, log);
        _thread = new SqliteStoreThread(path, use, _access, _queues, _pending, _losses, limits, _clock, time, log);
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
        _started = true;
        _thread.Start(offer is null || most <= 0 ? null : new StoreLoad(offer, most, _clock.Now));
    }

    /// <inheritdoc/>
    public ValueTask<LevelAnswer> FindAsync(byte[] address)
    {
        if (_pending.TryGet(address, out Verdict? verdict))
            return new(new LevelAnswer(true, verdict));
        return !_thread.IsStopping && _queues.Find(address) is { } answer ? new(answer) : new(LevelAnswer.Unavailable);
    }

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (verdict.Status == VerdictStatus.Unknown || _thread.IsStopping)
            return;
        if (_pending.Add(verdict, out bool lost))
        {
            _queues.BeginPending();
            _queues.Wake();
        }

        if (lost)
            _losses.Add(1);
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

    /// <summary>Completes when all that was put before has been written, or could not be.</summary>
    public Task FlushAsync() => _queues.Flush();

    /// <summary>Rows that purges have deleted since the start.</summary>
    internal long RowsPurged => _thread.RowsPurged;

    /// <summary>Completes when all rows that were purged before are deleted, or cannot be now. They have not been found since <see cref="PurgeAsync"/>.</summary>
    internal Task PurgedAsync() => _thread.IsStopping || !_started ? Task.CompletedTask : _queues.Purged();

    /// <summary>What is wrong with the file now, in SQLite's or the system's words; empty where nothing is.</summary>
    internal string Trouble => _access.Trouble;

    /// <summary>True until the file has been opened for the first time, or could not be.</summary>
    internal bool IsOpening => !_access.HasTried;

    /// <summary>The next verdicts of the file in the order of their arrival; null where the file cannot be read now.</summary>
    /// <param name="after">The row id to go on behind, 0 at the beginning.</param>
    internal Task<StorePage?> ReadPageAsync(long after) => _thread.ReadAsync(table => _thread.Page(table, after));

    /// <summary>Rows in the file; null where it cannot be read now.</summary>
    internal async Task<long?> CountAsync() => await _thread.ReadAsync(table => new StoreCount(table.Count())) is { } count ? count.Rows : null;

    /// <summary>Runs SQL on the store's own connection before its next work: tests make the disk full and the file read-only by it.</summary>
    internal void RunOnFile(string sql) => _thread.RunOnFile(sql);

    /// <summary>Writes what is waiting, within <see cref="SqliteStoreLimits.CloseWithin"/>, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _thread.Stop();
        if (_started)
            await ((Task)_thread.Ended.WaitAsync(_limits.CloseWithin, TimeProvider.System)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_started || _thread.Ended.IsCompleted)
            _queues.Dispose();
    }

    private ValueTask ChangedAsync(bool first, bool lost)
    {
        if (first)
            _queues.BeginPending();
        if (lost)
            _losses.Add(1);
        return _thread.IsStopping || !_started ? default : new(FlushAsync());
    }

    private sealed record StoreCount(long Rows);
}

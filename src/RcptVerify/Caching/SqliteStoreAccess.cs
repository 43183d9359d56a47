using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Caching;

/// <summary>
/// The open file of the store's thread, and what becomes of trouble with it: a damaged file is set aside and begun anew, one that is not
/// this store's is left alone, one that is full, locked or not to be written to is tried again after <see cref="SqliteStoreLimits.RetryAfter"/>, and each trouble is told once.
/// </summary>
/// <param name="path">The file's path.</param>
/// <param name="file">Opens it.</param>
/// <param name="clock">The clock of pauses.</param>
/// <param name="limits">Times.</param>
/// <param name="log">Trouble and its end.</param>
internal sealed class SqliteStoreAccess(string path, SqliteVerdictFile file, StoreClock clock, SqliteStoreLimits limits, ILogger log)
{
    private long _openAfter = long.MinValue;
    private long _retryAfter = long.MinValue;
    private bool _reopen;
    private volatile string _trouble = "";
    private volatile bool _tried;

    /// <summary>The statements on the open file; null while it cannot be used.</summary>
    public SqliteVerdictTable? Table { get; private set; }

    /// <summary>Counts how often it was opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Rows in the file, roughly: counted when it was opened, and kept since.</summary>
    public long Rows { get; set; }

    /// <summary>What is wrong with the file now; empty where nothing is. For any thread.</summary>
    public string Trouble => _trouble;

    /// <summary>Whether it has been opened, or could not be. For any thread.</summary>
    public bool HasTried => _tried;

    /// <summary>Whether the last opening or trouble is long enough ago for what can wait.</summary>
    public bool IsSettled => clock.IsDue(_openAfter);

    /// <summary>Whether the last trouble is long enough ago to try again.</summary>
    public bool MayTry => clock.IsDue(_retryAfter);

    /// <summary>Time until the next attempt at opening.</summary>
    public TimeSpan UntilOpen => clock.LeftUntil(_openAfter);

    /// <summary>Time until the next attempt at writing.</summary>
    public TimeSpan UntilRetry => clock.LeftUntil(_retryAfter);

    /// <summary>Opens the file unless it is, or was in trouble just now.</summary>
    public void OpenWhenDue()
    {
        if (Table is not null || !IsSettled)
            return;
        Attempt(Open);
        _tried = true;
    }

    /// <summary>Opens the file; for <see cref="Attempt"/>.</summary>
    public void Open()
    {
        Table = file.Open();
        _reopen = false;
        Rows = Table.Count();
        Opened++;
        if (_trouble.Length == 0)
            Log.StoreOpened(log, path, Rows);
    }

    /// <summary>Before writing: SQLite never writes to what it opened for reading.</summary>
    public void OpenForWriting()
    {
        if (!_reopen)
            return;
        Close();
        Open();
    }

    /// <summary>Something was written: trouble is over.</summary>
    public void HasWritten()
    {
        if (_trouble.Length == 0)
            return;
        _trouble = "";
        Log.StoreRecovered(log, path);
    }

    /// <summary>Runs one step on the file; trouble with it ends here.</summary>
    public void Attempt(Action step)
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
        catch (SqliteFormatException e)
        {
            Suffer(e.Message, keepOpen: false, "Correct [cache] store, or move that away if it was this store's");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Suffer(SystemWords.Of(e), keepOpen: false);
        }
        catch (Exception e)
        {
            // A defect of ours must not end the thread: memory and the rest of the service do not depend on it.
            Log.StoreDefect(log, path, e);
            Close();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Close()
    {
        SqliteVerdictTable? table = Table;
        Table = null;
        _openAfter = clock.After(limits.RetryAfter);
        try
        {
            table?.Dispose();
        }
        catch (SqliteException e)
        {
            Log.StoreTrouble(log, path, LogEscape.Text(e.Message), "");
        }
    }

    private void BeginAnew(SqliteException damage)
    {
        Close();
        Attempt(() =>
        {
            file.SetAside($"is damaged ({damage.Message})", SqliteVerdictFile.DamagedKind);
            Open();
        });
    }

    private void Suffer(string trouble, bool keepOpen, string? advice = null)
    {
        if (!keepOpen)
            Close();
        _openAfter = _retryAfter = clock.After(limits.RetryAfter);
        if (_trouble == trouble)
            return;
        _trouble = trouble;
        Log.StoreTrouble(log, path, LogEscape.Text(trouble), advice ?? Advice());
    }

    private string Advice()
    {
        string folder = Path.GetDirectoryName(path) ?? "/";
        return Directory.Exists(folder)
            ? $"Let user {Environment.UserName} write to {folder}, or set [cache] store"
            : $"Create {folder} and let user {Environment.UserName} write to it, or set [cache] store = \"memory\"";
    }
}

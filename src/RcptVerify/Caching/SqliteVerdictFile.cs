using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Caching;

/// <summary>Brings the file into a state in which it can be used, and out of the way where it cannot.</summary>
/// <param name="path">Absolute path.</param>
/// <param name="time">The clock: its date becomes part of the name of a file set aside.</param>
/// <param name="log">What was done to files.</param>
/// <param name="scripts">The format, <see cref="SqliteSchema.Scripts"/>.</param>
/// <param name="use">What it is opened for.</param>
internal sealed class SqliteVerdictFile(string path, TimeProvider time, ILogger log, IReadOnlyList<string> scripts, SqliteFileUse use = SqliteFileUse.Serve)
{
    /// <summary>The KIND of a file that is damaged.</summary>
    public const string DamagedKind = "damaged";

    /// <summary>The KIND of a file that a newer version wrote.</summary>
    public const string NewerKind = "newer";

    /// <summary>Files up to this size are checked whole when they are opened: 8 MiB, some 20 ms. Larger ones are where they are read.</summary>
    private const long MaxCheckedBytes = 8 << 20;

    /// <summary>For us and for those who look after the host.</summary>
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private const UnixFileMode FolderMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Least time between two damaged files set aside: a disk that damages all must not be filled with them.</summary>
    private static readonly TimeSpan SetAsideInterval = TimeSpan.FromMinutes(1);

    private static readonly string[] Companions = ["-wal", "-shm", "-journal"];

    private long? _lastDamage;
    private bool _toldOfOthers;

    /// <summary>
    /// Opens the file, after creating what is missing, bringing it up to date, and setting aside what is this store's and cannot be used.
    /// </summary>
    /// <exception cref="SqliteException">It cannot be opened now.</exception>
    /// <exception cref="SqliteFormatException">Not this store's file: it stays where it is, as it is.</exception>
    /// <exception cref="IOException">Folder or file cannot be created or moved.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public SqliteVerdictTable Open()
    {
        LeaveOthersAlone(SqliteFileOwner.Of(path));
        try
        {
            return OpenOnce();
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            SetAside($"is damaged ({e.Message})", DamagedKind);
        }
        catch (SqliteFormatException e) when (e.IsNewer)
        {
            SetAside(e.Message, NewerKind);
        }

        return OpenOnce();
    }

    /// <summary>Whether SQLite says that the file's content is wrong: SQLITE_CORRUPT, SQLITE_NOTADB.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    /// <summary>Moves the file, with what belongs to it, to <c>NAME.KIND-UTC</c>; only where its header says that it is this store's.</summary>
    /// <exception cref="SqliteFormatException">It is not; it stays where it is.</exception>
    /// <exception cref="IOException">It cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public void SetAside(string why, string kind)
    {
        if (use != SqliteFileUse.Serve)
            throw new IOException(why); // it is the daemon that decides about its file
        FileOwner owner = SqliteFileOwner.Of(path);
        LeaveOthersAlone(owner);
        if (owner != FileOwner.Ours)
            throw new SqliteFormatException($"{why}, and nothing in it says that it is this store's; it is left alone", IsNewer: false);
        if (kind == DamagedKind)
        {
            if (_lastDamage is long last && time.GetElapsedTime(last) < SetAsideInterval)
                throw new IOException($"{path} {why}, a minute after the last one was set aside");
            _lastDamage = time.GetTimestamp();
        }

        string stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string aside = $"{path}.{kind}-{stamp}";
        for (int i = 2; Path.Exists(aside); i++)
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{kind}-{stamp}-{i}");
        File.Move(path, aside);
        foreach (string companion in Companions.Where(companion => File.Exists(path + companion)))
            File.Move(path + companion, aside + companion);
        Log.StoreSetAside(log, path, LogEscape.Text(why), aside);
    }

    /// <summary>Refuses what is not this store's for certain.</summary>
    /// <exception cref="SqliteFormatException">It is not.</exception>
    private static void LeaveOthersAlone(FileOwner owner)
    {
        string? what = owner switch
        {
            FileOwner.Directory => "it is a directory, not a file",
            FileOwner.NoDatabase => "it is not an SQLite file",
            FileOwner.AnotherProgram => SqliteSchema.AnotherProgram,
            _ => null,
        };
        if (what is not null)
            throw new SqliteFormatException(what + "; it is left alone", IsNewer: false);
    }

    private SqliteVerdictTable OpenOnce()
    {
        if (use == SqliteFileUse.Serve)
        {
            CreateMissing();
            TellOfOthers();
        }

        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1, // seconds that another process may hold the file; the caller tries again later
        }.ConnectionString);
        try
        {
            connection.Open();
            // Before the first look into the file: then this connection locks out all others, or finds that it cannot (SQLITE_BUSY).
            if (use == SqliteFileUse.Change)
                SqliteSchema.Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            SqliteSchema.Execute(connection, "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 16777216");
            SqliteSchema.ThrowIfNotOurs(connection, scripts); // before anything is written: the journal's mode stands in the file
            SqliteSchema.Execute(connection, "PRAGMA journal_mode = WAL");
            SqliteSchema.Execute(connection, "PRAGMA synchronous = NORMAL"); // an OS crash may lose the last commits, and damages nothing
            SqliteSchema.Migrate(connection, scripts);
            if (new FileInfo(path).Length <= MaxCheckedBytes)
                Check(connection);
            return new SqliteVerdictTable(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Two daemons on one file do it no harm, but each has a memory that the other, and half of the cache commands, know nothing of.</summary>
    private void TellOfOthers()
    {
        if (_toldOfOthers || SqliteFileHolder.ProcessOf(path) is not int other)
            return;
        _toldOfOthers = true;
        Log.StoreShared(log, path, other > 0 ? string.Create(CultureInfo.InvariantCulture, $"process {other}") : "a process of another container");
    }

    private void CreateMissing()
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder, FolderMode);
        // Not while a connection is open: closing any descriptor of a file gives up this process's locks on it (fcntl(2)).
        if (!File.Exists(path))
            new FileStream(path, new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = FileMode }).Dispose();
    }

    private static void Check(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is string and not "ok")
            throw new SqliteException("quick_check found it malformed", SQLitePCL.raw.SQLITE_CORRUPT);
    }
}

/// <summary>What the file is opened for.</summary>
internal enum SqliteFileUse : byte
{
    /// <summary>By the daemon: what is missing is created, what is damaged is set aside, what is gone is swept out.</summary>
    Serve,

    /// <summary>To look into it, beside a daemon that may hold it: nothing in it changes.</summary>
    Look,

    /// <summary>To change it, while nobody else has it open.</summary>
    Change,
}

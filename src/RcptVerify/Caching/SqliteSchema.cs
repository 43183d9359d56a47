using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RcptVerify.Caching;

/// <summary>
/// The file's format. <c>PRAGMA user_version</c> counts the scripts that have been run on it; a script, once released, never
/// changes, and a change of the format is one more script.
/// </summary>
internal static class SqliteSchema
{
    /// <summary><c>PRAGMA application_id</c>: "RcpV".</summary>
    public const int ApplicationId = 0x52637056;

    /// <summary>
    /// From an empty file to today's. Words and units are plain, for people with the sqlite3 shell: times are Unix milliseconds.
    /// <para>
    /// A table with row ids: each write takes a new, higher one, so that their order is the order of arrival. Loading what is
    /// newest and sweeping through what is oldest need no index beside that of the addresses.
    /// </para>
    /// </summary>
    public static IReadOnlyList<string> Scripts { get; } =
    [
        """
        CREATE TABLE verdicts (
          address TEXT NOT NULL PRIMARY KEY,
          status TEXT NOT NULL,
          updated INTEGER NOT NULL,
          gone_at INTEGER NOT NULL,
          code INTEGER NOT NULL,
          enhanced TEXT NOT NULL,
          text TEXT NOT NULL,
          server TEXT NOT NULL,
          target TEXT NOT NULL,
          stage TEXT NOT NULL,
          route TEXT NOT NULL,
          accept_all INTEGER NOT NULL,
          refusals INTEGER NOT NULL,
          refused_since INTEGER NOT NULL
        ) STRICT;
        """,

        // Purges that have been promised and are not yet done: they hold for rows up to until, and have been done up to after.
        """
        CREATE TABLE purges (
          kind TEXT NOT NULL,
          domain TEXT NOT NULL,
          until INTEGER NOT NULL,
          after INTEGER NOT NULL,
          PRIMARY KEY (kind, domain)
        ) STRICT;
        """,
    ];

    /// <summary>What is wrong with an SQLite file that is not this store's.</summary>
    public const string AnotherProgram = "it is another program's SQLite file";

    /// <summary>Looks whether the file is this store's, or empty; changes nothing in it.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="scripts">All scripts.</param>
    /// <exception cref="SqliteFormatException">A newer version, or another program's file.</exception>
    public static void ThrowIfNotOurs(SqliteConnection connection, IReadOnlyList<string> scripts) => Version(connection, scripts.Count);

    /// <summary>Runs the scripts that the file lacks.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="scripts">All scripts.</param>
    /// <exception cref="SqliteFormatException">A newer version, or another program's file.</exception>
    public static void Migrate(SqliteConnection connection, IReadOnlyList<string> scripts)
    {
        if (Version(connection, scripts.Count) == scripts.Count)
            return;
        // IMMEDIATE: of two processes that begin at once the second one sees what the first has done.
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            for (int i = Version(connection, scripts.Count); i < scripts.Count; i++)
                Execute(connection, scripts[i]);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {scripts.Count}"));
            Execute(connection, "COMMIT");
        }
        catch
        {
            TryRollBack(connection);
            throw;
        }

        // Out of the -wal into the file's header, where SqliteFileOwner looks should the file be damaged one day.
        Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
    }

    /// <summary>Runs statements without results.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this folder, never anybody's input
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>A statement to be run many times.</summary>
    public static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this folder, never anybody's input
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    /// <summary>The one number that a statement gives.</summary>
    public static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this folder, never anybody's input
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static int Version(SqliteConnection connection, int known)
    {
        long version = Number(connection, "PRAGMA user_version");
        bool isOurs = Number(connection, "PRAGMA application_id") == ApplicationId;
        if (!isOurs && (version != 0 || Number(connection, "SELECT count(*) FROM sqlite_schema") > 0))
            throw new SqliteFormatException(AnotherProgram + "; it is left alone", IsNewer: false);
        if (version > known)
            throw new SqliteFormatException(string.Create(CultureInfo.InvariantCulture, $"was written by a newer version (format {version}; this one knows up to {known})"), IsNewer: true);
        return (int)version;
    }

    /// <summary>Ends a transaction that failed. SQLite may have ended it already; then there is nothing to do.</summary>
    public static void TryRollBack(SqliteConnection connection)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0)
            return;
        Execute(connection, "ROLLBACK");
    }
}

/// <summary>A sound SQLite file that is not ours to use.</summary>
/// <param name="Why">Continues "the file …".</param>
/// <param name="IsNewer">Ours, but of a later version.</param>
internal sealed class SqliteFormatException(string Why, bool IsNewer) : Exception(Why)
{
    /// <summary>Ours, but of a later version.</summary>
    public bool IsNewer { get; } = IsNewer;
}

using Microsoft.Data.Sqlite;

namespace RcptVerify.TestKit;

/// <summary>Runs SQL on a file as the sqlite3 shell would.</summary>
public static class SqliteShell
{
    /// <summary>Runs a statement on a connection of its own.</summary>
    /// <param name="file">The database file.</param>
    /// <param name="sql">The test's own text.</param>
    /// <returns>The first column of the first row; null where there is none.</returns>
    public static object? Run(string file, string sql)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own text
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}

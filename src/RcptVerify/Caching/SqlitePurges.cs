using Microsoft.Data.Sqlite;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Purges of a file: what is purged is gone at once, however large the file is, and its rows are deleted in small steps. A purge is a row
/// of the table <c>purges</c>, written before any row is deleted: it covers the verdicts up to the newest one of that moment, which count
/// as not there from then on, in the next runs too. What is learnt afterwards has a higher row id, and stays.
/// <para>Not for more than one thread. Every member may throw <see cref="SqliteException"/>.</para>
/// </summary>
internal sealed class SqlitePurges : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _clear;
    private readonly SqliteCommand _record;
    private readonly SqliteCommand _advance;
    private readonly SqliteCommand _finish;
    private readonly SqliteCommand _stepEnd;
    private readonly SqliteCommand _delete;
    private List<Pending> _pending = [];

    /// <summary>Reads what is still to be done.</summary>
    /// <param name="connection">An open connection, which stays the caller's.</param>
    public SqlitePurges(SqliteConnection connection)
    {
        _connection = connection;
        _clear = SqliteSchema.Prepare(connection, "DELETE FROM purges");
        // What an earlier purge of the same scope has done is done: later rows lie behind both.
        _record = SqliteSchema.Prepare(
            connection,
            "INSERT INTO purges (kind, domain, until, after) VALUES ($kind, $domain, $until, 0) ON CONFLICT (kind, domain) DO UPDATE SET until = excluded.until",
            "$kind", "$domain", "$until");
        _advance = SqliteSchema.Prepare(connection, "UPDATE purges SET after = $after WHERE kind = $kind AND domain = $domain", "$kind", "$domain", "$after");
        _finish = SqliteSchema.Prepare(connection, "DELETE FROM purges WHERE kind = $kind AND domain = $domain", "$kind", "$domain");
        _stepEnd = SqliteSchema.Prepare(
            connection, "SELECT max(rowid) FROM (SELECT rowid FROM verdicts WHERE rowid > $after AND rowid <= $until ORDER BY rowid LIMIT $count)", "$after", "$until", "$count");
        _delete = SqliteSchema.Prepare(
            connection,
            """
            DELETE FROM verdicts WHERE rowid > $after AND rowid <= $end
              AND CASE $kind WHEN 'all' THEN 1 WHEN 'negatives' THEN status <> 'deliverable' ELSE substr(address, $length) = $suffix END
            """,
            "$after", "$end", "$kind", "$length", "$suffix");
        Load();
    }

    /// <summary>Whether rows are still to be deleted.</summary>
    public bool Any => _pending.Count > 0;

    /// <summary>The row id behind which no purge reaches.</summary>
    public long Until => _pending.Count == 0 ? 0 : _pending.Max(purge => purge.Until);

    /// <summary>Whether a row has been purged, and is only waiting to be deleted.</summary>
    public bool Covers(long row, Verdict verdict)
    {
        foreach (Pending purge in _pending)
        {
            if (row <= purge.Until && purge.Scope.Covers(verdict))
                return true;
        }

        return false;
    }

    /// <summary>Notes purges of all rows that there are. In the caller's transaction; <see cref="Load"/> must follow its end.</summary>
    public void Record(IEnumerable<PurgeScope> scopes)
    {
        long until = NewestRow();
        foreach (PurgeScope scope in scopes)
        {
            if (scope.Kind == PurgeKind.All)
                _clear.ExecuteNonQuery(); // covers all that the others do
            Name(_record, scope);
            _record.Parameters[2].Value = until;
            _record.ExecuteNonQuery();
        }
    }

    /// <summary>Reads what is to be done; what cannot be true is not.</summary>
    public void Load()
    {
        long newest = NewestRow();
        List<Pending> pending = [];
        using SqliteCommand command = SqliteSchema.Prepare(_connection, "SELECT kind, domain, until, after FROM purges ORDER BY rowid");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string domain = reader.GetString(1);
            PurgeScope? scope = reader.GetString(0) switch
            {
                "all" => PurgeScope.All,
                "negatives" => PurgeScope.Negatives,
                "domain" => PurgeScope.OfDomain(domain),
                _ => null,
            };
            long until = Math.Min(reader.GetInt64(2), newest);
            long after = reader.GetInt64(3);
            if (scope is not null && scope.Domain == domain)
                pending.Add(new(scope, until, after >= 0 && after <= until ? after : 0));
        }

        _pending = pending;
    }

    /// <summary>Goes on with the oldest purge.</summary>
    /// <param name="count">Most rows looked at.</param>
    /// <returns>Rows deleted.</returns>
    public int Step(int count)
    {
        if (_pending.Count == 0)
            return 0;
        Pending purge = _pending[0];
        SqliteSchema.Execute(_connection, "BEGIN IMMEDIATE");
        try
        {
            _stepEnd.Parameters[0].Value = purge.After;
            _stepEnd.Parameters[1].Value = purge.Until;
            _stepEnd.Parameters[2].Value = count;
            long end = _stepEnd.ExecuteScalar() as long? ?? purge.Until;
            _delete.Parameters[0].Value = purge.After;
            _delete.Parameters[1].Value = end;
            _delete.Parameters[2].Value = KindOf(purge.Scope);
            _delete.Parameters[3].Value = -purge.Scope.Suffix.Length;
            _delete.Parameters[4].Value = purge.Scope.Suffix;
            int deleted = _delete.ExecuteNonQuery();
            bool done = end >= purge.Until;
            SqliteCommand progress = done ? _finish : _advance;
            Name(progress, purge.Scope);
            if (!done)
                _advance.Parameters[2].Value = end;
            progress.ExecuteNonQuery();
            SqliteSchema.Execute(_connection, "COMMIT");
            if (done)
                _pending.RemoveAt(0);
            else
                _pending[0] = purge with { After = end };
            return deleted;
        }
        catch
        {
            SqliteSchema.TryRollBack(_connection);
            throw;
        }
    }

    /// <summary>The highest row id; the end of a tree, found at once.</summary>
    public long NewestRow() => SqliteSchema.Number(_connection, "SELECT ifnull(max(rowid), 0) FROM verdicts");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteCommand command in (SqliteCommand[])[_clear, _record, _advance, _finish, _stepEnd, _delete])
            command.Dispose();
    }

    private static void Name(SqliteCommand command, PurgeScope scope)
    {
        command.Parameters[0].Value = KindOf(scope);
        command.Parameters[1].Value = scope.Domain;
    }

    private static string KindOf(PurgeScope scope) => scope.Kind switch
    {
        PurgeKind.Domain => "domain",
        PurgeKind.Negatives => "negatives",
        _ => "all",
    };

    private readonly record struct Pending(PurgeScope Scope, long Until, long After);
}

using Microsoft.Data.Sqlite;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>The statements on an open file. Not for more than one thread. Every member may throw <see cref="SqliteException"/>.</summary>
internal sealed class SqliteVerdictTable : IDisposable
{
    private const string Columns = "address, status, updated, gone_at, code, enhanced, text, server, target, stage, route, accept_all, refusals, refused_since";

    private static readonly Dictionary<string, ProbeTarget> Targets = Enum.GetValues<ProbeTarget>().ToDictionary(VerdictNames.Of);
    private static readonly Dictionary<string, ProbeStage> Stages = Enum.GetValues<ProbeStage>().ToDictionary(VerdictNames.Of);

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _page;
    private readonly SqliteCommand _write;
    private readonly SqliteCommand _stepEnd;
    private readonly SqliteCommand _sweep;
    private readonly SqliteCommand _remove;
    private readonly SqlitePurges _purges;

    /// <summary>Takes over an open connection.</summary>
    public SqliteVerdictTable(SqliteConnection connection)
    {
        _connection = connection;
        _find = SqliteSchema.Prepare(connection, $"SELECT rowid, {Columns} FROM verdicts WHERE address = $address", "$address");
        _page = SqliteSchema.Prepare(connection, $"SELECT rowid, {Columns} FROM verdicts WHERE rowid > $after ORDER BY rowid LIMIT $count", "$after", "$count");
        _write = SqliteSchema.Prepare(
            connection,
            $"INSERT OR REPLACE INTO verdicts (rowid, {Columns}) VALUES ($rowid, $address, $status, $updated, $gone_at, $code, $enhanced, $text, $server, $target, $stage, $route, $accept_all, $refusals, $refused_since)",
            "$address", "$status", "$updated", "$gone_at", "$code", "$enhanced", "$text", "$server", "$target", "$stage", "$route", "$accept_all", "$refusals", "$refused_since",
            "$rowid");
        _stepEnd = SqliteSchema.Prepare(connection, "SELECT max(rowid) FROM (SELECT rowid FROM verdicts WHERE rowid > $after ORDER BY rowid LIMIT $count)", "$after", "$count");
        _sweep = SqliteSchema.Prepare(
            connection,
            """
            DELETE FROM verdicts WHERE rowid > $after AND rowid <= $end AND (gone_at <= $now OR (status <> 'deliverable' AND updated > $ahead)
              OR ($surplus AND (status <> 'deliverable' OR accept_all <> 0 OR updated > $far_ahead)))
            """,
            "$after", "$end", "$now", "$surplus", "$ahead", "$far_ahead");
        _remove = SqliteSchema.Prepare(connection, "DELETE FROM verdicts WHERE address = $address", "$address");
        _purges = new SqlitePurges(connection);
    }

    /// <summary>Rows in the file. Walks the index: about 50 ms for a million.</summary>
    public long Count() => SqliteSchema.Number(_connection, "SELECT count(*) FROM verdicts");

    /// <summary>The row id behind which the newest <paramref name="count"/> of <paramref name="rows"/> rows lie.</summary>
    public long BeforeNewest(long rows, long count)
    {
        if (rows <= count)
            return 0;
        _stepEnd.Parameters[0].Value = 0L;
        _stepEnd.Parameters[1].Value = rows - count;
        return _stepEnd.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Whether purged rows are still to be deleted.</summary>
    public bool IsPurging => _purges.Any;

    /// <summary>The verdict of one address as it stands in the file; null where there is none, where it was purged or where it cannot be true.</summary>
    public Verdict? Find(byte[] address, ProbeReplyPool replies)
    {
        _find.Parameters[0].Value = System.Text.Encoding.UTF8.GetString(address);
        using SqliteDataReader reader = _find.ExecuteReader();
        return reader.Read() && Read(reader, address, replies) is { } verdict && !_purges.Covers(reader.GetInt64(0), verdict) ? verdict : null;
    }

    /// <summary>Reads the next rows in the order of their arrival.</summary>
    /// <param name="after">The row id to go on behind; moved.</param>
    /// <param name="count">Most rows read.</param>
    /// <param name="replies">Shares equal replies.</param>
    /// <param name="take">Gets each verdict that can be true and was not purged.</param>
    /// <returns>Whether there may be more.</returns>
    public bool ReadPage(ref long after, int count, ProbeReplyPool replies, Action<Verdict> take)
    {
        _page.Parameters[0].Value = after;
        _page.Parameters[1].Value = count;
        using SqliteDataReader reader = _page.ExecuteReader();
        int rows = 0;
        for (; reader.Read(); rows++)
        {
            after = reader.GetInt64(0);
            byte[] address = System.Text.Encoding.UTF8.GetBytes(reader.GetString(1));
            if (Read(reader, address, replies) is { } verdict && !_purges.Covers(after, verdict))
                take(verdict);
        }

        return rows == count;
    }

    /// <summary>Writes changes, all or none. Of purges it writes that they are to be done: then what they cover is not found any more.</summary>
    /// <returns>Rows deleted.</returns>
    public int Write(PendingChanges changes)
    {
        SqliteSchema.Execute(_connection, "BEGIN IMMEDIATE");
        try
        {
            _purges.Record(changes.Purges);
            int removed = changes.Removals.Sum(Remove);
            // New rows must lie behind all purges, also where the rows that had the highest ids have been deleted.
            long? row = changes.Purges.Count > 0 || _purges.Any ? Math.Max(_purges.NewestRow(), _purges.Until) : null;
            foreach (Verdict verdict in changes.Verdicts)
                Write(verdict, ++row);
            SqliteSchema.Execute(_connection, "COMMIT");
            return removed;
        }
        catch
        {
            SqliteSchema.TryRollBack(_connection);
            throw;
        }
        finally
        {
            if (changes.Purges.Count > 0)
                _purges.Load();
        }
    }

    /// <summary>Deletes the next purged rows.</summary>
    /// <param name="count">Most rows looked at.</param>
    /// <returns>Rows deleted.</returns>
    public int PurgeStep(int count) => _purges.Step(count);

    /// <summary>
    /// Deletes what is gone among the next rows in the order of their arrival, and refusals dated by a clock that was set back since
    /// (<see cref="VerdictRecord.IsFromAnotherClock"/>): they must not seem young one day. Known goods are worth more, and a clock that
    /// begins in 1970 at each start must not cost them: those stay, for as long as there is room.
    /// </summary>
    /// <param name="after">The row id to go on behind; moved, and 0 again at the end.</param>
    /// <param name="count">Rows looked at.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    /// <param name="surplus">Delete refusals and marked acceptances too: the file holds more than it should.</param>
    /// <returns>Rows deleted.</returns>
    public int Sweep(ref long after, int count, long now, bool surplus)
    {
        _stepEnd.Parameters[0].Value = after;
        _stepEnd.Parameters[1].Value = count;
        if (_stepEnd.ExecuteScalar() is not long end)
        {
            after = 0;
            return 0;
        }

        _sweep.Parameters[0].Value = after;
        _sweep.Parameters[1].Value = end;
        _sweep.Parameters[2].Value = now;
        _sweep.Parameters[3].Value = surplus;
        _sweep.Parameters[4].Value = now + Freshness.MaxClockSkew;
        _sweep.Parameters[5].Value = now + (long)VerdictRecordLimits.MaxAhead.TotalMilliseconds;
        after = end;
        return _sweep.ExecuteNonQuery();
    }

    /// <summary>Runs SQL on the connection.</summary>
    public void Run(string sql) => SqliteSchema.Execute(_connection, sql);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteCommand command in (SqliteCommand[])[_find, _page, _write, _stepEnd, _sweep, _remove])
            command.Dispose();
        _purges.Dispose();
        _connection.Dispose(); // the last connection brings the log's content home and deletes it
    }

    private int Remove(byte[] address)
    {
        _remove.Parameters[0].Value = System.Text.Encoding.UTF8.GetString(address);
        return _remove.ExecuteNonQuery();
    }

    private void Write(Verdict verdict, long? row)
    {
        VerdictRecord record = VerdictRecord.Of(verdict);
        SqliteParameterCollection values = _write.Parameters;
        values[0].Value = System.Text.Encoding.UTF8.GetString(verdict.Address);
        values[1].Value = VerdictNames.Of(record.Status);
        values[2].Value = record.Updated;
        values[3].Value = record.GoneAt;
        values[4].Value = record.Code;
        values[5].Value = record.Enhanced;
        values[6].Value = record.Text;
        values[7].Value = record.Server;
        values[8].Value = VerdictNames.Of(record.Target);
        values[9].Value = VerdictNames.Of(record.Stage);
        values[10].Value = record.Route;
        values[11].Value = record.AcceptAll;
        values[12].Value = record.Refusals;
        values[13].Value = record.RefusedSince;
        values[14].Value = row is long id ? id : DBNull.Value; // by itself one higher than the highest
        _write.ExecuteNonQuery();
    }

    /// <summary>The row id stands in column 0. STRICT tables hold the types they declare, or the file is damaged.</summary>
    private static Verdict? Read(SqliteDataReader reader, byte[] address, ProbeReplyPool replies)
    {
        VerdictStatus status = reader.GetString(2) switch
        {
            "deliverable" => VerdictStatus.Deliverable,
            "undeliverable" => VerdictStatus.Undeliverable,
            _ => VerdictStatus.Unknown,
        };
        if (status == VerdictStatus.Unknown
            || !Targets.TryGetValue(reader.GetString(9), out ProbeTarget target)
            || !Stages.TryGetValue(reader.GetString(10), out ProbeStage stage))
        {
            return null;
        }

        long code = reader.GetInt64(5);
        long refusals = reader.GetInt64(13);
        if (code is < 0 or > 599 || refusals is < 0 or > byte.MaxValue)
            return null;
        return new VerdictRecord
        {
            Status = status,
            Updated = reader.GetInt64(3),
            GoneAt = reader.GetInt64(4),
            Code = (int)code,
            Enhanced = reader.GetString(6),
            Text = reader.GetString(7),
            Server = reader.GetString(8),
            Target = target,
            Stage = stage,
            Route = reader.GetString(11),
            AcceptAll = reader.GetInt64(12) != 0,
            Refusals = (int)refusals,
            RefusedSince = reader.GetInt64(14),
        }.ToVerdict(address, replies);
    }
}

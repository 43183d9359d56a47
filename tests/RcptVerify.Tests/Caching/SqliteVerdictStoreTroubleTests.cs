using System.Text;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>Files that are damaged, foreign, full, locked or not there: said once, and the service goes on.</summary>
public sealed class SqliteVerdictStoreTroubleTests : SqliteStoreTest
{
    private static readonly string[] NextVersion = [.. SqliteSchema.Scripts, "ALTER TABLE verdicts ADD COLUMN note TEXT NOT NULL DEFAULT 'migrated'"];

    private IEnumerable<string> SetAside => Directory.GetFileSystemEntries(Folder.Path, "cache.db.*-*").Select(Path.GetFileName)!;

    [Theory]
    [InlineData(0)]
    [InlineData(1)] // SQLite takes that for empty too
    public async Task An_empty_file_is_a_new_one(int length)
    {
        await File.WriteAllBytesAsync(FilePath, new byte[length], TestContext.Current.CancellationToken);
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        Assert.Empty(SetAside);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_file_with_random_bytes_over_its_pages_is_set_aside(int seed)
    {
        Verdict[] written = [.. Enumerable.Range(0, 3000).Select(i => Verdict($"user{i}@example.com"))];
        await WriteFileAsync(written);
        byte[] bytes = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        Random random = new(seed);
        for (int i = 0; i < 40; i++)
            random.NextBytes(bytes.AsSpan(4096 * random.Next(1, bytes.Length / 4096), 512));
        await File.WriteAllBytesAsync(FilePath, bytes, TestContext.Current.CancellationToken);
        await WorksAndSetsAsideAsync();
    }

    [Theory]
    [InlineData(99)]
    [InlineData(5000)]
    [InlineData(40960)]
    public async Task A_truncated_file_is_set_aside(int length)
    {
        await WriteFileAsync(Enumerable.Range(0, 3000).Select(i => Verdict($"user{i}@example.com")));
        using (FileStream file = new(FilePath, FileMode.Open))
            file.SetLength(length);
        await WorksAndSetsAsideAsync();
    }

    [Fact]
    public async Task A_file_that_is_damaged_while_it_is_used_is_set_aside_and_what_was_put_is_written_to_the_new_one()
    {
        await WriteFileAsync(Enumerable.Range(0, 3000).Select(i => Verdict($"user{i}@example.com")));
        await using SqliteVerdictStore store = Started();
        store.RunOnFile("PRAGMA cache_size = 1; PRAGMA shrink_memory"); // what SQLite holds in memory cannot be damaged on disk
        await AnswersAsync(store);
        await AnswersAsync(store);
        long length = new FileInfo(FilePath).Length;
        // Another process does it: closing a descriptor here would give up SQLite's locks.
        await TestKit.Processes.ChildProcess.RunAsync(
            "dd", ["if=/dev/urandom", $"of={FilePath}", "bs=4096", "seek=1", $"count={length / 4096 - 1}", "conv=notrunc"], TimeSpan.FromSeconds(20));
        store.Put(Verdict("new@example.com"));
        for (int i = 0; i < 3000 && !SetAside.Any(); i++)
            await store.FindAsync(Key($"user{i}@example.com")).AsTask().Soon();
        await LogsAsync(EventIds.StoreSetAside);
        await AnswersAsync(store);
        await store.FlushAsync().Soon();
        Assert.NotNull(await FindAsync(store, "new@example.com"));
        Assert.Equal("ok", Sql("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_file_damaged_again_at_once_is_left_and_memory_goes_on_until_a_minute_is_over()
    {
        SqliteVerdictFile file = new(FilePath, Time, Log, SqliteSchema.Scripts);
        file.Open().Dispose();
        await DamageAsync();
        file.Open().Dispose();
        await DamageAsync();
        Assert.Throws<IOException>(file.Open);
        Assert.Single(SetAside);
        Time.Advance(TimeSpan.FromMinutes(1));
        file.Open().Dispose();
        Assert.Equal(2, SetAside.Count());

        async Task DamageAsync()
        {
            byte[] bytes = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
            bytes.AsSpan(4096).Fill(0xa5);
            await File.WriteAllBytesAsync(FilePath, bytes, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_older_version_is_migrated_and_keeps_its_verdicts()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using SqliteVerdictStore store = Started(scripts: NextVersion);
        Assert.NotNull(await FindAsync(store, "user@example.com"));
        Assert.Equal("migrated", Sql("SELECT note FROM verdicts"));
        Assert.Equal(3L, Sql("PRAGMA user_version"));
        Assert.Empty(SetAside);
    }

    [Fact]
    public async Task A_file_of_the_first_format_can_be_purged()
    {
        await WriteFileAsync(Verdict("user@example.com"), Verdict("nobody@example.com", VerdictStatus.Undeliverable));
        Sql("DROP TABLE purges; PRAGMA user_version = 1");
        await using SqliteVerdictStore store = Started();
        Assert.NotNull(await FindAsync(store, "nobody@example.com"));
        await store.PurgeAsync(PurgeScope.Negatives).AsTask().Soon();
        Assert.Null(await FindAsync(store, "nobody@example.com"));
        Assert.NotNull(await FindAsync(store, "user@example.com"));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_file_as_it_was()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using (SqliteVerdictStore store = Started(scripts: [.. NextVersion, "CREATE TABLE verdicts (oops)"]))
            await LogsAsync(EventIds.StoreTrouble);
        Assert.Equal(2L, Sql("PRAGMA user_version"));
        Assert.Equal(0L, Sql("SELECT count(*) FROM pragma_table_info('verdicts') WHERE name = 'note'"));
    }

    [Fact]
    public async Task A_newer_version_is_set_aside_whole()
    {
        await using (SqliteVerdictStore newer = Started(scripts: NextVersion))
            newer.Put(Verdict("user@example.com"));
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        Assert.Equal("cache.db.newer-20260301T120000Z", Assert.Single(SetAside));
        Assert.Contains(Log.Lines, line => line.Id == EventIds.StoreSetAside && line.Text.Contains("format 3", StringComparison.Ordinal));
        Assert.Null(await FindAsync(store, "user@example.com"));
    }

    [Fact]
    public async Task A_full_disk_is_said_once_reads_go_on_and_what_waited_is_written_when_there_is_room()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using SqliteVerdictStore store = Started(scripts: SqliteSchema.Scripts);
        await AnswersAsync(store);
        store.RunOnFile("PRAGMA max_page_count = 1");
        for (int i = 0; i < 2000; i++)
            store.Put(Verdict($"new{i}@example.com"));
        await LogsAsync(EventIds.StoreTrouble);
        Assert.NotNull(await FindAsync(store, "user@example.com"));
        Assert.NotNull(await FindAsync(store, "new0@example.com")); // from among those waiting
        store.RunOnFile("PRAGMA max_page_count = 1000000");
        await LogsAsync(EventIds.StoreRecovered);
        Assert.Equal(2001L, Sql("SELECT count(*) FROM verdicts"));
        Assert.Single(Log.Lines, line => line.Id == EventIds.StoreTrouble);
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_to_is_said_once_and_read()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using SqliteVerdictStore store = Started(scripts: SqliteSchema.Scripts);
        await AnswersAsync(store);
        store.RunOnFile("PRAGMA query_only = ON"); // what SQLite says of it is what it says of a read-only file
        store.Put(Verdict("new@example.com"));
        await LogsAsync(EventIds.StoreTrouble);
        await LogsAsync(EventIds.StoreRecovered); // the setting ends with the connection, which is opened anew
        Assert.NotNull(await FindAsync(store, "user@example.com"));
        Assert.Equal(2L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Fact]
    public async Task A_file_locked_by_another_process_is_tried_again()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        using (Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={FilePath};Pooling=False"))
        {
            other.Open();
            SqliteSchema.Execute(other, "BEGIN IMMEDIATE");
            store.Put(Verdict("new@example.com"));
            await LogsAsync(EventIds.StoreTrouble);
            SqliteSchema.Execute(other, "ROLLBACK");
        }

        await LogsAsync(EventIds.StoreRecovered);
        Assert.NotNull(await FindAsync(store, "new@example.com"));
    }

    [Fact]
    public async Task A_missing_folder_is_created()
    {
        await using SqliteVerdictStore store = new(Folder.Combine("var/lib/cache.db"), Limits, Time, Log);
        store.Start();
        await AnswersAsync(store);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute,
            File.GetUnixFileMode(Folder.Combine("var/lib")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_said_once_with_what_to_do_and_look_ups_do_not_wait()
    {
        Folder.Write("file", "");
        string path = Folder.Combine("file/cache.db");
        await using SqliteVerdictStore store = new(path, Limits, Time, Log);
        store.Start();
        await LogsAsync(EventIds.StoreTrouble);
        Assert.False((await store.FindAsync(Key("user@example.com")).AsTask().Soon()).Answered);
        store.Put(Verdict("user@example.com"));
        await store.FlushAsync().Soon();
        await store.FlushAsync().Soon();
        (int _, string text) = Assert.Single(Log.Lines);
        Assert.Contains($"Create {Folder.Combine("file")} and let user {Environment.UserName} write to it, or set [cache] store = \"memory\"", text, StringComparison.Ordinal);
    }

    private async Task WorksAndSetsAsideAsync()
    {
        List<Verdict> loaded = [];
        await using (SqliteVerdictStore store = Started(
            verdict =>
            {
                loaded.Add(verdict);
                return true;
            },
            most: 10_000))
        {
            await AnswersAsync(store);
            store.Put(Verdict("new@example.com"));
            await store.FlushAsync().Soon();
            Assert.Equal(Told(Verdict("new@example.com")), Told(await FindAsync(store, "new@example.com")));
            await LogsAsync(EventIds.StoreLoaded);
        }

        Assert.StartsWith("cache.db.damaged-20260301T120000Z", Assert.Single(SetAside), StringComparison.Ordinal);
        Assert.Single(Log.Lines, line => line.Id == EventIds.StoreSetAside);
        Assert.All(loaded, verdict => Assert.EndsWith("@example.com", Encoding.UTF8.GetString(verdict.Address), StringComparison.Ordinal));
        Assert.Equal("ok", Sql("PRAGMA integrity_check"));
    }
}

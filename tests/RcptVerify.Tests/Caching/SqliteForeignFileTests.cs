using System.Text;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>A mistyped <c>[cache] store</c> costs nobody a file: what is not the store's for certain stays where it is, byte for byte.</summary>
public sealed class SqliteForeignFileTests : SqliteStoreTest
{
    /// <summary>Files that may be somebody's: texts, bytes, and what one of ours would be with its first bytes gone.</summary>
    public static TheoryData<string, byte[]> Files => new()
    {
        { "a configuration", Encoding.UTF8.GetBytes("[cache]\nstore = \"sqlite:/tmp/oops.toml\"\n") },
        { "a long text", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("not a database\n", 1000))) },
        { "one letter", Encoding.UTF8.GetBytes("x") },
        { "zero bytes", new byte[8192] },
        { "a text about SQLite", Encoding.UTF8.GetBytes("SQLite format 3 is described elsewhere, in a text that is longer than the header of a database, which has 100 bytes") },
        { "the beginning of a header", Encoding.UTF8.GetBytes("SQLite format 3\0") },
        { "a damaged database without a mark", Database(mark: 0) },
        { "a damaged database of one page without a mark", OnePage() },
        { "a damaged database with another mark", Database(mark: 0x11) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_stays_byte_for_byte_and_the_log_says_what_to_do(string what, byte[] content)
    {
        await File.WriteAllBytesAsync(FilePath, content, TestContext.Current.CancellationToken);
        await IsLeftAloneAsync();
        byte[] now = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        Assert.True(content.AsSpan().SequenceEqual(now), what);
    }

    [Fact]
    public async Task A_directory_stays()
    {
        Folder.CreateFolder("cache.db");
        Folder.Write("cache.db/precious", "text");
        await IsLeftAloneAsync();
        Assert.Equal("text", await File.ReadAllTextAsync(Folder.Combine("cache.db/precious"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (x)")]
    [InlineData("PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)")]
    [InlineData("PRAGMA application_id = 42")]
    [InlineData("PRAGMA user_version = 99")] // one page: SQLite must open it to tell
    public async Task Another_programs_database_stays_byte_for_byte_the_journals_mode_in_its_header_too(string sql)
    {
        Sql(sql);
        byte[] content = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        await IsLeftAloneAsync();
        Assert.Equal(content, await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_programs_file_that_takes_the_place_of_ours_is_not_moved_when_ours_was_found_damaged()
    {
        SqliteVerdictFile file = new(FilePath, Time, Log, SqliteSchema.Scripts);
        file.Open().Dispose();
        await File.WriteAllTextAsync(FilePath, "somebody's text, put there meanwhile", TestContext.Current.CancellationToken);
        Assert.Throws<SqliteFormatException>(() => file.SetAside("is damaged", SqliteVerdictFile.DamagedKind));
        Assert.Equal(["cache.db"], Directory.GetFileSystemEntries(Folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Another_programs_log_of_changes_that_it_has_not_yet_taken_over_stays()
    {
        // Copied while they have it open, as a kill -9 would leave it: the last one to close such a file would take its -wal over.
        using (Microsoft.Data.Sqlite.SqliteConnection theirs = new($"Data Source={Folder.Combine("theirs")};Pooling=False"))
        {
            theirs.Open();
            SqliteSchema.Execute(theirs, "CREATE TABLE theirs (x); PRAGMA journal_mode = WAL; INSERT INTO theirs VALUES (1)");
            File.Copy(Folder.Combine("theirs"), FilePath);
            File.Copy(Folder.Combine("theirs-wal"), FilePath + "-wal");
        }

        File.Delete(Folder.Combine("theirs"));
        byte[] log = await File.ReadAllBytesAsync(FilePath + "-wal", TestContext.Current.CancellationToken);
        await using (SqliteVerdictStore store = Started())
            await LogsAsync(EventIds.StoreTrouble);
        Assert.Equal(log, await File.ReadAllBytesAsync(FilePath + "-wal", TestContext.Current.CancellationToken));
        Assert.Equal(["cache.db", "cache.db-wal"], Directory.GetFileSystemEntries(Folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_mark_is_in_the_files_header_from_its_first_second_on()
    {
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        // Copied by another process: a descriptor closed here would give up SQLite's locks.
        string copy = Folder.Combine("copy");
        await TestKit.Processes.ChildProcess.RunAsync("cp", [FilePath, copy], TimeSpan.FromSeconds(20));
        Assert.Equal(FileOwner.Ours, SqliteFileOwner.Of(copy));
    }

    /// <summary>A header, the same byte in place of all its numbers, and rubbish behind it.</summary>
    private static byte[] Database(byte mark)
    {
        byte[] bytes = new byte[9000];
        bytes.AsSpan().Fill(0xa5);
        bytes.AsSpan(0, 100).Fill(mark);
        "SQLite format 3\0"u8.CopyTo(bytes);
        return bytes;
    }

    /// <summary>A page of 4096 bytes, of whose header all but magic and page size is gone.</summary>
    private static byte[] OnePage()
    {
        byte[] bytes = Database(mark: 0)[..4096];
        bytes[16] = 0x10;
        return bytes;
    }

    private async Task IsLeftAloneAsync()
    {
        await using (SqliteVerdictStore store = Started())
        {
            await LogsAsync(EventIds.StoreTrouble);
            store.Put(Verdict("user@example.com"));
            await store.FlushAsync().Soon();
        }

        (int _, string text) = Assert.Single(Log.Lines);
        Assert.Contains("is left alone", text, StringComparison.Ordinal);
        Assert.Contains("Correct [cache] store", text, StringComparison.Ordinal);
        Assert.Equal("cache.db", Assert.Single(Directory.GetFileSystemEntries(Folder.Path).Select(Path.GetFileName)));
    }
}

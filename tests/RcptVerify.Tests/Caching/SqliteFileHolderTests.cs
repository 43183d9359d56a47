using System.Globalization;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Processes;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>A file that another process has open.</summary>
public sealed class SqliteFileHolderTests : SqliteStoreTest
{
    [Fact]
    public async Task A_file_that_another_process_has_open_is_used_with_a_warning_that_names_the_process()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        string ready = Folder.Combine("ready");
        Assert.Null(SqliteFileHolder.ProcessOf(FilePath));
        string fifo = Folder.Combine("fifo");
        await ChildProcess.RunAsync("mkfifo", [fifo], TimeSpan.FromSeconds(20));
        // A shell that has read the file keeps its connection, and with it its lock, while it waits for somebody to write to the pipe.
        await using ChildProcess other = new(
            "sqlite3", [FilePath, "PRAGMA journal_mode", "SELECT count(*) FROM verdicts", $".shell touch {ready}", $".read {fifo}"]);
        await HoldsAsync(() => File.Exists(ready), "the other process to have read");
        await using (SqliteVerdictStore store = Started())
        {
            await AnswersAsync(store);
            await LogsAsync(EventIds.StoreShared);
            Assert.NotNull(await FindAsync(store, "user@example.com"));
        }

        (int _, string text) = Assert.Single(Log.Lines, line => line.Id == EventIds.StoreShared);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {other.Id} has it open too"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_its_own_costs_no_word()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        Assert.DoesNotContain(Log.Lines, line => line.Id == EventIds.StoreShared);
    }
}

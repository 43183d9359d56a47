using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Processes;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>A folder, a clock, a log, and stores on one file of that folder.</summary>
public abstract class SqliteStoreTest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected TempFolder Folder { get; } = new();

    private protected FakeTimeProvider Time { get; set; } = new(Start);

    private protected ListLogger<SqliteVerdictStore> Log { get; } = new();

    private protected string FilePath => Folder.Combine("cache.db");

    /// <summary>Pauses short enough for tests; no time passes by itself but the thread's own.</summary>
    private protected SqliteStoreLimits Limits { get; set; } = new() { RetryAfter = TimeSpan.FromMilliseconds(20), SweepInterval = TimeSpan.FromMilliseconds(20) };

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected SqliteVerdictStore Started(Func<Verdict, bool>? offer = null, int most = 0, IReadOnlyList<string>? scripts = null)
    {
        SqliteVerdictStore store = scripts is null ? new(FilePath, Limits, Time, Log) : new(FilePath, Limits, Time, Log, scripts);
        store.Start(offer, most);
        return store;
    }

    /// <summary>A file that a store has written and closed.</summary>
    private protected async Task WriteFileAsync(params IEnumerable<Verdict> verdicts)
    {
        await using SqliteVerdictStore store = Started();
        foreach (Verdict verdict in verdicts)
            store.Put(verdict);
    }

    private protected static async Task<Verdict?> FindAsync(SqliteVerdictStore store, string address)
    {
        LevelAnswer answer = await store.FindAsync(Key(address)).AsTask().Soon();
        Assert.True(answer.Answered, "the store could not be asked");
        return answer.Verdict;
    }

    /// <summary>Waits for a store that has had trouble.</summary>
    private protected static Task AnswersAsync(SqliteVerdictStore store) => Eventually.HoldsAsync(
        async () => (await store.FindAsync(Key("nobody@example.com")).AsTask().Soon()).Answered, "the store to answer", Patience);

    private protected Task LogsAsync(int id) => Eventually.HoldsAsync(
        () => Log.Lines.Any(line => line.Id == id), $"a line with id {id}", Patience, () => string.Join('\n', Log.Lines));

    /// <summary>Runs SQL on the file as the sqlite3 shell would.</summary>
    private protected object? Sql(string sql) => SqliteShell.Run(FilePath, sql);

    private protected Task HoldsAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(condition, what, Patience, () => string.Join('\n', Log.Lines));
}

using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Tests.Verification.Scripted;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>How long a verdict waits to be written, by the store's own clock: what kill -9 may lose does not depend on anything else.</summary>
public sealed class SqliteWriteDelayTests : SqliteStoreTest
{
    private readonly FakeTimeProvider _pauses = new();

    [Fact]
    public async Task The_turn_after_the_write_delay_writes_all_that_waits_and_none_before_it_does()
    {
        await using SqliteVerdictStore store = new(FilePath, new SqliteStoreLimits(), Time, Log, SqliteSchema.Scripts, pauses: _pauses);
        store.Start();
        await AnswersAsync(store);
        store.Put(Verdict("first@example.com"));
        _pauses.Advance(TimeSpan.FromMilliseconds(24));
        store.Put(Verdict("second@example.com"));
        await TurnsAsync(store, 10);
        Assert.Equal(0L, Sql("SELECT count(*) FROM verdicts"));
        _pauses.Advance(TimeSpan.FromMilliseconds(1)); // 25 after the first, whenever the last one came
        await TurnsAsync(store, 2);
        Assert.Equal(2L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Fact]
    public async Task Look_ups_without_end_do_not_keep_verdicts_from_being_written()
    {
        await using SqliteVerdictStore store = new(FilePath, new SqliteStoreLimits(), Time, Log, SqliteSchema.Scripts);
        store.Start();
        await AnswersAsync(store);
        using CancellationTokenSource enough = new();
        byte[][] addresses = [.. Enumerable.Range(0, 64).Select(i => Key($"nobody{i}@example.com"))];
        // Always some in the queue: each of these asks again before its last one is answered.
        Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (!enough.IsCancellationRequested)
                    await Task.WhenAll(addresses.Select(address => store.FindAsync(address).AsTask()));
            },
            TestContext.Current.CancellationToken))];
        store.Put(Verdict("user@example.com"));
        await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! == 1, "the verdict in the file");
        await enough.CancelAsync();
        await Task.WhenAll(callers).Soon();
    }

    /// <summary>An answer to a look-up is the beginning of a turn, and the next one's the end of it.</summary>
    private static async Task TurnsAsync(SqliteVerdictStore store, int turns)
    {
        for (int i = 0; i < turns; i++)
            await store.FindAsync(Key("nobody@example.com")).AsTask().Soon();
    }
}

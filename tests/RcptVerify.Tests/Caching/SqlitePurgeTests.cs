using System.Globalization;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>Purges of files that are too large for one step.</summary>
public sealed class SqlitePurgeTests : SqliteStoreTest
{
    private const int Rows = 200_000;

    // Rows of four kinds by turns: known goods and refusals of two domains.
    private const string Purged = "user1@two.example";
    private const string Other = "user0@one.example";

    public static TheoryData<string> Scopes => ["all", "negatives", "domain"];

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Look_ups_and_writes_go_on_while_a_large_file_is_purged(string kind)
    {
        await FillAsync(Rows);
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        long left = Left(kind);
        await store.PurgeAsync(ScopeOf(kind)).AsTask().Soon();
        Task purged = store.PurgedAsync();
        int during = 0;
        for (; !purged.IsCompleted; during++)
        {
            // Purged is purged from the first moment, and what is learnt meanwhile is kept: the same addresses, and others.
            Assert.Null(await FindAsync(store, "user199999@two.example"));
            store.Put(Verdict(during == 0 ? Purged : $"new{during}@two.example", VerdictStatus.Undeliverable));
            await store.FlushAsync().Soon();
            Assert.NotNull(await FindAsync(store, Purged));
        }

        // 400 steps at least, and each lets one round in where this test has the processor; one step for all would let in one.
        Assert.InRange(during, 5, int.MaxValue);
        Assert.Equal(left + during, Sql("SELECT count(*) FROM verdicts"));
        Assert.Equal(Rows - left, store.RowsPurged);
        Assert.NotNull(await FindAsync(store, Purged));
        Assert.Equal(kind != "all", await FindAsync(store, Other) is not null);
        Assert.Equal(0L, Sql("SELECT count(*) FROM purges"));
        Assert.Equal("ok", Sql("PRAGMA integrity_check"));
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task After_a_restart_in_the_middle_nothing_purged_is_found_or_loaded_and_the_purge_is_ended(string kind)
    {
        await FillAsync(20_000);
        long left = Left(kind);
        Limits = Limits with { StepRows = 50 };
        await using (SqliteVerdictStore first = Started())
        {
            await first.PurgeAsync(ScopeOf(kind)).AsTask().Soon();
            first.Put(Verdict(Purged, VerdictStatus.Undeliverable));
        }

        Assert.Equal(1L, Sql("SELECT count(*) FROM purges"));
        Assert.InRange((long)Sql("SELECT count(*) FROM verdicts")!, left + 2, 19_999);

        int stale = 0;
        int loaded = 0;
        PurgeScope scope = ScopeOf(kind);
        await using SqliteVerdictStore second = Started(
            verdict =>
            {
                loaded++;
                if (scope.Covers(verdict))
                    stale++;
                return true;
            },
            most: int.MaxValue);
        Assert.Null(await FindAsync(second, "user19999@two.example"));
        Assert.NotNull(await FindAsync(second, Purged));
        StorePage page = (await second.ReadPageAsync(0).Soon())!;
        Assert.DoesNotContain(page.Verdicts, verdict => scope.Covers(verdict) && !verdict.Address.AsSpan().SequenceEqual(Key(Purged)));
        await LogsAsync(EventIds.StoreLoaded);
        await second.PurgedAsync().Soon();
        Assert.Equal(left + 1, loaded);
        Assert.Equal(1, stale); // what was learnt after the purge
        Assert.Equal(left + 1, Sql("SELECT count(*) FROM verdicts"));
        Assert.Equal(0L, Sql("SELECT count(*) FROM purges"));
    }

    [Fact]
    public async Task What_is_learnt_after_a_purge_stays_though_the_newest_rows_of_before_are_gone()
    {
        await FillAsync(2000);
        Limits = Limits with { StepRows = 50 };
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        await store.PurgeAsync(PurgeScope.All).AsTask().Soon();
        // The row ids that these had would be given to the next ones, and those be purged with the rest.
        for (int i = 1990; i < 2000; i++)
            await store.RemoveAsync(Key($"user{i}@{(i % 2 == 0 ? "one" : "two")}.example")).AsTask().Soon();
        store.Put(Verdict("new@example.com"));
        await store.PurgedAsync().Soon();
        await store.FlushAsync().Soon();
        Assert.NotNull(await FindAsync(store, "new@example.com"));
        Assert.Equal(1L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Fact]
    public async Task A_purge_while_another_is_under_way_covers_what_was_learnt_between_them()
    {
        await FillAsync(2000);
        Limits = Limits with { StepRows = 50 };
        await using SqliteVerdictStore store = Started();
        await store.PurgeAsync(PurgeScope.OfDomain("two.example")!).AsTask().Soon();
        store.Put(Verdict("between@two.example"));
        store.Put(Verdict("between@one.example"));
        await store.FlushAsync().Soon();
        await store.PurgeAsync(PurgeScope.OfDomain("two.example")!).AsTask().Soon();
        Assert.Null(await FindAsync(store, "between@two.example"));
        await store.PurgeAsync(PurgeScope.Negatives).AsTask().Soon();
        store.Put(Verdict("after@two.example", VerdictStatus.Undeliverable));
        await store.FlushAsync().Soon();
        Assert.NotNull(await FindAsync(store, "between@one.example"));
        await store.PurgedAsync().Soon();
        Assert.NotNull(await FindAsync(store, "between@one.example"));
        Assert.NotNull(await FindAsync(store, "after@two.example"));
        Assert.Equal(502L, Sql("SELECT count(*) FROM verdicts"));
        await store.PurgeAsync(PurgeScope.OfDomain("one.example")!).AsTask().Soon();
        await store.PurgeAsync(PurgeScope.All).AsTask().Soon();
        await store.PurgedAsync().Soon();
        Assert.Equal(0L, Sql("SELECT (SELECT count(*) FROM verdicts) + (SELECT count(*) FROM purges)"));
    }

    [Fact]
    public async Task A_purge_on_a_full_disk_holds_and_is_ended_when_there_is_room()
    {
        await FillAsync(20_000);
        await using SqliteVerdictStore store = Started(scripts: SqliteSchema.Scripts);
        await AnswersAsync(store);
        store.RunOnFile("PRAGMA query_only = ON"); // ends with the connection, which is opened anew
        await store.PurgeAsync(PurgeScope.All).AsTask().Soon();
        await store.PurgedAsync().Soon(); // nobody waits for a disk
        Assert.Null(await FindAsync(store, "user19999@two.example"));
        await LogsAsync(EventIds.StoreRecovered);
        await store.PurgedAsync().Soon();
        Assert.Equal(0L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Theory]
    [InlineData("('vandals', '', 9, 0)")]
    [InlineData("('domain', '@', 9, 0)")]
    [InlineData("('domain', 'TWO.example', 9, 0)")]
    [InlineData("('domain', '', 9, 0)")]
    public async Task A_purge_that_cannot_be_true_is_none(string row)
    {
        await FillAsync(100);
        Sql($"INSERT INTO purges (kind, domain, until, after) VALUES {row}");
        await using SqliteVerdictStore store = Started();
        Assert.NotNull(await FindAsync(store, Other));
        await store.PurgedAsync().Soon();
        Assert.Equal(100L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(101, long.MaxValue)]
    [InlineData(101, -5)]
    public async Task A_purge_with_row_ids_that_cannot_be_true_reaches_to_the_newest_row_and_no_further(long until, long after)
    {
        await FillAsync(100);
        Sql(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO purges (kind, domain, until, after) VALUES ('all', '', {until}, {after})"));
        await using SqliteVerdictStore store = Started();
        store.Put(Verdict("new@example.com"));
        await store.FlushAsync().Soon();
        await store.PurgedAsync().Soon();
        Assert.Equal("new@example.com", Sql("SELECT group_concat(address) FROM verdicts"));
    }

    private static PurgeScope ScopeOf(string kind) => kind switch
    {
        "all" => PurgeScope.All,
        "negatives" => PurgeScope.Negatives,
        _ => PurgeScope.OfDomain("two.example")!,
    };

    private long Left(string kind) => (long)Sql("SELECT count(*) FROM verdicts WHERE " + kind switch
    {
        "all" => "0",
        "negatives" => "status = 'deliverable'",
        _ => "address NOT LIKE '%@two.example'",
    })!;

    /// <summary>Writes rows as the store would.</summary>
    private async Task FillAsync(int rows)
    {
        await WriteFileAsync(Verdict("template@example.com"));
        long noon = Start.ToUnixTimeMilliseconds();
        Sql(string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows - 1})
            INSERT INTO verdicts SELECT printf('user%d@%s.example', i, iif(i % 2, 'two', 'one')), iif(i / 2 % 2 OR i % 4 = 1, 'undeliverable', 'deliverable'), {noon}, {noon + 86_400_000},
              iif(i / 2 % 2 OR i % 4 = 1, 550, 250), '', 'text', 'ex1.corp.example:25', 'rcpt', 'rcpt', 'example.com', 0, 0, 0 FROM n;
            DELETE FROM verdicts WHERE address = 'template@example.com'
            """));
    }
}

using System.Globalization;
using System.Text;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Configuration;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

public sealed class SqliteVerdictStoreTests : SqliteStoreTest
{
    private static readonly Verdict[] Samples =
    [
        Verdict("user@example.com"),
        Verdict("nobody@example.com", VerdictStatus.Undeliverable),
        Verdict("all@example.com", reply: Accepted with { AcceptAll = true, Stage = ProbeStage.EndOfData, Target = ProbeTarget.Eod }),
        Verdict("doubted@example.com", refusals: 1, refusedSince: 1_772_000_000_000),
        Verdict("grün'\"; DROP TABLE verdicts; --@example.com", VerdictStatus.Undeliverable, reply: Refused with { Text = "größer ✉ '" }),
    ];

    [Fact]
    public async Task What_was_put_is_found_before_it_is_written_after_that_and_after_a_restart()
    {
        await using (SqliteVerdictStore store = Started())
        {
            foreach (Verdict sample in Samples)
            {
                store.Put(sample);
                Assert.Same(sample, await FindAsync(store, Encoding.UTF8.GetString(sample.Address)));
            }

            await store.FlushAsync().Soon();
            foreach (Verdict sample in Samples)
            {
                Verdict? read = await FindAsync(store, Encoding.UTF8.GetString(sample.Address));
                Assert.NotSame(sample, read);
                Assert.Equal(Told(sample), Told(read));
            }
        }

        await using SqliteVerdictStore again = Started();
        foreach (Verdict sample in Samples)
            Assert.Equal(Told(sample), Told(await FindAsync(again, Encoding.UTF8.GetString(sample.Address))));
        Assert.Null(await FindAsync(again, "other@example.com"));
    }

    [Fact]
    public async Task What_is_removed_or_purged_is_gone_from_the_queue_and_from_the_file()
    {
        await WriteFileAsync(Samples);
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        await store.RemoveAsync(Key("user@example.com")).AsTask().Soon();
        Assert.Equal(Samples.Length - 1L, Sql("SELECT count(*) FROM verdicts"));

        store.Put(Verdict("waiting@example.com", VerdictStatus.Undeliverable));
        await store.PurgeAsync(PurgeScope.Negatives).AsTask().Soon();
        Assert.Null(await FindAsync(store, "waiting@example.com"));
        Assert.Equal(0L, Sql("SELECT count(*) FROM verdicts WHERE status <> 'deliverable'"));
        Assert.NotEqual(0L, Sql("SELECT count(*) FROM verdicts"));

        store.Put(Verdict("a@sub.example.com"));
        await store.PurgeAsync(PurgeScope.OfDomain("example.com")!).AsTask().Soon();
        Assert.Equal(1L, Sql("SELECT count(*) FROM verdicts"));
        await store.PurgeAsync(PurgeScope.OfDomain(".example.com")!).AsTask().Soon();
        store.Put(Verdict("new@example.com"));
        await store.FlushAsync().Soon();
        Assert.Equal("new@example.com", Sql("SELECT address FROM verdicts"));
        await store.PurgeAsync(PurgeScope.All).AsTask().Soon();
        Assert.Equal(0L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Fact]
    public async Task Of_many_verdicts_for_one_address_the_last_one_is_kept()
    {
        await using SqliteVerdictStore store = Started();
        for (int i = 1; i <= 100; i++)
            store.Put(Verdict("user@example.com", i % 2 == 0 ? VerdictStatus.Undeliverable : VerdictStatus.Deliverable, TimeSpan.FromSeconds(100 - i)));
        await store.FlushAsync().Soon();
        Assert.Equal(VerdictStatus.Undeliverable, (await FindAsync(store, "user@example.com"))?.Status);
        Assert.Equal(1L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Fact]
    public async Task What_was_put_is_on_disk_well_before_200_ms_without_anybody_asking()
    {
        await using SqliteVerdictStore store = Started();
        await AnswersAsync(store);
        long began = TimeProvider.System.GetTimestamp();
        store.Put(Samples[0]);
        await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! == 1, "the row in the file");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, 0, 2000); // a loaded machine; the kill tests measure the figure itself
        Assert.Equal(25, new SqliteStoreLimits().WriteDelay.TotalMilliseconds);
    }

    [Fact]
    public async Task Unknown_is_not_written()
    {
        await using SqliteVerdictStore store = Started();
        store.Put(Verdict("user@example.com", VerdictStatus.Unknown));
        await store.FlushAsync().Soon();
        Assert.Null(await FindAsync(store, "user@example.com"));
    }

    [Fact]
    public async Task People_can_read_the_file()
    {
        await WriteFileAsync(Samples);
        Assert.Equal(
            "nobody@example.com|undeliverable|2026-03-01 12:00:00|2026-04-01 12:00:00|550|5.1.1|User unknown|ex1.corp.example:25|rcpt|rcpt|example.com|0|0|0",
            Sql("""
                SELECT concat_ws('|', address, status, datetime(updated / 1000, 'unixepoch'), datetime(gone_at / 1000, 'unixepoch'), code, enhanced,
                  text, server, target, stage, route, accept_all, refusals, refused_since) FROM verdicts WHERE address LIKE 'nobody@%'
                """));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, Folder.ModeOf("cache.db"));
        Assert.False(File.Exists(FilePath + "-wal"));
    }

    [Fact]
    public async Task The_format_is_the_approved_one()
    {
        await WriteFileAsync(Samples);
        ApprovedText.Matches(
            "tests/RcptVerify.Tests/Approved/sqlite-schema.txt",
            string.Create(CultureInfo.InvariantCulture, $"application_id {Sql("PRAGMA application_id")}\nuser_version {Sql("PRAGMA user_version")}\n{Sql("SELECT group_concat(sql, char(10)) FROM sqlite_schema WHERE sql IS NOT NULL")}\n"));
    }

    [Fact]
    public async Task What_the_file_holds_is_loaded_the_newest_in_the_order_in_which_it_was_learnt()
    {
        await WriteFileAsync(Enumerable.Range(0, 1200).Select(i => Verdict($"user{i}@example.com")));
        await WriteFileAsync(Verdict("user0@example.com"), Verdict("gone@example.com", life: TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(2));
        List<string> loaded = [];
        await using SqliteVerdictStore store = Started(
            verdict =>
            {
                loaded.Add(Encoding.UTF8.GetString(verdict.Address));
                return true;
            },
            most: 1001);
        await LogsAsync(EventIds.StoreLoaded);
        Assert.Equal(1000, loaded.Count);
        Assert.Equal(["user201@example.com", "user202@example.com"], loaded[..2]);
        Assert.Equal(["user1199@example.com", "user0@example.com"], loaded[^2..]);
    }

    [Fact]
    public async Task Loaded_verdicts_share_their_replies()
    {
        await WriteFileAsync(Enumerable.Range(0, 10).Select(i => Verdict($"user{i}@example.com")));
        HashSet<ProbeReply> replies = new(ReferenceEqualityComparer.Instance);
        await using SqliteVerdictStore store = Started(verdict => replies.Add(verdict.Reply), most: 100);
        await LogsAsync(EventIds.StoreLoaded);
        Assert.Single(replies);
    }

    [Fact]
    public async Task Rows_whose_time_is_over_are_swept_out_and_others_stay()
    {
        await WriteFileAsync(Enumerable.Range(0, 1500).Select(i => Verdict($"user{i}@example.com", life: i % 3 == 0 ? TimeSpan.FromDays(31) : TimeSpan.FromHours(1))));
        Time.Advance(TimeSpan.FromHours(2));
        await using SqliteVerdictStore store = Started();
        await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! == 500, "the sweep");
        Assert.NotNull(await FindAsync(store, "user0@example.com"));
    }

    [Fact]
    public async Task Past_the_cap_refusals_give_way_and_known_goods_stay()
    {
        Limits = Limits with { MaxRows = 1000, CountInterval = TimeSpan.FromMilliseconds(20) };
        await using SqliteVerdictStore store = Started();
        for (int i = 0; i < 2000; i++)
            store.Put(Verdict($"user{i}@example.com", i % 4 == 0 ? VerdictStatus.Deliverable : VerdictStatus.Undeliverable));
        await store.FlushAsync().Soon();
        await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! <= 1000, "the sweep");
        Assert.Equal(500L, Sql("SELECT count(*) FROM verdicts WHERE status = 'deliverable'"));
    }

    [Fact]
    public async Task A_queue_that_is_full_gives_up_the_oldest_and_says_so_once()
    {
        Limits = Limits with { MaxPending = 10 };
        SqliteVerdictStore store = new(FilePath, Limits, Time, Log); // its thread does not run: the slowest disk there is
        for (int i = 0; i < 30; i++)
            store.Put(Verdict($"user{i}@example.com"));
        Assert.Single(Log.Lines, line => line.Id == EventIds.StoreTooSlow);
        store.Start();
        await store.FlushAsync().Soon();
        Assert.Equal("user20@example.com", Sql("SELECT address FROM verdicts ORDER BY rowid LIMIT 1"));
        Assert.Equal(10L, Sql("SELECT count(*) FROM verdicts"));
        await store.DisposeAsync();
    }

    [Theory]
    [InlineData("status = 'perhaps'")]
    [InlineData("status = 'undeliverable'")]
    [InlineData("code = 550")]
    [InlineData("code = -1")]
    [InlineData("code = 4294967546")]
    [InlineData("updated = 0")]
    [InlineData("updated = gone_at + 1")]
    [InlineData("gone_at = 9223372036854775807")]
    [InlineData("enhanced = 'x.y.z'")]
    [InlineData("text = 'two' || char(10) || 'lines'")]
    [InlineData("text = printf('%2000s', 'x')")]
    [InlineData("server = printf('%300s', 'x')")]
    [InlineData("target = 'vrfy'")]
    [InlineData("stage = 'never'")]
    [InlineData("route = printf('%300s', 'x')")]
    [InlineData("refusals = 256")]
    [InlineData("refusals = -1")]
    [InlineData("refused_since = -1")]
    public async Task A_row_that_cannot_be_true_is_none(string change)
    {
        await WriteFileAsync(Verdict("user@example.com"), Verdict("other@example.com"));
        Sql($"UPDATE verdicts SET {change} WHERE address = 'user@example.com'");
        List<Verdict> loaded = [];
        await using SqliteVerdictStore store = Started(
            verdict =>
            {
                loaded.Add(verdict);
                return true;
            },
            most: 10);
        Assert.Null(await FindAsync(store, "user@example.com"));
        Assert.NotNull(await FindAsync(store, "other@example.com"));
        await LogsAsync(EventIds.StoreLoaded);
        Assert.Equal("other@example.com", Encoding.UTF8.GetString(Assert.Single(loaded).Address));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public async Task A_verdict_from_a_clock_ahead_is_kept_for_a_day_and_passed_over_beyond(int daysAhead, bool found)
    {
        await WriteFileAsync(Verdict("user@example.com", age: TimeSpan.FromDays(-daysAhead)));
        await using SqliteVerdictStore store = Started();
        Verdict? verdict = await FindAsync(store, "user@example.com");
        Assert.Equal(found, verdict is not null);
        if (verdict is not null) // and is not served without asking again, however long the clock stays behind
            Assert.NotEqual(FreshnessAction.Serve, Freshness.Evaluate(verdict, new VerdictTimes(), Time.GetUtcNow().ToUnixTimeMilliseconds()).Action);
    }

    [Fact]
    public async Task A_store_that_ends_before_its_first_turn_writes_all_the_same()
    {
        for (int i = 0; i < 20; i++)
            await WriteFileAsync(Verdict($"user{i}@example.com"));
        Assert.Equal(20L, Sql("SELECT count(*) FROM verdicts"));
    }

    [Fact]
    public async Task Look_ups_and_writes_after_the_end_do_no_harm()
    {
        SqliteVerdictStore store = Started();
        await store.DisposeAsync();
        store.Put(Samples[0]);
        Assert.False((await store.FindAsync(Samples[0].Address)).Answered);
    }
}

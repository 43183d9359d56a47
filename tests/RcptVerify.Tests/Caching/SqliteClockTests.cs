using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;
using static RcptVerify.Verification.VerificationOutcome;

namespace RcptVerify.Tests.Caching;

/// <summary>
/// A file written by one clock and opened by another: the host's clock was set between two runs of the daemon. Memory, file and verifier
/// are the daemon's own, the server behind is scripted.
/// </summary>
public sealed class SqliteClockTests : SqliteStoreTest
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan LittleLater = TimeSpan.FromMinutes(2);
    private readonly ScriptedProber _prober = new();

    /// <summary>Days by which the clock of the second run differs from that of the first, from 1970 to a decade ahead.</summary>
    public static TheoryData<int> Jumps => [-20_000, -400, -3, -1, 1, 3, 30, 400, 3650];

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task A_refusal_of_another_clock_is_never_repeated_without_asking(int days)
    {
        await WriteFileAsync(Verdict("nobody@example.com", VerdictStatus.Undeliverable), Verdict("silent@example.com", VerdictStatus.Undeliverable));
        await using Run run = Restart(days);
        Task<VerificationResult> created = run.Ask("nobody@example.com");
        (await _prober.NextAsync()).Answer(Said.Ok);
        Assert.Equal((Deliverable, VerdictSource.Probe), Told(await created.Soon()));

        Task<VerificationResult> silent = run.Ask("silent@example.com");
        (await _prober.NextAsync()).Answer(Said.ConnectionRefused);
        Assert.Equal(Unknown, (await silent.Soon()).Outcome);
    }

    [Theory]
    [InlineData(-1, 1)] // dated ahead: asked about once, behind the answer
    [InlineData(1, 0)]
    public async Task A_known_good_of_a_clock_a_day_off_is_accepted_at_once(int days, int probes)
    {
        await WriteFileAsync(Verdict("user@example.com"));
        await using (Run run = Restart(days))
        {
            Assert.Equal((Deliverable, VerdictSource.Cache), Told(await run.Ask("user@example.com").Soon()));
            Assert.Equal(probes, _prober.Count);
            if (probes == 0)
                return;
            (await _prober.NextAsync()).Answer(Said.Ok);
            await HoldsAsync(() => run.Memory("user@example.com")!.Updated == run.Now, "the new date");
        }

        // The file has it too: the day is over, and nothing reminds of the other clock.
        await using Run again = Restart(days);
        Assert.Equal((Deliverable, VerdictSource.Cache), Told(await again.Ask("user@example.com").Soon()));
        Assert.Equal(probes, _prober.Count);
    }

    [Fact]
    public async Task A_first_refusal_dated_ahead_is_not_counted_from()
    {
        await WriteFileAsync(Verdict("doubted@example.com", refusals: 1, refusedSince: Start.ToUnixTimeMilliseconds() - 1000));
        await using Run run = Restart(-1);
        Assert.Equal(Deliverable, (await run.Ask("doubted@example.com").Soon()).Outcome);
        (await _prober.NextAsync()).Answer(Said.NoSuchUser); // a second after the first one, whatever the dates say
        await HoldsAsync(() => run.Memory("doubted@example.com")!.RefusedSince == run.Now, "the count from now on");
        Assert.Equal(Deliverable, (await run.Ask("doubted@example.com").Soon()).Outcome);
    }

    [Fact]
    public async Task A_refusal_dated_ahead_is_not_young_again_when_the_clock_comes_to_its_date()
    {
        await WriteFileAsync(Verdict("nobody@example.com", VerdictStatus.Undeliverable), Verdict("user@example.com"));
        await using Run run = Restart(-1);
        await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! == 1, "the sweep");
        Time.Advance(Day + LittleLater);
        Task<VerificationResult> answer = run.Ask("nobody@example.com");
        (await _prober.NextAsync()).Answer(Said.Ok); // the mailbox was created a day ago
        Assert.Equal((Deliverable, VerdictSource.Probe), Told(await answer.Soon()));
    }

    [Fact]
    public async Task What_this_clock_has_dated_is_not_replaced_by_what_is_loaded_with_a_date_ahead()
    {
        await WriteFileAsync(Verdict("user@example.com"));
        Time = new FakeTimeProvider(Start - Day);
        MemoryVerdictStore memory = new(10, Time);
        await using TieredVerdictCache cache = new(memory, [], Time);
        cache.Put(Verdict("user@example.com", VerdictStatus.Undeliverable, Day));
        await using SqliteVerdictStore store = Started(cache.Offer, most: 10);
        await LogsAsync(EventIds.StoreLoaded);
        Assert.True(memory.TryGet(Key("user@example.com"), out Verdict? kept));
        Assert.Equal(VerdictStatus.Undeliverable, kept!.Status);

        // And the other way: what was dated ahead gives way to what this clock dates, though that looks older.
        cache.Put(Verdict("other@example.com"));
        Assert.True(cache.Offer(Verdict("other@example.com", VerdictStatus.Undeliverable, Day)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Nothing_is_eternal(int days)
    {
        await WriteFileAsync(Enumerable.Range(0, 50).Select(i => Verdict($"user{i}@example.com", (VerdictStatus)(i % 2), life: TimeSpan.FromHours(30))));
        await using Run run = Restart(days);
        for (int i = 0; i < 50; i++) // as long as they live, and the day by which the clocks differ
            Assert.True(run.Memory($"user{i}@example.com") is not { } verdict || verdict.GoneAt <= Start.ToUnixTimeMilliseconds() + (long)TimeSpan.FromHours(30).TotalMilliseconds);
        Time.SetUtcNow(Start + TimeSpan.FromHours(30));
        await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! == 0, "the sweep");
        _prober.AnswerAtOnce = Said.NoSuchUser;
        Assert.Equal((Undeliverable, VerdictSource.Probe), Told(await run.Ask("user0@example.com").Soon()));
    }

    [Fact]
    public async Task Known_goods_dated_decades_ahead_survive_a_clock_that_begins_in_1970_and_give_way_only_where_room_is_short()
    {
        Limits = Limits with { MaxRows = 500, CountInterval = TimeSpan.FromMilliseconds(20) };
        await WriteFileAsync(Enumerable.Range(0, 300).Select(i => Verdict($"user{i}@example.com")));
        Time = new FakeTimeProvider(DateTimeOffset.UnixEpoch + Day);
        await using (SqliteVerdictStore store = Started())
        {
            Assert.Null(await FindAsync(store, "user0@example.com"));
            await store.FlushAsync().Soon();
            Assert.Equal(300L, Sql("SELECT count(*) FROM verdicts"));
            for (int i = 0; i < 300; i++)
                store.Put(new Verdict(Key($"new{i}@example.com"), VerdictStatus.Deliverable, 86_400_000, 2 * 86_400_000, Accepted));
            await store.FlushAsync().Soon();
            await HoldsAsync(() => (long)Sql("SELECT count(*) FROM verdicts")! <= 500, "the sweep");
            Assert.Equal(300L, Sql("SELECT count(*) FROM verdicts WHERE address LIKE 'new%'"));
        }

        Time = new FakeTimeProvider(Start);
        await using SqliteVerdictStore right = Started();
        await AnswersAsync(right);
    }

    private static (VerificationOutcome, VerdictSource) Told(VerificationResult result) => (result.Outcome, result.Source);

    /// <summary>The next run of the daemon, by a clock that differs from that of the first.</summary>
    private Run Restart(int days)
    {
        Time = new FakeTimeProvider(Start + days * Day);
        return new Run(this);
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly SqliteClockTests _test;
        private readonly MemoryVerdictStore _memory;
        private readonly TieredVerdictCache _cache;
        private readonly RecipientVerifier _verifier;

        public Run(SqliteClockTests test)
        {
            _test = test;
            _memory = new MemoryVerdictStore(1000, test.Time);
            SqliteVerdictStore file = new(test.FilePath, test.Limits, test.Time, test.Log);
            _cache = new TieredVerdictCache(_memory, [file], test.Time);
            file.Start(_cache.Offer, most: 1000);
            _verifier = new RecipientVerifier(new RouteTable([TestRoute.Create()]), _cache, test._prober, test.Time, new ListLogger<RecipientVerifier>());
        }

        public long Now => _test.Time.GetUtcNow().ToUnixTimeMilliseconds();

        public Verdict? Memory(string address) => _memory.TryGet(Key(address), out Verdict? verdict) ? verdict : null;

        public Task<VerificationResult> Ask(string recipient) => _verifier.VerifyAsync(new RecipientQuery(Encoding.UTF8.GetBytes(recipient), default, Bench.Budget)).AsTask();

        public async ValueTask DisposeAsync()
        {
            _verifier.Stop();
            _verifier.Dispose();
            await _cache.DisposeAsync();
        }
    }
}

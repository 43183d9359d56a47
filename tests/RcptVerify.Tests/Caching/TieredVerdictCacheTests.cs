using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

public sealed class TieredVerdictCacheTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryVerdictStore _memory;
    private readonly ScriptedLevel _shared = new(isShared: true, TimeSpan.FromMilliseconds(50));
    private readonly ScriptedLevel _file = new(isShared: false, TimeSpan.FromMilliseconds(250));
    private readonly TieredVerdictCache _cache;

    public TieredVerdictCacheTests()
    {
        _memory = new MemoryVerdictStore(100, _time);
        _cache = new TieredVerdictCache(_memory, [_shared, _file], _time);
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    [Fact]
    public void What_is_put_is_in_memory_and_in_every_level()
    {
        Verdict verdict = Verdict("user@example.com");
        _cache.Put(verdict);
        Assert.Same(verdict, Found("user@example.com"));
        Assert.Same(verdict, Assert.Single(_shared.Puts));
        Assert.Same(verdict, Assert.Single(_file.Puts));
    }

    [Fact]
    public async Task What_a_level_finds_comes_to_memory_and_to_the_levels_behind_it()
    {
        Verdict verdict = Verdict("user@example.com");
        _shared.Answers.Enqueue(Task.FromResult(new LevelAnswer(true, verdict)));
        await _cache.RecallAsync(Key("user@example.com"));
        Assert.Same(verdict, Found("user@example.com"));
        Assert.Empty(_shared.Puts);
        Assert.Same(verdict, Assert.Single(_file.Puts));
        Assert.Equal(0, _file.Finds);
    }

    [Fact]
    public async Task A_shared_level_that_knows_nothing_has_the_last_word()
    {
        _shared.Answers.Enqueue(Task.FromResult(LevelAnswer.Nothing));
        await _cache.RecallAsync(Key("user@example.com"));
        Assert.Equal(0, _file.Finds);
        Assert.Null(Found("user@example.com"));
    }

    [Fact]
    public async Task A_level_that_is_out_of_order_is_passed_over()
    {
        Verdict verdict = Verdict("user@example.com");
        _shared.Answers.Enqueue(Task.FromResult(LevelAnswer.Unavailable));
        _file.Answers.Enqueue(Task.FromResult(new LevelAnswer(true, verdict)));
        await _cache.RecallAsync(Key("user@example.com"));
        Assert.Same(verdict, Found("user@example.com"));
    }

    [Fact]
    public async Task A_level_that_takes_too_long_is_passed_over()
    {
        _shared.Answers.Enqueue(new TaskCompletionSource<LevelAnswer>().Task);
        _file.Answers.Enqueue(Task.FromResult(LevelAnswer.Nothing));
        Task recalled = _cache.RecallAsync(Key("user@example.com")).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(recalled.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await recalled.Soon();
        Assert.Equal(1, _file.Finds);
    }

    [Fact]
    public async Task Callers_who_ask_at_once_share_one_look_up()
    {
        TaskCompletionSource<LevelAnswer> answer = new();
        _shared.Answers.Enqueue(answer.Task);
        Task[] recalls = [.. Enumerable.Range(0, 100).Select(_ => _cache.RecallAsync(Key("user@example.com")).AsTask())];
        Verdict verdict = Verdict("user@example.com");
        answer.SetResult(new(true, verdict));
        await Task.WhenAll(recalls).Soon();
        Assert.Equal(1, _shared.Finds);
        Assert.Same(verdict, Found("user@example.com"));
    }

    [Theory]
    [InlineData(VerdictStatus.Deliverable, 60, VerdictStatus.Undeliverable, 61, false)] // older than what is known
    [InlineData(VerdictStatus.Deliverable, 60, VerdictStatus.Undeliverable, 60, false)] // as old
    [InlineData(VerdictStatus.Deliverable, 60, VerdictStatus.Undeliverable, 59, true)] // newer
    [InlineData(VerdictStatus.Unknown, 1, VerdictStatus.Deliverable, 60, true)] // a temporary failure is no knowledge
    [InlineData(VerdictStatus.Deliverable, 60, VerdictStatus.Unknown, 1, false)]
    public void Memory_takes_what_is_offered_only_where_it_knows_less(
        VerdictStatus known, int knownAge, VerdictStatus offered, int offeredAge, bool taken)
    {
        _cache.Put(Verdict("user@example.com", known, TimeSpan.FromSeconds(knownAge)));
        _file.Puts.Clear();
        Verdict verdict = Verdict("user@example.com", offered, TimeSpan.FromSeconds(offeredAge));
        Assert.Equal(taken, _cache.Offer(verdict));
        Assert.Equal(taken, ReferenceEquals(verdict, Found("user@example.com")));
        Assert.Empty(_file.Puts);
    }

    [Fact]
    public void What_is_gone_gives_way_to_what_is_older_and_lives_longer()
    {
        _cache.Put(Verdict("user@example.com", VerdictStatus.Undeliverable, life: TimeSpan.FromHours(1)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(_cache.Offer(Verdict("user@example.com", age: TimeSpan.FromHours(1))));
        Assert.Equal(VerdictStatus.Deliverable, Found("user@example.com")?.Status);
    }

    [Fact]
    public async Task An_offer_never_overwrites_what_is_put_at_the_same_time()
    {
        Verdict older = Verdict("user@example.com", age: TimeSpan.FromSeconds(1));
        for (int i = 0; i < 2000; i++)
        {
            MemoryVerdictStore memory = new(10, _time);
            TieredVerdictCache cache = new(memory, [], _time);
            Verdict newer = Verdict("user@example.com", VerdictStatus.Undeliverable);
            using Barrier start = new(2);
            Task offering = Task.Run(() =>
            {
                start.SignalAndWait();
                cache.Offer(older);
            }, TestContext.Current.CancellationToken);
            start.SignalAndWait(TestContext.Current.CancellationToken);
            cache.Put(newer);
            await offering;
            Assert.True(memory.TryGet("user@example.com"u8, out Verdict? kept));
            Assert.Same(newer, kept);
        }
    }

    [Fact]
    public async Task What_is_removed_or_purged_is_gone_from_every_level()
    {
        _cache.Put(Verdict("a@example.com"));
        _cache.Put(Verdict("b@example.com", VerdictStatus.Undeliverable));
        _cache.Put(Verdict("c@example.org"));
        Assert.True(await _cache.RemoveAsync(Key("a@example.com")));
        Assert.False(await _cache.RemoveAsync(Key("a@example.com")));
        Assert.Equal(1, await _cache.PurgeAsync(PurgeScope.Negatives));
        Assert.Equal(1, _memory.Count);
        Assert.Equal(1, await _cache.PurgeAsync(PurgeScope.OfDomain("example.org")!));
        Assert.Equal(0, _memory.Count);
        Assert.Equal(["a@example.com", "a@example.com", "negatives", "example.org"], _shared.Removals);
        Assert.Equal(_shared.Removals, _file.Removals);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_level_was_asked_about_before_a_removal_does_not_come_back_after_it(bool purge)
    {
        TaskCompletionSource<LevelAnswer> answer = new();
        _shared.Answers.Enqueue(answer.Task);
        Task recall = _cache.RecallAsync(Key("user@example.com")).AsTask();
        if (purge)
            await _cache.PurgeAsync(PurgeScope.All);
        else
            await _cache.RemoveAsync(Key("user@example.com"));
        answer.SetResult(new(true, Verdict("user@example.com")));
        await recall.Soon();
        Assert.Null(Found("user@example.com"));
        Assert.Empty(_file.Puts);
    }

    private Verdict? Found(string address) => _cache.TryGet(Key(address), out Verdict? verdict) ? verdict : null;

    /// <summary>A level that answers as the test says, and nothing when the test says nothing.</summary>
    private sealed class ScriptedLevel(bool isShared, TimeSpan findWithin) : IVerdictLevel
    {
        private int _finds;

        public Queue<Task<LevelAnswer>> Answers { get; } = new();

        public List<Verdict> Puts { get; } = [];

        public int Finds => _finds;

        public TimeSpan FindWithin => findWithin;

        public bool IsShared => isShared;

        public ValueTask<LevelAnswer> FindAsync(byte[] address)
        {
            Interlocked.Increment(ref _finds);
            return new(Answers.Count > 0 ? Answers.Dequeue() : Task.FromResult(LevelAnswer.Nothing));
        }

        public List<string> Removals { get; } = [];

        public void Put(Verdict verdict) => Puts.Add(verdict);

        public ValueTask RemoveAsync(ReadOnlyMemory<byte> address)
        {
            Removals.Add(System.Text.Encoding.UTF8.GetString(address.Span));
            return default;
        }

        public ValueTask PurgeAsync(PurgeScope scope)
        {
            Removals.Add(scope.ToString());
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}

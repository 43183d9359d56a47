using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>What memory may say while others remove, purge and learn, and words of it are missed.</summary>
public sealed class SharedTrustTests : IAsyncDisposable
{
    private const string Bad = "bad@example.com";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly SharedLevel _shared = new();
    private readonly MemoryVerdictStore _memory;
    private readonly TieredVerdictCache _cache;

    public SharedTrustTests()
    {
        _memory = new MemoryVerdictStore(10_000, _time);
        _cache = new(_memory, [_shared], _time, new RecheckLimits { Pause = TimeSpan.Zero });
    }

    private IRemoteChanges Told => _cache;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    [Theory]
    [InlineData(1, false)] // removed after it was asked
    [InlineData(0, false)] // in the same millisecond
    [InlineData(-1, true)] // before
    public async Task What_was_put_during_an_outage_counts_afterwards_unless_it_was_removed_since(int removedLater, bool stays)
    {
        _shared.Up = false;
        Verdict bad = Put(Bad, VerdictStatus.Undeliverable);
        Assert.True(_cache.IsTrusted(bad));
        _shared.Holds[Bad] = new(true, null, bad.Asked + removedLater);
        _time.Advance(TimeSpan.FromSeconds(1));
        _shared.LoseWords();
        _shared.Up = true;
        Assert.False(_cache.IsTrusted(bad));
        _shared.Puts.Clear();
        await _cache.RecallAsync(bad.Address);
        Assert.Equal(stays ? bad : null, Found(Bad));
        Assert.Equal(stays ? 1 : 0, _shared.Puts.Count);
    }

    [Fact]
    public async Task A_look_up_under_way_when_others_purge_brings_nothing_back()
    {
        _shared.Holds[Bad] = new(true, Verdict(Bad, VerdictStatus.Undeliverable));
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        Task recall = _cache.RecallAsync(Key(Bad)).AsTask();
        Told.Purge(PurgeScope.Negatives);
        gate.SetResult();
        await recall;
        Assert.Null(Found(Bad));
    }

    [Fact]
    public async Task An_answer_that_was_under_way_when_words_were_missed_is_asked_for_again()
    {
        _shared.Holds[Bad] = new(true, Verdict(Bad, VerdictStatus.Undeliverable));
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        Task recall = _cache.RecallAsync(Key(Bad)).AsTask();
        _shared.LoseWords();
        gate.SetResult();
        await recall;
        Assert.False(_cache.IsTrusted(Found(Bad)!));
        _shared.Holds[Bad] = new(true, null, Found(Bad)!.Asked);
        await _cache.RecallAsync(Key(Bad));
        Assert.Null(Found(Bad));
    }

    [Fact]
    public async Task A_refusal_beside_an_older_known_good_of_the_others_puts_it_in_doubt_and_is_not_said()
    {
        Verdict refusal = Put(Bad, VerdictStatus.Undeliverable);
        _shared.LoseWords();
        _shared.Puts.Clear();
        _shared.Holds[Bad] = new(true, Verdict(Bad, age: TimeSpan.FromHours(1)));
        Assert.False(_cache.IsTrusted(refusal));
        await _cache.RecallAsync(refusal.Address);
        Assert.Equal(VerdictStatus.Deliverable, Found(Bad)?.Status);
        Assert.True(_cache.IsTrusted(Found(Bad)!));
        Assert.Same(refusal, Assert.Single(_shared.Puts)); // there it counts as the first refusal
    }

    [Fact]
    public async Task What_only_the_mark_of_a_server_that_accepts_all_vouches_for_gives_way_to_a_refusal()
    {
        Verdict refusal = Put(Bad, VerdictStatus.Undeliverable);
        _shared.LoseWords();
        _shared.Holds[Bad] = new(true, Verdict(Bad, age: TimeSpan.FromMinutes(1), reply: Accepted with { AcceptAll = true }));
        await _cache.RecallAsync(refusal.Address);
        Assert.Same(refusal, Found(Bad));
    }

    [Theory]
    [InlineData(60_000, false)] // a clock that was set back wrote it
    [InlineData(900, true)] // clocks differ a little
    public void A_date_ahead_is_no_proof_that_it_was_asked_after_a_removal(int ahead, bool stays)
    {
        Verdict bad = Put(Bad, VerdictStatus.Undeliverable);
        bad.Asked = Now + ahead;
        Told.Forget(bad.Address, Now);
        Assert.Equal(stays ? bad : null, Found(Bad));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_no_refusal_is_said_after_its_removal_while_the_level_can_be_asked(int seed)
    {
        Random random = new(seed);
        Dictionary<string, long> removed = [];
        Dictionary<string, Verdict> waiting = [];
        for (int step = 0; step < 3000; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(2));
            string name = $"user{random.Next(8)}@example.com";
            switch (random.Next(8))
            {
                case 0: // a probe of ours
                    Verdict mine = Put(name, Any());
                    if (_shared.Up)
                        Write(mine);
                    else
                        waiting[name] = mine;
                    break;
                case 1 or 2: // another node removes it
                    removed[name] = Now;
                    _shared.Holds[name] = new(true, null, Now);
                    if (_shared.Up)
                        Told.Forget(Key(name), Now);
                    break;
                case 3: // another node learns
                    Write(New(name, Any()));
                    if (_shared.Up)
                        Told.Learn(Copy(_shared.Holds[name].Verdict!));
                    break;
                case 4 when step % 5 == 0:
                    _shared.Up = false;
                    break;
                case 5 when !_shared.Up:
                    foreach (Verdict verdict in waiting.Values)
                        Write(verdict);
                    waiting.Clear();
                    _shared.LoseWords();
                    _shared.Up = true;
                    Told.CheckAnew();
                    break;
                default: // a caller
                    await AskAsync(name);
                    break;
            }
        }

        _shared.LoseWords();
        _shared.Up = true;
        Told.CheckAnew();
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return _memory.Enumerate().All(verdict => verdict.Generation == _shared.Generation);
            },
            "all checked", Patience);
        Assert.All(_memory.Enumerate(), verdict => Assert.True(verdict.Asked > RemovalOf(System.Text.Encoding.UTF8.GetString(verdict.Address))));

        async Task AskAsync(string name)
        {
            bool up = _shared.Up;
            if (Found(name) is not { } verdict || !_cache.IsTrusted(verdict))
                await _cache.RecallAsync(Key(name));
            if (up && Found(name) is { } said && _cache.IsTrusted(said))
                Assert.True(said.Status == VerdictStatus.Deliverable || said.Asked > RemovalOf(name), $"step said a refusal of {said.Asked}, removed {RemovalOf(name)}");
        }

        long RemovalOf(string name) => removed.GetValueOrDefault(name);

        VerdictStatus Any() => random.Next(2) == 0 ? VerdictStatus.Deliverable : VerdictStatus.Undeliverable;

        // As Redis compares.
        void Write(Verdict verdict)
        {
            string name = System.Text.Encoding.UTF8.GetString(verdict.Address);
            LevelAnswer stands = _shared.Holds.GetValueOrDefault(name);
            if (verdict.Asked > stands.RemovedAt && !(stands.Verdict?.Updated >= verdict.Updated))
                _shared.Holds[name] = new(true, Copy(verdict));
        }
    }

    private static Verdict Copy(Verdict verdict) =>
        new(verdict.Address, verdict.Status, verdict.Updated, verdict.GoneAt, verdict.Reply) { Asked = verdict.Asked };

    private Verdict New(string address, VerdictStatus status) => new(
        Key(address), status, Now, Now + 86_400_000, status == VerdictStatus.Deliverable ? Accepted : Refused);

    private Verdict Put(string address, VerdictStatus status)
    {
        Verdict verdict = New(address, status);
        _cache.Put(verdict);
        return verdict;
    }

    private Verdict? Found(string address) => _cache.TryGet(Key(address), out Verdict? verdict) ? verdict : null;
}

using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>What memory may still say after words of other nodes were missed.</summary>
public sealed class MemoryRecheckTests : IAsyncDisposable
{
    private const string Good = "good@example.com";
    private const string Bad = "bad@example.com";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly SharedLevel _shared = new();
    private readonly MemoryVerdictStore _memory;
    private readonly TieredVerdictCache _cache;

    public MemoryRecheckTests()
    {
        _memory = new MemoryVerdictStore(10_000, _time);
        _cache = Cache(16);
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    [Fact]
    public void What_was_put_or_learnt_since_the_last_word_is_trusted()
    {
        Assert.True(_cache.IsTrusted(Put(Good)));
        ((IRemoteChanges)_cache).Learn(Verdict(Bad, VerdictStatus.Undeliverable));
        Assert.True(_cache.IsTrusted(Found(Bad)!));
        Assert.Empty(_shared.LookedUp);
    }

    [Fact]
    public async Task A_known_good_is_said_at_once_and_checked_behind_the_callers_back()
    {
        Verdict good = Put(Good);
        _shared.Holds[Good] = new(true, Verdict(Good));
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        _shared.LoseWords();
        Assert.True(_cache.IsTrusted(good));
        Assert.True(_cache.IsTrusted(good)); // the second caller starts nothing
        await UntilAsync(() => !_shared.LookedUp.IsEmpty);
        Assert.NotEqual(_shared.Generation, good.Generation);
        Assert.True(_cache.IsTrusted(good));
        gate.SetResult();
        await UntilAsync(() => good.Generation == _shared.Generation);
        Assert.Equal([Good], _shared.LookedUp);
        Assert.Empty(_shared.Finds);
    }

    [Theory]
    [InlineData(VerdictStatus.Undeliverable)]
    [InlineData(VerdictStatus.Unknown)]
    public async Task What_is_not_a_known_good_is_looked_up_before_it_is_said(VerdictStatus status)
    {
        Verdict bad = Put(Bad, status);
        _shared.Holds[Bad] = new(true, Verdict(Bad, status));
        _shared.LoseWords();
        Assert.False(_cache.IsTrusted(bad));
        await _cache.RecallAsync(bad.Address);
        Assert.True(_cache.IsTrusted(Found(Bad)!));
        Assert.Equal([Bad], _shared.Finds);
        Assert.Empty(_shared.LookedUp);
    }

    [Fact]
    public void While_the_level_is_out_of_order_memory_is_as_good_as_it_gets()
    {
        Verdict bad = Put(Bad, VerdictStatus.Undeliverable);
        _shared.LoseWords();
        _shared.Up = false;
        Assert.True(_cache.IsTrusted(bad));
        _shared.Up = true;
        Assert.False(_cache.IsTrusted(bad));
    }

    [Fact]
    public async Task A_look_up_that_brings_no_answer_leaves_a_refusal_unchecked()
    {
        Verdict bad = Put(Bad, VerdictStatus.Undeliverable);
        _shared.LoseWords();
        _shared.Up = false;
        await _cache.RecallAsync(bad.Address);
        _shared.Up = true;
        Assert.False(_cache.IsTrusted(bad));
    }

    [Fact]
    public async Task All_is_checked_each_address_once_refusals_first()
    {
        for (int i = 0; i < 1000; i++)
        {
            VerdictStatus status = i % 4 == 0 ? VerdictStatus.Undeliverable : VerdictStatus.Deliverable;
            Put($"user{i}@example.com", status);
            _shared.Holds[$"user{i}@example.com"] = new(true, Verdict($"user{i}@example.com", status));
        }

        _shared.LoseWords();
        ((IRemoteChanges)_cache).CheckAnew();
        await UntilAsync(() => _memory.Enumerate().All(verdict => verdict.Generation == _shared.Generation));
        string[] order = [.. _shared.LookedUp];
        Assert.Equal(1000, order.Length);
        Assert.Equal(1000, order.Distinct().Count());
        Assert.All(order[..250], address => Assert.Equal(VerdictStatus.Undeliverable, Found(address)!.Status));
        Assert.Empty(_shared.Puts);
    }

    [Fact]
    public async Task What_a_caller_has_met_goes_before_what_nobody_asks_for()
    {
        await using TieredVerdictCache cache = Cache(1);
        Verdict[] goods = [.. Enumerable.Range(0, 50).Select(i => Verdict($"user{i}@example.com"))];
        foreach (Verdict good in goods)
            cache.Put(good);
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        _shared.LoseWords();
        ((IRemoteChanges)cache).CheckAnew();
        await UntilAsync(() => _shared.LookedUp.Count == 1);
        string first = _shared.LookedUp.Single();
        Verdict[] met = [.. goods.Where(good => System.Text.Encoding.UTF8.GetString(good.Address) != first).TakeLast(5)];
        Assert.All(met, good => Assert.True(cache.IsTrusted(good)));
        gate.SetResult();
        await UntilAsync(() => goods.All(good => good.Generation == _shared.Generation));
        Assert.Equal(met.Select(good => System.Text.Encoding.UTF8.GetString(good.Address)), _shared.LookedUp.Skip(1).Take(5));
        Assert.Equal(50, _shared.LookedUp.Count);
    }

    [Fact]
    public async Task What_was_removed_meanwhile_goes_and_what_was_asked_after_the_removal_stays()
    {
        Verdict gone = Put(Good);
        Verdict stays = Put(Bad, VerdictStatus.Undeliverable);
        gone.Asked = stays.Asked = Start.ToUnixTimeMilliseconds();
        _shared.Holds[Good] = new(true, null, gone.Asked);
        _shared.Holds[Bad] = new(true, null, stays.Asked - 1);
        CheckAnew();
        await UntilAsync(() => Found(Good) is null && stays.Generation == _shared.Generation);
        Assert.Same(stays, Assert.Single(_shared.Puts)); // newer than the tombstone
    }

    [Fact]
    public async Task What_was_purged_meanwhile_is_not_said_and_goes()
    {
        Verdict good = Put(Good);
        _shared.Purged = verdict => verdict.Address.AsSpan().SequenceEqual(good.Address);
        _shared.LoseWords();
        Assert.False(_cache.IsTrusted(good));
        await _cache.RecallAsync(good.Address);
        Assert.Null(Found(Good));
        Assert.Empty(_shared.Puts);
    }

    [Fact]
    public async Task What_others_have_learnt_meanwhile_comes_to_memory()
    {
        Put(Good, age: TimeSpan.FromHours(1));
        Put(Bad, VerdictStatus.Undeliverable, TimeSpan.FromHours(1));
        _shared.Holds[Good] = new(true, Verdict(Good, VerdictStatus.Undeliverable));
        _shared.Holds[Bad] = new(true, Verdict(Bad));
        CheckAnew();
        await UntilAsync(() => Found(Good)!.Status == VerdictStatus.Undeliverable && Found(Bad)!.Status == VerdictStatus.Deliverable);
        Assert.True(_cache.IsTrusted(Found(Good)!));
        Assert.Empty(_shared.Puts);
    }

    [Fact]
    public async Task What_the_level_has_lost_or_has_only_older_it_is_told_again()
    {
        Verdict lost = Put(Good);
        Verdict newer = Put(Bad);
        Verdict same = Put("same@example.com");
        _shared.Holds[Bad] = new(true, Verdict(Bad, VerdictStatus.Undeliverable, TimeSpan.FromMinutes(1)));
        _shared.Holds["same@example.com"] = new(true, Verdict("same@example.com", age: TimeSpan.FromMilliseconds(40))); // clocks
        CheckAnew();
        await UntilAsync(() => _memory.Enumerate().All(verdict => verdict.Generation == _shared.Generation));
        Assert.Equal([newer, lost], _shared.Puts.OrderBy(verdict => verdict.Address.Length));
        Assert.Same(same, Found("same@example.com"));
    }

    [Fact]
    public async Task A_removal_while_it_is_looked_up_is_not_undone_and_its_neighbours_are_looked_up_again()
    {
        Verdict[] goods = [.. Enumerable.Range(0, 200).Select(i => Put($"user{i}@example.com"))];
        foreach (Verdict good in goods)
            _shared.Holds[System.Text.Encoding.UTF8.GetString(good.Address)] = new(true, Verdict(System.Text.Encoding.UTF8.GetString(good.Address)));
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        CheckAnew();
        await UntilAsync(() => !_shared.LookedUp.IsEmpty);
        string asked = _shared.LookedUp.First();
        await _cache.RemoveAsync(Key(asked));
        _shared.Holds[asked] = LevelAnswer.Nothing;
        gate.SetResult();
        await UntilAsync(() => _memory.Enumerate().All(verdict => verdict.Generation == _shared.Generation));
        Assert.Null(Found(asked));
        Assert.Equal(199, _memory.Count);
    }

    [Fact]
    public async Task An_answer_from_before_words_were_missed_again_is_not_enough()
    {
        Verdict good = Put(Good);
        _shared.Holds[Good] = new(true, Verdict(Good));
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        CheckAnew();
        await UntilAsync(() => _shared.LookedUp.Count == 1);
        _shared.LoseWords();
        gate.SetResult();
        await UntilAsync(() => good.Generation == _shared.Generation - 1);
        Assert.True(_cache.IsTrusted(good));
        await UntilAsync(() => good.Generation == _shared.Generation);
        Assert.Equal([Good, Good], _shared.LookedUp);
    }

    [Fact]
    public async Task It_ends_when_the_level_is_gone_and_begins_anew_when_it_is_back()
    {
        for (int i = 0; i < 100; i++)
            Put($"user{i}@example.com");
        TaskCompletionSource gate = new();
        _shared.Gate = gate.Task;
        CheckAnew();
        await UntilAsync(() => _shared.LookedUp.Count == 16);
        _shared.Up = false;
        gate.SetResult();
        await UntilAsync(() => _cache.IsTrusted(Found("user0@example.com")!));
        Assert.Equal(16, _shared.LookedUp.Count);
        _shared.Up = true;
        CheckAnew();
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100)); // the pause after a batch that nobody answered, whenever it begins
            return _memory.Enumerate().All(verdict => verdict.Generation == _shared.Generation);
        });
    }

    [Fact]
    public async Task One_that_is_not_answered_is_asked_again_after_a_while()
    {
        Verdict bad = Put(Bad, VerdictStatus.Undeliverable);
        _shared.Holds[Bad] = LevelAnswer.Unavailable;
        CheckAnew();
        await UntilAsync(() => _shared.LookedUp.Count == 1);
        _shared.Holds[Bad] = new(true, Verdict(Bad, VerdictStatus.Undeliverable));
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return bad.Generation == _shared.Generation;
        });
        Assert.Equal([Bad, Bad], _shared.LookedUp);
    }

    private TieredVerdictCache Cache(int batchSize) =>
        new(_memory, [_shared], _time, new RecheckLimits { BatchSize = batchSize, Pause = TimeSpan.Zero });

    private void CheckAnew()
    {
        _shared.LoseWords();
        ((IRemoteChanges)_cache).CheckAnew();
    }

    private Verdict Put(string address, VerdictStatus status = VerdictStatus.Deliverable, TimeSpan age = default)
    {
        Verdict verdict = Verdict(address, status, age);
        _cache.Put(verdict);
        _shared.Puts.Clear();
        return verdict;
    }

    private Verdict? Found(string address) => _cache.TryGet(Key(address), out Verdict? verdict) ? verdict : null;

    private static Task UntilAsync(Func<bool> condition) => Eventually.HoldsAsync(condition, "memory checked anew", Patience);
}

using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.TestKit;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Caching;

[Collection(Alone.Name)]
public sealed class MemoryVerdictStoreTests
{
    private static readonly ProbeReply Reply = new(250, "2.1.5", "OK", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_was_put_is_found_and_nothing_else()
    {
        MemoryVerdictStore store = Store(10);
        Verdict verdict = New("user@example.com", Deliverable);
        store.Put(verdict);
        Assert.Same(verdict, Find(store, "user@example.com"));
        Assert.Null(Find(store, "user@example.co"));
        Assert.Null(Find(store, "User@example.com"));
        Assert.Equal((1, 10), (store.Count, store.MaxEntries));
    }

    [Fact]
    public void A_new_verdict_takes_the_place_of_the_old_one_whatever_they_say()
    {
        MemoryVerdictStore store = Store(10);
        foreach (VerdictStatus status in (VerdictStatus[])[Unknown, Deliverable, Undeliverable, Unknown, Deliverable])
        {
            Verdict verdict = New("user@example.com", status);
            store.Put(verdict);
            Assert.Same(verdict, Find(store, "user@example.com"));
            Assert.Equal(1, store.Count);
        }
    }

    [Fact]
    public void A_full_store_takes_the_new_one_and_gives_up_the_oldest()
    {
        MemoryVerdictStore store = Store(3);
        for (int i = 0; i < 10; i++)
            store.Put(New($"user{i}@example.com", Deliverable));
        Assert.Equal(3, store.Count);
        Assert.Equal([7, 8, 9], Enumerable.Range(0, 10).Where(i => Find(store, $"user{i}@example.com") is not null));
    }

    [Fact]
    public void A_full_store_gives_up_unknowns_then_refusals_then_known_goods()
    {
        MemoryVerdictStore store = Store(8);
        foreach (VerdictStatus status in (VerdictStatus[])[Deliverable, Undeliverable, Unknown])
        {
            store.Put(New($"{status}1@example.com", status));
            store.Put(New($"{status}2@example.com", status));
        }

        store.Put(New("other1@example.com", Deliverable)); // refusals and unknowns have half of the places
        store.Put(New("other2@example.com", Deliverable));
        List<string> order = [];
        for (int i = 0; i < 6; i++)
        {
            List<string> before = Kept(store);
            store.Put(New($"new{i}@example.com", Deliverable));
            order.Add(Assert.Single(before.Except(Kept(store))));
        }

        Assert.Equal(["Unknown1", "Unknown2", "Undeliverable1", "Undeliverable2", "Deliverable1", "Deliverable2"], order);
    }

    [Fact]
    public void A_dictionary_attack_pushes_out_no_recipient_that_exists()
    {
        MemoryVerdictStore store = Store(100);
        for (int i = 0; i < 99; i++)
            store.Put(New($"user{i}@example.com", Deliverable));
        for (int i = 0; i < 10_000; i++)
        {
            store.Put(New($"guess{i}@example.com", i % 3 == 0 ? Unknown : Undeliverable));
            Assert.Equal(100, store.Count);
        }

        Assert.All(Enumerable.Range(0, 99), i => Assert.NotNull(Find(store, $"user{i}@example.com")));
    }

    [Fact]
    public void Refusals_and_unknowns_together_hold_half_of_the_places()
    {
        MemoryVerdictStore store = Store(10);
        for (int i = 0; i < 1000; i++)
            store.Put(New($"guess{i}@example.com", i % 2 == 0 ? Undeliverable : Unknown));
        Assert.Equal(5, store.Count);
        Assert.Equal([990, 992, 994, 996, 998], Enumerable.Range(0, 999).Where(i => Find(store, $"guess{i}@example.com") is not null));
        for (int i = 0; i < 5; i++)
            store.Put(New($"user{i}@example.com", Deliverable));
        Assert.Equal(10, store.Count);
    }

    [Fact]
    public void A_refusal_that_became_a_known_good_leaves_its_place_among_the_refusals()
    {
        MemoryVerdictStore store = Store(4);
        for (int i = 0; i < 4; i++)
        {
            store.Put(New($"user{i}@example.com", Undeliverable));
            store.Put(New($"user{i}@example.com", Deliverable));
        }

        store.Put(New("user3@example.com", Undeliverable));
        store.Put(New("user2@example.com", Undeliverable));
        Assert.Equal((4, true, true), (store.Count, Find(store, "user3@example.com") is not null, Find(store, "user2@example.com") is not null));
    }

    [Fact]
    public void In_a_store_full_of_known_goods_it_is_the_refusal_that_goes()
    {
        MemoryVerdictStore store = Store(2);
        store.Put(New("user1@example.com", Deliverable));
        store.Put(New("user2@example.com", Deliverable));
        store.Put(New("guess@example.com", Undeliverable));
        Assert.Equal(2, store.Count);
        Assert.Null(Find(store, "guess@example.com"));
    }

    [Fact]
    public void A_verdict_that_was_renewed_is_not_given_up_at_its_old_place()
    {
        MemoryVerdictStore store = Store(3);
        store.Put(New("renewed@example.com", Deliverable));
        store.Put(New("old@example.com", Deliverable));
        store.Put(New("renewed@example.com", Deliverable));
        store.Put(New("new1@example.com", Deliverable));
        store.Put(New("new2@example.com", Deliverable));
        Assert.NotNull(Find(store, "renewed@example.com"));
        Assert.Null(Find(store, "old@example.com"));
    }

    [Fact]
    public void What_is_gone_is_dropped_as_new_verdicts_come()
    {
        MemoryVerdictStore store = Store(1000);
        for (int i = 0; i < 100; i++)
            store.Put(New($"user{i}@example.com", Undeliverable, life: TimeSpan.FromMinutes(1)));
        store.Put(New("long@example.com", Undeliverable, life: TimeSpan.FromDays(3)));
        _time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 50; i++)
            store.Put(New($"new{i}@example.com", Unknown, life: TimeSpan.FromDays(3)));
        Assert.Equal(51, store.Count);
        Assert.Null(Find(store, "user99@example.com"));
        Assert.NotNull(Find(store, "long@example.com"));
    }

    [Fact]
    public void Verdicts_replaced_again_and_again_do_not_pile_up()
    {
        MemoryVerdictStore store = Store(1000);
        // An old entry at the head of the queue, so that no replaced place is ever the oldest.
        store.Put(New("head@example.com", Deliverable));
        List<WeakReference> replaced = PutMany(store, 20_000);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(replaced.Count(verdict => verdict.IsAlive), 0, 2000);
        Assert.Equal(2, store.Count);
        Assert.NotNull(Find(store, "head@example.com"));
        Assert.NotNull(Find(store, "busy@example.com"));
    }

    [Fact]
    public void After_a_sweep_the_order_of_giving_up_is_still_that_of_arrival()
    {
        MemoryVerdictStore store = Store(4);
        store.Put(New("first@example.com", Deliverable));
        store.Put(New("second@example.com", Deliverable));
        PutMany(store, 5000);
        store.Put(New("third@example.com", Deliverable));
        store.Put(New("fourth@example.com", Deliverable));
        Assert.Null(Find(store, "first@example.com"));
        store.Put(New("fifth@example.com", Deliverable));
        Assert.Null(Find(store, "second@example.com"));
        Assert.NotNull(Find(store, "third@example.com"));
    }

    [Fact]
    public void The_same_verdict_put_twice_is_one()
    {
        MemoryVerdictStore store = Store(2);
        Verdict verdict = New("user@example.com", Deliverable);
        for (int i = 0; i < 5; i++)
            store.Put(verdict);
        Assert.Equal(1, store.Count);
        store.Put(New("a@example.com", Deliverable));
        store.Put(New("b@example.com", Deliverable));
        Assert.Equal((2, true), (store.Count, Find(store, "user@example.com") is null));
    }

    [Fact]
    public void A_store_of_one_keeps_one()
    {
        MemoryVerdictStore store = Store(1);
        store.Put(New("a@example.com", Undeliverable));
        store.Put(New("b@example.com", Undeliverable));
        Assert.Equal(1, store.Count);
        Assert.NotNull(Find(store, "b@example.com"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Store(0));
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        MemoryVerdictStore store = Store(10);
        store.Put(New("user@example.com", Deliverable));
        bool found = store.TryGet("user@example.com"u8, out _) && !store.TryGet("nobody@example.com"u8, out _);
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                found &= store.TryGet("user@example.com"u8, out _) && !store.TryGet("nobody@example.com"u8, out _);
        }));
        Assert.True(found);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> PutMany(MemoryVerdictStore store, int count)
    {
        List<WeakReference> replaced = new(count);
        for (int i = 0; i < count; i++)
        {
            Verdict verdict = New("busy@example.com", Deliverable);
            replaced.Add(new WeakReference(verdict));
            store.Put(verdict);
        }

        return replaced;
    }

    private static List<string> Kept(MemoryVerdictStore store) =>
    [
        .. ((string[])["Deliverable1", "Deliverable2", "Undeliverable1", "Undeliverable2", "Unknown1", "Unknown2"])
            .Where(name => Find(store, $"{name}@example.com") is not null),
    ];

    private static Verdict? Find(MemoryVerdictStore store, string address) =>
        store.TryGet(Encoding.UTF8.GetBytes(address), out Verdict? verdict) ? verdict : null;

    /// <summary>A store whose only route may have all that there is for refusals and unknowns.</summary>
    private MemoryVerdictStore Store(int maxEntries)
    {
        MemoryVerdictStore store = new(maxEntries, _time);
        store.Limit("example.com", maxEntries);
        return store;
    }

    private Verdict New(string address, VerdictStatus status, TimeSpan? life = null)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(Encoding.UTF8.GetBytes(address), status, now, now + (long)(life ?? TimeSpan.FromDays(31)).TotalMilliseconds, Reply);
    }
}

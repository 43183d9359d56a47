using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerdictStatus;

namespace RcptVerify.Tests.Caching;

/// <summary>What a route may have of the store for its refusals and unknowns.</summary>
public sealed class MemoryVerdictStoreShareTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_attack_on_one_route_pushes_out_nothing_of_another()
    {
        MemoryVerdictStore store = new(1000, _time);
        for (int i = 0; i < 250; i++)
            store.Put(New("other.example", i, i % 2 == 0 ? Unknown : Undeliverable));
        for (int i = 0; i < 10_000; i++)
            store.Put(New("attacked.example", i, i % 3 == 0 ? Unknown : Undeliverable));
        Assert.Equal((250, 250), (Kept(store, "other.example", 250).Count, Kept(store, "attacked.example", 10_000).Count));
        Assert.Equal(500, store.Count);
    }

    [Fact]
    public void A_route_at_its_share_gives_up_its_own_unknowns_and_then_its_oldest_refusals()
    {
        MemoryVerdictStore store = new(1000, _time);
        store.Limit("a.example", 3);
        store.Put(New("a.example", 0, Undeliverable));
        store.Put(New("a.example", 1, Unknown));
        store.Put(New("a.example", 2, Undeliverable));
        store.Put(New("a.example", 3, Undeliverable));
        Assert.Equal([0, 2, 3], Kept(store, "a.example", 10));
        store.Put(New("a.example", 4, Undeliverable));
        Assert.Equal([2, 3, 4], Kept(store, "a.example", 10));
    }

    [Fact]
    public void Known_goods_are_no_part_of_the_share()
    {
        MemoryVerdictStore store = new(1000, _time);
        store.Limit("a.example", 1);
        for (int i = 0; i < 10; i++)
            store.Put(New("a.example", i, Deliverable));
        store.Put(New("a.example", 10, Undeliverable));
        store.Put(New("a.example", 10, Deliverable)); // it turned out to exist: its place in the share is free again
        store.Put(New("a.example", 11, Undeliverable));
        Assert.Equal(12, Kept(store, "a.example", 20).Count);
    }

    [Fact]
    public void The_default_is_a_quarter_of_all_and_a_limit_can_be_taken_back()
    {
        MemoryVerdictStore store = new(100, _time);
        Assert.Equal((25, 1), (store.DefaultShare, new MemoryVerdictStore(1, _time).DefaultShare));
        store.Limit("a.example", 2);
        Fill(10);
        Assert.Equal(2, store.Count);
        store.Limit("a.example", 0);
        Fill(50);
        Assert.Equal(25, store.Count);
        store.Limit("a.example", 5);
        Fill(1);
        Assert.Equal(5, store.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Limit("a.example", -1));

        void Fill(int count)
        {
            for (int i = 0; i < count; i++)
                store.Put(New("a.example", 1000 + i, Undeliverable));
        }
    }

    [Fact]
    public void All_routes_together_still_have_half_of_the_places_and_the_oldest_goes_first()
    {
        MemoryVerdictStore store = new(100, _time);
        for (int i = 0; i < 20; i++)
        {
            foreach (string route in (string[])["a.example", "b.example", "c.example"])
                store.Put(New(route, i, Undeliverable));
        }

        Assert.Equal(50, store.Count);
        Assert.Equal([17, 17, 16], ((string[])["c.example", "b.example", "a.example"]).Select(route => Kept(store, route, 20).Count));
    }

    [Fact]
    public void Routes_that_are_no_longer_asked_about_keep_no_dead_verdicts()
    {
        MemoryVerdictStore store = new(4000, _time);
        List<WeakReference> first = Fill(store, "first.example");
        for (int round = 0; round < 3; round++)
            Fill(store, $"later{round}.example");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Empty(Kept(store, "first.example", 1000));
        Assert.InRange(first.Count(verdict => verdict.IsAlive), 0, 200);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private List<WeakReference> Fill(MemoryVerdictStore store, string route)
    {
        List<WeakReference> put = [];
        for (int i = 0; i < 1000; i++)
        {
            Verdict verdict = New(route, i, Undeliverable);
            put.Add(new WeakReference(verdict));
            store.Put(verdict);
        }

        return put;
    }

    private static List<int> Kept(MemoryVerdictStore store, string route, int most) =>
        [.. Enumerable.Range(0, most).Where(i => store.TryGet(Encoding.UTF8.GetBytes($"user{i}@{route}"), out _))];

    private Verdict New(string route, int number, VerdictStatus status)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        ProbeReply reply = new(550, "5.1.1", "said", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, route);
        return new(Encoding.UTF8.GetBytes($"user{number}@{route}"), status, now, now + 1_000_000, reply);
    }
}

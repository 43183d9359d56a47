using System.Text;
using RcptVerify.Caching;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Caching;

public sealed class MemoryVerdictStoreConcurrencyTests
{
    private const int Threads = 4;
    private static readonly ProbeReply Reply = new(250, "2.1.5", "OK", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
    private static readonly long Never = long.MaxValue;

    [Fact]
    public void Under_writes_from_all_sides_a_store_with_room_loses_nothing()
    {
        const int Addresses = 64;
        MemoryVerdictStore store = new(10_000, TimeProvider.System);
        Verdict[][] last = [.. Enumerable.Range(0, Threads).Select(_ => new Verdict[Addresses])];
        InParallel(thread =>
        {
            Random random = new(thread);
            for (int i = 0; i < 40_000; i++)
            {
                int n = i < Addresses ? i : random.Next(Addresses);
                last[thread][n] = New($"user{n}.{thread}@example.com", (VerdictStatus)random.Next(3));
                store.Put(last[thread][n]);
            }
        });
        Assert.Equal(Threads * Addresses, store.Count);
        foreach (Verdict verdict in last.SelectMany(verdicts => verdicts))
        {
            Assert.True(store.TryGet(verdict.Address, out Verdict? found));
            Assert.Same(verdict, found);
        }
    }

    [Fact]
    public void Under_writes_from_all_sides_a_full_store_stays_in_its_bounds_and_keeps_count()
    {
        const int Addresses = 2000;
        const int MaxEntries = 500;
        MemoryVerdictStore store = new(MaxEntries, TimeProvider.System);
        int most = 0;
        InParallel(thread =>
        {
            Random random = new(thread);
            for (int i = 0; i < 20_000; i++)
            {
                string address = $"user{random.Next(Addresses)}@example.com";
                store.Put(New(address, (VerdictStatus)random.Next(3)));
                InterlockedMax(ref most, store.Count);
                store.TryGet(Encoding.UTF8.GetBytes(address), out _);
            }
        });
        int found = Enumerable.Range(0, Addresses).Count(i => store.TryGet(Encoding.UTF8.GetBytes($"user{i}@example.com"), out _));
        Assert.Equal(found, store.Count);
        Assert.Equal(MaxEntries, found);
        // Each thread may be between its addition and the giving up that pays for it.
        Assert.InRange(most, MaxEntries, MaxEntries + Threads);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is int now && now != seen)
            seen = now;
    }

    private static void InParallel(Action<int> work)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
    }

    private static Verdict New(string address, VerdictStatus status) => new(Encoding.UTF8.GetBytes(address), status, 0, Never, Reply);
}

using System.Text;
using RcptVerify.Caching;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Caching;

public sealed class VerdictTableTests
{
    private static readonly ProbeReply Reply = new(250, "2.1.5", "OK", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");

    [Theory]
    [InlineData(1)] // grows by an eighth at a time: as full as it ever gets
    [InlineData(1_000_000)]
    public void It_holds_what_a_dictionary_holds_after_any_puts_and_removals(int usualMost)
    {
        const int Addresses = 5000;
        VerdictTable table = new(usualMost);
        Dictionary<string, Verdict> model = [];
        Random random = new(usualMost);
        for (int i = 0; i < 100_000; i++)
        {
            // Mostly puts at first, so that it grows; then as many of either, so that slots are used again.
            string address = $"user{random.Next(Addresses)}@example.com";
            model.TryGetValue(address, out Verdict? before);
            if (random.Next(i < 30_000 ? 10 : 2) > 0)
            {
                Verdict verdict = New(address);
                Assert.Same(before, table.Put(verdict));
                model[address] = verdict;
            }
            else
            {
                Assert.Same(before, table.Remove(Encoding.UTF8.GetBytes(address)));
                model.Remove(address);
            }
        }

        for (int i = 0; i < Addresses; i++)
        {
            string address = $"user{i}@example.com";
            Assert.Same(model.GetValueOrDefault(address), table.Find(Encoding.UTF8.GetBytes(address)));
        }

        Assert.Equal(model.Values.ToHashSet(), table.Enumerate().ToHashSet());
        Assert.Equal(model.Count, table.Enumerate().Count());
        foreach (Verdict verdict in model.Values)
            Assert.True(table.Remove(verdict));
        Assert.Empty(table.Enumerate());
    }

    [Fact]
    public void Addresses_with_the_same_hash_are_told_apart()
    {
        (string first, string second) = Colliding();
        VerdictTable table = new(10);
        Verdict one = New(first);
        table.Put(one);
        Assert.Null(table.Find(Encoding.UTF8.GetBytes(second)));
        Assert.Null(table.Remove(Encoding.UTF8.GetBytes(second)));
        Verdict other = New(second);
        Assert.Null(table.Put(other));
        Assert.Same(one, table.Find(one.Address));
        Assert.Same(other, table.Find(other.Address));
        Assert.True(table.Remove(one));
        Assert.Null(table.Find(one.Address));
        Assert.Same(other, table.Find(other.Address));
    }

    [Fact]
    public void Only_the_very_verdict_is_held_and_taken_out()
    {
        VerdictTable table = new(10);
        Verdict old = New("user@example.com");
        Verdict current = New("user@example.com");
        table.Put(old);
        Assert.Same(old, table.Put(current));
        Assert.Equal((false, true), (table.Holds(old), table.Holds(current)));
        Assert.False(table.Remove(old));
        Assert.Same(current, table.Find("user@example.com"u8));
        Assert.Same(current, table.Put(current));
        Assert.True(table.Remove(current));
        Assert.False(table.Remove(current));
        Assert.Null(table.Find("user@example.com"u8));
    }

    [Fact]
    public void A_walk_begun_before_the_table_grew_shows_nothing_that_was_replaced_or_removed_since()
    {
        VerdictTable table = new(100_000);
        List<Verdict> first = [.. Enumerable.Range(0, 200).Select(i => New($"first{i}@example.com"))];
        first.ForEach(verdict => table.Put(verdict));
        using IEnumerator<Verdict> walk = table.Enumerate().GetEnumerator();
        Assert.True(walk.MoveNext());
        HashSet<Verdict> met = [walk.Current];
        for (int i = 0; i < 10_000; i++)
            table.Put(New($"later{i}@example.com"));
        foreach (Verdict verdict in first[..100])
            table.Remove(verdict);
        foreach (Verdict verdict in first[100..150])
            table.Put(New(Encoding.UTF8.GetString(verdict.Address)));
        HashSet<Verdict> after = [];
        while (walk.MoveNext())
            after.Add(walk.Current);
        Assert.All(after, verdict => Assert.True(table.Holds(verdict)));
        Assert.Subset(after.Union(met).ToHashSet(), first[150..].ToHashSet());
    }

    [Fact]
    public void Announcing_changes_no_answer_whatever_was_announced()
    {
        VerdictTable table = new(100);
        uint early = table.Announce("user1@example.com"u8);
        table.Approach(early);
        for (int i = 0; i < 1000; i++)
            table.Put(New($"user{i}@example.com"));
        foreach (uint announced in (uint[])[early, 0, uint.MaxValue, table.Announce("nobody@example.com"u8), table.Announce(default)])
            table.Approach(announced);
        Assert.Equal("user1@example.com", Encoding.UTF8.GetString(table.Find("user1@example.com"u8)!.Address));
        Assert.Null(table.Find("nobody@example.com"u8));
    }

    [Fact]
    public void It_counts_as_large_when_it_is_and_not_before()
    {
        VerdictTable table = new(100_000);
        for (int i = 0; i < 30_000; i++)
            table.Put(New($"user{i}@example.com"));
        Assert.False(table.IsLarge);
        for (int i = 0; i < 70_000; i++)
            table.Put(New($"other{i}@example.com"));
        Assert.True(table.IsLarge);
    }

    private static (string First, string Second) Colliding()
    {
        // Seeded per process, 32 bits: of 300 000 addresses ten pairs collide on average.
        Dictionary<int, string> seen = [];
        for (int i = 0; ; i++)
        {
            string address = $"user{i}@example.com";
            int hash = Utf8KeyComparer.Instance.GetHashCode(Encoding.UTF8.GetBytes(address));
            if (!seen.TryAdd(hash, address))
                return (seen[hash], address);
        }
    }

    private static Verdict New(string address) => new(Encoding.UTF8.GetBytes(address), VerdictStatus.Deliverable, 0, long.MaxValue, Reply);
}

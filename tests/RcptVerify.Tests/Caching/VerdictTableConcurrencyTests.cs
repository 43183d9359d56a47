using System.Text;
using RcptVerify.Caching;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Caching;

/// <summary>Readers take no lock: what they may see while others write.</summary>
public sealed class VerdictTableConcurrencyTests
{
    private const int Kept = 200, Coming = 20_000, Readers = 2, Writers = 2, Rounds = 60_000;
    private static readonly ProbeReply Reply = new(250, "2.1.5", "OK", "ex1.corp.example:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
    private static readonly byte[][] KeptAddresses = [.. Enumerable.Range(0, Kept).Select(i => Encoding.UTF8.GetBytes($"kept{i}@example.com"))];
    private static readonly byte[][] ComingAddresses = [.. Enumerable.Range(0, Coming).Select(i => Encoding.UTF8.GetBytes($"coming{i}@example.com"))];

    [Fact]
    public void What_is_there_all_the_while_is_found_and_never_another_address_while_the_table_grows_and_slots_change_hands()
    {
        VerdictTable table = new(1); // grows often
        foreach (byte[] address in KeptAddresses)
            table.Put(New(address));
        int writing = Writers;
        List<Action> work = [.. Enumerable.Repeat(Read, Readers), .. Enumerable.Range(0, Writers).Select(seed => (Action)(() => Write(seed)))];
        Exception? failure = null;
        Thread[] threads = [.. work.Select(part => new Thread(() =>
        {
            try
            {
                part();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
        foreach (byte[] address in KeptAddresses)
            Assert.Equal(address, table.Find(address)!.Address);
        Assert.Equal(table.Enumerate().Count(), table.Enumerate().Distinct().Count());

        void Read()
        {
            for (int i = 0; Volatile.Read(ref writing) > 0; i++)
            {
                byte[] kept = KeptAddresses[i % Kept];
                Assert.True(table.Find(kept) is { } known && known.Address.AsSpan().SequenceEqual(kept), "a verdict that was there all the while was not found");
                byte[] coming = ComingAddresses[i * 7919L % Coming];
                table.Approach(table.Announce(coming));
                Assert.True(table.Find(coming) is not { } other || other.Address.AsSpan().SequenceEqual(coming), "another address's verdict");
            }
        }

        void Write(int seed)
        {
            try
            {
                Random random = new(seed);
                for (int i = 0; i < Rounds; i++)
                {
                    table.Put(New(KeptAddresses[random.Next(Kept)])); // in place of the one that is there
                    byte[] address = ComingAddresses[random.Next(Math.Min(Coming, i + 1))];
                    if (random.Next(3) > 0)
                        table.Put(New(address));
                    else
                        table.Remove(address);
                }
            }
            finally
            {
                Interlocked.Decrement(ref writing);
            }
        }
    }

    private static Verdict New(byte[] address) => new(address, VerdictStatus.Deliverable, 0, long.MaxValue, Reply);
}

using RcptVerify.Caching;
using RcptVerify.TestKit.Processes;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Two nodes do with a Redis all that nodes do: look-ups, comparisons, locks, removals, purges.</summary>
internal static class AllThatNodesDo
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task WorksAsync(RedisServerSettings connection)
    {
        CountingBackend backend = new();
        await using RedisNode one = await RedisNode.StartAsync(connection, backend);
        await using RedisNode two = await RedisNode.StartAsync(connection, backend);
        string[] recipients = [.. Enumerable.Range(0, 60).Select(i => $"{(i % 3 == 0 ? "no" : "user")}{i}@example.com")];
        await Task.WhenAll(Enumerable.Range(0, 10).Select(caller => Task.Run(async () =>
        {
            foreach (string recipient in recipients)
            {
                Assert.Equal(
                    recipient.StartsWith("no", StringComparison.Ordinal) ? VerificationOutcome.Undeliverable : VerificationOutcome.Deliverable,
                    await (caller % 2 == 0 ? one : two).AskAsync(recipient));
            }
        })));
        Assert.Equal(60, backend.Probes.Count);

        await using RedisNode fresh = await RedisNode.StartAsync(connection, backend);
        foreach (string recipient in recipients)
            await fresh.AskAsync(recipient);
        Assert.Equal(60, backend.Probes.Count);

        Verdict known = one.Remembered("user1@example.com")!;
        one.Redis.Put(new Verdict(known.Address, VerdictStatus.Undeliverable, known.Updated - 1000, known.GoneAt, known.Reply with { Code = 550 }));
        await one.Redis.RemoveAsync("user2@example.com"u8.ToArray());
        await two.UntilAsync("user2@example.com", verdict => verdict is null);
        Assert.Null((await fresh.Redis.FindAsync("user2@example.com"u8.ToArray())).Verdict);
        await Eventually.HoldsAsync(
            async () => (await fresh.Redis.FindAsync(known.Address)).Verdict is { Status: VerdictStatus.Deliverable }, "the newer one stays", Patience);
        await one.Redis.PurgeAsync(PurgeScope.All);
        await two.UntilAsync("user4@example.com", verdict => verdict is null);
        Assert.Null((await two.Redis.FindAsync("user4@example.com"u8.ToArray())).Verdict);
        Assert.DoesNotContain(one.Log.Warnings, line => line.Contains("error", StringComparison.Ordinal) || line.Contains("permit", StringComparison.Ordinal));
    }
}

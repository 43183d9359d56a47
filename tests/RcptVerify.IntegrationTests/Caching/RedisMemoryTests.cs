using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>What an address costs in a real Redis, against the figures of <c>config/redis.md</c>.</summary>
[Collection(Alone.Name)]
public sealed partial class RedisMemoryTests
{
    private const int Count = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("known good")]
    [InlineData("refusal")]
    [InlineData("tombstone")]
    public async Task An_address_takes_as_many_bytes_as_documented(string kind)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisNode node = await RedisNode.StartAsync(redis.ConnectionString, new CountingBackend());
        long before = await UsedAsync();
        ProbeReply reply = kind == "refusal"
            ? new(550, "5.1.1", "<name>: Recipient address rejected: User unknown in virtual mailbox table", "ex1.corp.example:2525", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com")
            : new(250, "2.1.5", "Recipient OK", "ex1.corp.example:2525", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
        for (int i = 0; i < Count; i++)
        {
            byte[] address = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"first.last{i:D6}@example.com"));
            if (kind == "tombstone")
                await node.Redis.RemoveAsync(address);
            else
                node.Redis.Put(new Verdict(address, reply.Code == 250 ? VerdictStatus.Deliverable : VerdictStatus.Undeliverable, node.Now, node.Now + 86_400_000, reply));
            if (i % 1000 == 999)
                await Eventually.HoldsAsync(async () => await SizeAsync() > i, "all written", Patience);
        }

        double bytes = (await UsedAsync() - before) / (double)Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {bytes:F0} bytes an address");
        int documented = int.Parse(Figure().Matches(RepositoryFile.Read("config/redis.md")).Single(match => match.Groups[1].Value == kind).Groups[2].Value, CultureInfo.InvariantCulture);
        Assert.True(Math.Abs(bytes - documented) <= documented * 0.03, $"{kind}: {bytes:F0} bytes an address, documented are {documented}");

        async Task<int> SizeAsync() => int.Parse(await redis.CliAsync("dbsize"), CultureInfo.InvariantCulture);

        async Task<long> UsedAsync() => long.Parse(
            (await redis.CliAsync("info", "memory")).Split('\n').First(line => line.StartsWith("used_memory:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\| (known good|refusal|tombstone)[^|]*\| ([0-9]+) bytes \|", RegexOptions.Multiline)]
    private static partial Regex Figure();
}

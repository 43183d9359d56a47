using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Counts the whole process's memory: runs alone.</summary>
[CollectionDefinition(nameof(PolicyMemoryTests), DisableParallelization = true)]
[Collection(nameof(PolicyMemoryTests))]
public sealed class PolicyMemoryTests
{
    private const int Requests = 20_000;

    [Fact]
    public async Task A_warm_request_allocates_nothing_even_where_it_is_refused_and_logged()
    {
        using PostfixLoggerProvider provider = new(new LogWriter(Stream.Null, new LinePrefix(TimeProvider.System, "mx1", 1, journal: false)));
        using ILoggerFactory logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Information).AddProvider(provider));
        using RecipientVerifier verifier = WarmVerifier.Create();
        PolicyConnectionHandler handler = new(verifier, new PolicyDoorSettings(), TimeProvider.System, logs.CreateLogger<PolicyConnectionHandler>());
        InMemoryConnection connection = new();
        Task served = connection.RunAsync(handler);
        byte[][] requests = [.. Enumerable.Range(0, WarmVerifier.Addresses).Select(i => Encoding.UTF8.GetBytes(PolicySample.Request(WarmVerifier.Address(i))))];

        // The least of a few rounds: the test runner's own threads allocate too, now and then.
        double least = double.MaxValue;
        for (int round = 0; round < 8 && least >= 1; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long answered = 0;
            for (int i = 0; i < Requests; i++)
            {
                await connection.SendAsync(requests[i % WarmVerifier.Addresses]);
                answered += connection.DiscardAvailable();
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests);
            Assert.Equal((PolicySample.Refusal.Length + (9 * PolicySample.Dunno.Length)) * (Requests / 10), answered);
        }

        Assert.InRange(least, 0, 0.999);
        Assert.False(served.IsCompleted);
    }

    [Fact]
    public async Task A_large_request_leaves_no_large_buffer_behind()
    {
        using RecipientVerifier verifier = WarmVerifier.Create();
        PolicyConnectionHandler handler = new(verifier, new PolicyDoorSettings(), TimeProvider.System, NullLogger<PolicyConnectionHandler>.Instance);
        byte[] large = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 60).Select(i => $"filler{i}={new string('x', 1000)}\n")) + PolicySample.Request(WarmVerifier.Address(1)));
        List<InMemoryConnection> connections = [.. Enumerable.Range(0, 100).Select(_ => new InMemoryConnection())];
        Task[] served = [.. connections.Select(c => c.RunAsync(handler))];
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (InMemoryConnection connection in connections)
        {
            await connection.SendAsync(large);
            Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(held / connections.Count, long.MinValue, 32 * 1024);
        Assert.DoesNotContain(served, s => s.IsCompleted);
    }
}

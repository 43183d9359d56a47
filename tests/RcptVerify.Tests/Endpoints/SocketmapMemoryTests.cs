using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Counts the whole process's memory: runs alone.</summary>
[CollectionDefinition(nameof(SocketmapMemoryTests), DisableParallelization = true)]
[Collection(nameof(SocketmapMemoryTests))]
public sealed class SocketmapMemoryTests
{
    private const int Requests = 20_000;

    [Fact]
    public async Task A_warm_look_up_allocates_nothing_even_where_it_is_refused_and_logged()
    {
        using PostfixLoggerProvider provider = new(new LogWriter(Stream.Null, new LinePrefix(TimeProvider.System, "mx1", 1, journal: false)));
        using ILoggerFactory logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Information).AddProvider(provider));
        using RecipientVerifier verifier = WarmVerifier.Create();
        SocketmapConnectionHandler handler = new(verifier, new SocketmapDoorSettings(), TimeProvider.System, logs.CreateLogger<SocketmapConnectionHandler>());
        InMemoryConnection connection = new();
        Task served = connection.RunAsync(handler);
        byte[][] requests = [.. Enumerable.Range(0, WarmVerifier.Addresses).Select(i => Encoding.UTF8.GetBytes(SocketmapSample.Request(WarmVerifier.Address(i))))];
        long expected = Enumerable.Range(0, WarmVerifier.Addresses).Sum(
            i => i % 10 == 0 ? SocketmapSample.NotFound.Length : SocketmapSample.Ok(WarmVerifier.Address(i)).Length);

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
            Assert.Equal(expected * (Requests / WarmVerifier.Addresses), answered);
        }

        Assert.InRange(least, 0, 0.999);
        Assert.False(served.IsCompleted);
    }
}

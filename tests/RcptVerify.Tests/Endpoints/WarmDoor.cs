using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>A door with <see cref="WarmVerifier"/> behind it and the daemon's own log, which goes nowhere.</summary>
internal static class WarmDoor
{
    private const int Requests = 20_000;

    /// <summary>Counts the whole process's memory: for tests that run alone.</summary>
    /// <param name="words">The door's protocol.</param>
    /// <param name="door">Makes it.</param>
    public static async Task AssertAllocatesNothingAsync<THandler>(RequestWords words, Func<IRecipientVerifier, ILogger<THandler>, THandler> door)
        where THandler : DoorConnectionHandler
    {
        using PostfixLoggerProvider provider = new(new LogWriter(Stream.Null, new LinePrefix(TimeProvider.System, "mx1", 1, journal: false)));
        using ILoggerFactory logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Information).AddProvider(provider));
        using RecipientVerifier verifier = WarmVerifier.Create();
        InMemoryConnection connection = new();
        Task served = connection.RunAsync(door(verifier, logs.CreateLogger<THandler>()));
        string[] addresses = [.. Enumerable.Range(0, WarmVerifier.Addresses).Select(WarmVerifier.Address)];
        byte[][] requests = [.. addresses.Select(address => Encoding.UTF8.GetBytes(words.Ask(address)))];
        long expected = addresses.Select((address, i) => WarmVerifier.IsKnown(i) ? words.Yes(address) : words.No).Sum(answer => answer.Length);

        double least = await AllocatedBytes.LeastOfProcessAsync(Requests, async () =>
        {
            long answered = 0;
            for (int i = 0; i < Requests; i++)
            {
                await connection.SendAsync(requests[i % requests.Length]);
                answered += connection.DiscardAvailable();
            }

            Assert.Equal(expected * (Requests / requests.Length), answered);
        });

        Assert.InRange(least, 0, 0.999);
        Assert.False(served.IsCompleted);
    }
}

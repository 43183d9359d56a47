using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>A door with connections in memory, all of it inline: no test here waits for a clock or a thread.</summary>
public abstract class DoorTest<THandler>
    where THandler : DoorConnectionHandler
{
    internal FakeVerifier Verifier { get; init; } = new();

    internal RecordingLogger<THandler> Log { get; } = new();

    internal FakeTimeProvider Time { get; } = new();

    internal THandler Handler => field ??= Create();

    private protected abstract THandler Create();

    internal (InMemoryConnection Connection, Task Served) Connect(long writeLimit = 64 * 1024)
    {
        InMemoryConnection connection = new(writeLimit: writeLimit);
        return (connection, connection.RunAsync(Handler));
    }

    internal IReadOnlyList<string> LinesAt(LogLevel level) => [.. Log.Lines.Where(l => l.Level == level).Select(l => l.Text)];

    /// <summary>The handler has closed the connection.</summary>
    internal static async Task AssertClosedAsync(Task served)
    {
        Assert.True(served.IsCompleted, "the connection is still open");
        await served;
    }

    internal static void AssertOpen(Task served) => Assert.False(served.IsCompleted, "the connection was closed");
}

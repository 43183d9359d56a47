using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>A socketmap door with one connection in memory, all of it inline: no test here waits for a clock or a thread.</summary>
public abstract class SocketmapDoorTest
{
    internal const string NotFound = "9:NOTFOUND ,";
    internal const string Temp = "77:TEMP 4.3.0 Recipient cannot be verified at the moment, please try again later,";

    internal FakeVerifier Verifier { get; init; } = new();

    internal RecordingLogger<SocketmapConnectionHandler> Log { get; } = new();

    internal FakeTimeProvider Time { get; } = new();

    internal SocketmapDoorSettings Settings { get; } = new();

    internal SocketmapConnectionHandler Handler => field ??= new(Verifier, Settings, Time, Log);

    internal static string Request(string key, string map = "recipients") => Netstring($"{map} {key}");

    internal static string Ok(string value) => Netstring($"OK {value}");

    internal (InMemoryConnection Connection, Task Served) Connect(long writeLimit = 64 * 1024)
    {
        InMemoryConnection connection = new(writeLimit: writeLimit);
        return (connection, connection.RunAsync(Handler));
    }

    internal async Task<string> AskAsync(string key, string map = "recipients")
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Request(key, map));
        return connection.ReadAvailable();
    }

    internal IReadOnlyList<string> LinesAt(LogLevel level) => [.. Log.Lines.Where(l => l.Level == level).Select(l => l.Text)];

    internal static async Task AssertClosedAsync(Task served)
    {
        Assert.True(served.IsCompleted, "the connection is still open");
        await served;
    }

    internal static void AssertOpen(Task served) => Assert.False(served.IsCompleted, "the connection was closed");

    private static string Netstring(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text)}:{text},");
}

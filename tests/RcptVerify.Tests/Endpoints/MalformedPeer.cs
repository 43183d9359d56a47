using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Wire;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Bytes that no well-meaning peer sends, to a door that is made anew for each of them.</summary>
internal static class MalformedPeer
{
    /// <summary>
    /// Sends good bytes, then bad ones. The door must close the connection without an answer to the bad ones and write one line, which
    /// names the fault.
    /// </summary>
    /// <param name="door">Makes the door.</param>
    /// <param name="good">What is taken, and perhaps answered, first.</param>
    /// <param name="bad">What is not, as it arrives.</param>
    /// <param name="leaves">Whether the peer sends no more then.</param>
    /// <param name="fault">The fault in the line, or the name of the <see cref="WireProtocol"/> that the peer seems to speak.</param>
    /// <returns>The bytes that it cost to take the bad ones: allocated beyond what a connection costs that sends the good ones and leaves.</returns>
    public static long Send<TDoor>(Func<ILogger<TDoor>, TDoor> door, byte[] good, byte[][] bad, bool leaves, string fault)
        where TDoor : ConnectionHandler
    {
        // Judged when all is measured: assertions allocate too.
        RecordingLogger<TDoor>? log = null;
        InMemoryConnection? connection = null;
        Task? served = null;
        bool goodTaken = false;
        bool closed = false;
        long answered = 0;
        long all = AllocatedBytes.Least(() =>
        {
            connection = Open(door(log = new()), good, out served);
            goodTaken = !served.IsCompleted;
            connection.DiscardAvailable();
            foreach (byte[] portion in bad)
                Now(connection.SendAsync(portion));
            if (leaves)
                Now(connection.EndInputAsync());
            closed = served.IsCompletedSuccessfully;
            answered = connection.DiscardAvailable();
            Now(connection.EndInputAsync()); // gives the pipe's memory back to its pool
        });
        Assert.True(goodTaken, "the good bytes closed the connection");
        Assert.True(closed, "the connection is still open");
        Assert.Equal(0, answered);
        (LogLevel level, int id, string text) = Assert.Single(log!.Lines);
        bool isWrongDoor = Enum.TryParse(fault, out WireProtocol protocol);
        string doorName = typeof(TDoor).Name.Replace("ConnectionHandler", "", StringComparison.Ordinal).ToLowerInvariant();
        Assert.Equal((LogLevel.Warning, isWrongDoor ? EventIds.WrongDoor : EventIds.MalformedRequest), (level, id));
        Assert.Equal(isWrongDoor ? FaultText.WrongDoor(doorName, protocol) : FaultText.Malformed(fault), text);

        long wellMeaning = AllocatedBytes.Least(() =>
        {
            connection = Open(door(log = new()), good, out served);
            connection.DiscardAvailable();
            Now(connection.EndInputAsync());
        });
        Assert.True(served!.IsCompletedSuccessfully);
        Assert.Empty(log.Lines);
        return Math.Max(0, all - wellMeaning);
    }

    private static InMemoryConnection Open(ConnectionHandler door, byte[] good, out Task served)
    {
        InMemoryConnection connection = new();
        served = connection.RunAsync(door);
        if (good.Length > 0)
            Now(connection.SendAsync(good));
        return connection;
    }

    private static void Now(ValueTask<System.IO.Pipelines.FlushResult> sent) => Require(sent.IsCompletedSuccessfully);

    private static void Now(ValueTask ended) => Require(ended.IsCompletedSuccessfully);

    private static void Require(bool done)
    {
        if (!done)
            Assert.Fail("the connection does not take what is sent");
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Simulation;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.Tests.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>The whole daemon over real sockets, with its default log: what a warm request allocates, counted process-wide.</summary>
[Collection(Alone.Name)]
public sealed class SocketAllocationTests
{
    private const int Connections = 8;
    private const int Requests = 20_000;

    [Theory]
    [InlineData("policy")]
    [InlineData("milter")]
    [InlineData("socketmap")]
    public async Task A_warm_request_over_real_sockets_allocates_less_than_one_byte(string door)
    {
        await using ExchangeSimulator exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Known = ["user*@example.com"] }, CancellationToken.None);
        string route = $"example.com={exchange.EndPoint}";
        ConfigurationResult configuration = ConfigurationLoader.Load(
            null,
            new Dictionary<string, string>
            {
                ["RCPTVERIFY__POLICY__LISTEN"] = door == "policy" ? "inet:127.0.0.1:0" : "",
                [$"RCPTVERIFY__{door.ToUpperInvariant()}__LISTEN"] = "inet:127.0.0.1:0",
                ["RCPTVERIFY__CACHE__STORE"] = "memory",
                ["RCPTVERIFY__ADMIN__LISTEN"] = "",
                ["RCPTVERIFY__ADMIN__SOCKET"] = "",
            },
            [route]);
        await using RcptVerifyHost host = RcptVerifyHost.Build(configuration.Options!, new ConfigurationSource(null, [route]), logging =>
        {
            logging.AddProvider(new PostfixLoggerProvider(new LogWriter(
                Stream.Null, new LinePrefix(TimeProvider.System, "test", Environment.ProcessId, journal: false))));
            logging.SetMinimumLevel(LogLevel.Information);
        });
        await host.StartAsync(CancellationToken.None);
        Socket[] sockets = [.. Enumerable.Range(0, Connections).Select(_ => Connect(host, door))];
        byte[][] requests = [.. Enumerable.Range(0, 100).Select(i => Request(door, i % 10 == 0 ? $"nobody{i}@example.com" : $"user{i}@example.com"))];
        byte[] answer = new byte[512];
        Ask(door, sockets, requests, answer, 4_000);
        long asked = exchange.Counters.Rcpt;

        double least = await AllocatedBytes.LeastOfProcessAsync(Requests, () =>
        {
            Ask(door, sockets, requests, answer, Requests);
            return Task.CompletedTask;
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{least:0.000} bytes a request at the {door} door");
        Assert.InRange(least, 0, 0.999);
        Assert.Equal(asked, exchange.Counters.Rcpt);
        foreach (Socket socket in sockets)
            socket.Dispose();
    }

    private static Socket Connect(RcptVerifyHost host, string door)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPEndPoint.Parse(host.EndpointsOf(door)[0]["inet:".Length..]));
        if (door == "milter")
        {
            byte[] answer = new byte[17];
            socket.Send(MilterBytes.Join(MilterBytes.PostfixOffer, MilterBytes.Macros('C', "j", "mx1"), MilterBytes.Connect(), MilterBytes.Macros('H')));
            for (int length = 0; length < answer.Length;)
                length += socket.Receive(answer.AsSpan(length), SocketFlags.None);
        }

        return socket;
    }

    private static byte[] Request(string door, string recipient) => door switch
    {
        // The end of the message before, and a message to one recipient: Postfix flushes where it waits for an answer.
        "milter" => MilterBytes.Join(MilterBytes.Frame('A'), MilterDoorTest.Mail(), MilterDoorTest.Rcpt(recipient)),
        "socketmap" => Encoding.UTF8.GetBytes($"{"recipients ".Length + recipient.Length}:recipients {recipient},"),
        _ => Encoding.UTF8.GetBytes(
            "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.1\nclient_name=mail.sender.test\n"
            + $"helo_name=mail.sender.test\nsender=someone@sender.test\nrecipient={recipient}\nrecipient_count=0\nqueue_id=\ninstance=1.2.3\n\n"),
    };

    private static bool IsWhole(string door, ReadOnlySpan<byte> answer) => door switch
    {
        "milter" => answer.Length > 4 && answer.Length == 4 + BinaryPrimitives.ReadInt32BigEndian(answer),
        "socketmap" => answer.EndsWith(","u8),
        _ => answer.EndsWith("\n\n"u8),
    };

    /// <summary>One request on each connection in turn, in a closed loop; nothing of it allocates.</summary>
    private static void Ask(string door, Socket[] sockets, byte[][] requests, byte[] answer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = sockets[i % sockets.Length];
            socket.Send(requests[i % requests.Length]);
            int length = 0;
            while (!IsWhole(door, answer.AsSpan(0, length)))
                length += socket.Receive(answer.AsSpan(length), SocketFlags.None);
        }
    }
}

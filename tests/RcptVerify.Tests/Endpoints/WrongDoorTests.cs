using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Wire;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Whoever comes to the wrong door does not wait for an answer, and the log says where he belongs.</summary>
public sealed class WrongDoorTests
{
    private static readonly string[] All = ["policy", "milter", "socketmap"];

    private static readonly (WireProtocol Protocol, byte[] Bytes)[] Peers =
    [
        (WireProtocol.Policy, Encoding.UTF8.GetBytes(PolicySample.Request("anna@example.com"))),
        (WireProtocol.Milter, MilterBytes.PostfixOffer),
        (WireProtocol.Socketmap, Encoding.UTF8.GetBytes(SocketmapSample.Request("anna@example.com"))),
        (WireProtocol.Socketmap, Encoding.UTF8.GetBytes(SocketmapSample.Request("anna=b@example.com") + SocketmapSample.Request("bert@example.com"))),
        (WireProtocol.Http, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()),
        (WireProtocol.Smtp, "EHLO client.example\r\n"u8.ToArray()),
        (WireProtocol.Tls, [22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
    ];

    public static TheoryData<string, int> Meetings { get; } =
        [.. All.SelectMany(door => Enumerable.Range(0, Peers.Length).Select(peer => new TheoryDataRow<string, int>(door, peer)))];

    [Theory]
    [MemberData(nameof(Meetings))]
    public async Task Each_protocol_is_named_at_each_door_that_is_not_its_own(string door, int peer)
    {
        (WireProtocol protocol, byte[] bytes) = Peers[peer];
        (IReadOnlyCollection<string> lines, bool closed, string answer) = await SendAsync(door, bytes);

        if (protocol.ToString().Equals(door, StringComparison.OrdinalIgnoreCase))
        {
            Assert.False(closed);
            Assert.NotEqual("", answer);
            Assert.Empty(lines);
            return;
        }

        Assert.True(closed, "the peer is left waiting");
        Assert.Equal("", answer);
        Assert.Equal(FaultText.WrongDoor(door, protocol), Assert.Single(lines));
    }

    [Fact]
    public async Task The_line_names_the_door_the_protocol_and_the_setting()
    {
        (IReadOnlyCollection<string> lines, _, _) = await SendAsync("milter", Peers[0].Bytes);
        Assert.Equal(
            "milter door inet:127.0.0.1:4710: what 127.0.0.1:4711 sent looks like a policy request; check_policy_service belongs to [policy] listen; "
                + "closing the connection without an answer",
            Assert.Single(lines));
    }

    [Theory]
    [InlineData("policy", 0)]
    [InlineData("milter", 1)]
    [InlineData("socketmap", 2)]
    public async Task A_slow_request_is_waited_for_however_little_of_it_has_come(string door, int peer)
    {
        byte[] bytes = Peers[peer].Bytes;
        for (int length = 1; length < bytes.Length; length++)
        {
            (IReadOnlyCollection<string> lines, bool closed, _) = await SendAsync(door, bytes[..length]);
            Assert.False(closed, $"closed after {length} bytes");
            Assert.Empty(lines);
        }
    }

    [Theory]
    [InlineData("27:recipients user@example.co")] // its end may still come, and be another one
    [InlineData("sender=a\nx1:a,")]
    [InlineData("27:recipients_user=example.com+")]
    public async Task A_policy_request_with_a_strange_name_is_waited_for(string bytes)
    {
        (IReadOnlyCollection<string> lines, bool closed, _) = await SendAsync("policy", Encoding.ASCII.GetBytes(bytes));
        Assert.False(closed);
        Assert.Empty(lines);
    }

    private static async Task<(IReadOnlyCollection<string> Lines, bool Closed, string Answer)> SendAsync(string door, byte[] bytes)
    {
        FakeTimeProvider time = new();
        RecordingLogger<PolicyConnectionHandler> policyLog = new();
        RecordingLogger<MilterConnectionHandler> milterLog = new();
        RecordingLogger<SocketmapConnectionHandler> socketmapLog = new();
        ConnectionHandler handler = door switch
        {
            "policy" => new PolicyConnectionHandler(new FakeVerifier(), new PolicyDoorSettings(), time, policyLog),
            "milter" => new MilterConnectionHandler(new FakeVerifier(), new MilterDoorSettings(), time, milterLog),
            _ => new SocketmapConnectionHandler(new FakeVerifier(), new SocketmapDoorSettings(), time, socketmapLog),
        };
        InMemoryConnection connection = new();
        Task served = connection.RunAsync(handler);
        await connection.SendAsync(bytes);
        string[] lines =
        [
            .. policyLog.Lines.Concat(milterLog.Lines).Concat(socketmapLog.Lines).Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text),
        ];
        return (lines, served.IsCompleted, connection.ReadAvailable());
    }
}

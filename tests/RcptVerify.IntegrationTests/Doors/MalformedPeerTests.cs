using System.Net;
using System.Net.Sockets;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>Nonsense sent to the running daemon's sockets: the connection is closed, one line tells of it, others are served.</summary>
public sealed class MalformedPeerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Offer = Convert.FromHexString("0000000D4F00000006000001FF001FFFFF");
    private readonly TempFolder _folder = new();
    private readonly IPEndPoint _milter = new(IPAddress.Loopback, FreePort.Next());
    private readonly IPEndPoint _socketmap = new(IPAddress.Loopback, FreePort.Next());
    private DaemonProcess _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonProcess.ServeAsync(
        _folder.Write("rcptverify.toml", $"""
            [policy]
            listen = []
            [milter]
            listen = ["inet:{_milter}"]
            [socketmap]
            listen = ["inet:{_socketmap}"]
            [admin]
            listen = ""
            socket = ""
            [cache]
            store = "memory"
            [[route]]
            domains = ["lab.test"]
            servers = ["127.0.0.1:{FreePort.Next()}"]
            """),
        _milter, _socketmap);

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_milter_connection_ends_at_nonsense()
    {
        await SendAsync(_milter, "00000000", "MilterEmptyFrame");
        await SendAsync(_milter, "FFFFFFFF", "MilterFrameTooLong");
        await SendAsync(_milter, "0002000152" + new string('0', 300_000), "MilterFrameTooLong"); // 150 KB, which nobody reads
        await SendAsync(_milter, "474554202F20485454502F312E310D0A", "MilterFrameTooLong");
        await SendAsync(_milter, "000000054F00000006", "MilterBadNegotiation");
        await SendAsync(_milter, "000000017A", "MilterUnknownCommand");

        using Socket good = await ConnectAsync(_milter);
        await good.SendAsync(Offer, TestContext.Current.CancellationToken);
        byte[] answer = new byte[100];
        Assert.Equal(17, await good.ReceiveAsync(answer, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_socketmap_connection_ends_at_nonsense()
    {
        await SendAsync(_socketmap, Hex("0:,"), "SocketmapNoKey");
        await SendAsync(_socketmap, Hex("99999999999:"), "NetstringTooLong");
        await SendAsync(_socketmap, Hex("4353:") + new string('0', 300_000), "NetstringTooLong");
        await SendAsync(_socketmap, Hex("027:recipients user@example.com,"), "NetstringBadLength");
        await SendAsync(_socketmap, Hex("27:recipients user@example.com;"), "NetstringNoComma");
        await SendAsync(_socketmap, Hex("get user@example.com\n"), "NetstringBadLength");

        using Socket good = await ConnectAsync(_socketmap);
        await good.SendAsync("27:recipients user@example.com,"u8.ToArray(), TestContext.Current.CancellationToken);
        byte[] answer = new byte[100];
        Assert.NotEqual(0, await good.ReceiveAsync(answer, TestContext.Current.CancellationToken));
    }

    private static string Hex(string text) => Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text));

    private async Task SendAsync(IPEndPoint door, string hex, string fault)
    {
        using Socket socket = await ConnectAsync(door);
        string line = $"malformed request from {socket.LocalEndPoint}: {fault}; closing the connection without an answer";
        int received = -1;
        try
        {
            await socket.SendAsync(Convert.FromHexString(hex), TestContext.Current.CancellationToken);
            received = await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            received = 0; // closed over bytes that were not read
        }

        Assert.Equal(0, received);
        await _daemon.Output.WaitForAsync(System.Text.RegularExpressions.Regex.Escape(line), Patience);
        Assert.Equal(2, _daemon.Output.Text.Split($" from {socket.LocalEndPoint}:").Length); // one line
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint door)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(door, TestContext.Current.CancellationToken);
        return socket;
    }
}

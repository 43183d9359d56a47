using System.Net;
using System.Net.Sockets;
using RcptVerify.TestKit.Processes;
using RcptVerify.Wire;
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
    private readonly IPEndPoint _policy = new(IPAddress.Loopback, FreePort.Next());
    private readonly IPEndPoint _admin = new(IPAddress.Loopback, FreePort.Next());
    private DaemonProcess _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await DaemonProcess.ServeAsync(
        _folder.Write("rcptverify.toml", $"""
            [policy]
            listen = ["inet:{_policy}"]
            [milter]
            listen = ["inet:{_milter}"]
            [socketmap]
            listen = ["inet:{_socketmap}"]
            [admin]
            listen = "inet:{_admin}"
            socket = ""
            [cache]
            store = "memory"
            [[route]]
            domains = ["lab.test"]
            servers = ["127.0.0.1:{FreePort.Next()}"]
            """),
        _milter, _socketmap, _policy, _admin);

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

    [Fact]
    public async Task Who_comes_to_the_wrong_door_is_told_so_by_the_log_and_does_not_wait()
    {
        await SendToWrongDoorAsync(_policy, "27:recipients user@example.com,", "policy", "a socketmap request (a netstring); a socketmap: table belongs to [socketmap] listen");
        await SendToWrongDoorAsync(_milter, "GET / HTTP/1.1\r\n\r\n", "milter", "HTTP; HTTP belongs to [admin] listen");
        await SendToWrongDoorAsync(_socketmap, "request=smtpd_access_policy\n", "socketmap", "a policy request; check_policy_service belongs to [policy] listen");
        await SendToWrongDoorAsync(_admin, "request=smtpd_access_policy\nrecipient=user@example.com\n\n", "admin", "a policy request; check_policy_service belongs to [policy] listen");

        using HttpClient http = new();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri($"http://{_admin}/healthz"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(_daemon.Output.Text, "warning: admin door "));
    }

    private async Task SendToWrongDoorAsync(IPEndPoint door, string text, string name, string advice)
    {
        using Socket socket = await ConnectAsync(door);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        while (await socket.ReceiveAsync(new byte[1000], TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken) > 0)
        {
            // HTTP says 400 before it closes
        }

        string line = $"warning: {name} door inet:{door}: what {socket.LocalEndPoint} sent looks like {advice}; ";
        await _daemon.Output.WaitForAsync(System.Text.RegularExpressions.Regex.Escape(line), Patience);
    }

    private static string Hex(string text) => Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text));

    private async Task SendAsync(IPEndPoint door, string hex, string fault)
    {
        using Socket socket = await ConnectAsync(door);
        string line = $"malformed request from {socket.LocalEndPoint}: {WireErrors.Describe(Enum.Parse<WireError>(fault))} ({fault}); closing the connection without an answer";
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

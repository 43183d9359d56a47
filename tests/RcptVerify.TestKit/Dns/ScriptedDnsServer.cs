using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Dns;

/// <summary>
/// A DNS server on loopback, UDP and TCP on the same port, that says what a test tells it to. It writes its messages by RFC 1035
/// itself, so that a fault of the product's DNS library cannot hide. Names it does not know do not exist (NXDOMAIN).
/// </summary>
public sealed class ScriptedDnsServer : IAsyncDisposable
{
    private const ushort A = 1;
    private const ushort Mx = 15;
    private const ushort Aaaa = 28;

    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<string, Zone> _zones = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<string> _queries = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    /// <summary>Starts it on a free port of 127.0.0.1.</summary>
    public ScriptedDnsServer()
    {
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        _udp.Bind(Endpoint);
        _tcp.Bind(Endpoint);
        _tcp.Listen();
        _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Over UDP it sends empty answers marked as truncated: the client has to come again over TCP.</summary>
    public bool Truncates { get; set; }

    /// <summary>Every question so far, as "MX example.com"; over TCP with "tcp " before it.</summary>
    public IReadOnlyList<string> Queries => [.. _queries];

    /// <summary>Questions for one type and name.</summary>
    public int CountOf(string query) => Queries.Count(q => q == query);

    /// <summary>Sets a domain's MX records; a host "." makes a null MX.</summary>
    public ScriptedDnsServer SetMx(string domain, int ttl, params (ushort Preference, string Host)[] exchangers) =>
        Set(domain, zone => zone with { Exchangers = exchangers, Ttl = ttl });

    /// <summary>Sets a name's addresses, IPv4 and IPv6.</summary>
    public ScriptedDnsServer SetAddresses(string name, int ttl, params string[] addresses) =>
        Set(name, zone => zone with { Addresses = [.. addresses.Select(IPAddress.Parse)], Ttl = ttl });

    /// <summary>From now on this name is answered with an error, 2 (SERVFAIL) unless said otherwise; -1: not at all.</summary>
    public ScriptedDnsServer Fail(string name, int responseCode = 2) => Set(name, zone => zone with { Error = responseCode });

    /// <summary>Takes <see cref="Fail"/> back.</summary>
    public ScriptedDnsServer Heal(string name) => Set(name, zone => zone with { Error = 0 });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _udp.Dispose();
        _tcp.Dispose();
        await _stopping.CancelAsync();
        await _serving;
        _stopping.Dispose();
    }

    private ScriptedDnsServer Set(string name, Func<Zone, Zone> change)
    {
        _zones[name] = change(_zones.GetValueOrDefault(name) ?? new Zone([], [], 0, 0));
        return this;
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            try
            {
                SocketReceiveFromResult got = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (Answer(buffer.AsSpan(0, got.ReceivedBytes), tcp: false) is byte[] answer)
                    await _udp.SendToAsync(answer, got.RemoteEndPoint);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // the test is over
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
                conversations.Add(TalkAsync(await _tcp.AcceptAsync()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations); // the test is over
        }
    }

    /// <summary>Clients keep their connections for later; at the end of the test they are closed under them.</summary>
    private async Task TalkAsync(Socket client)
    {
        using NetworkStream stream = new(client, ownsSocket: true);
        byte[] length = new byte[2];
        try
        {
            while (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, _stopping.Token) == 2)
            {
                byte[] question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _stopping.Token);
                if (Answer(question, tcp: true) is not byte[] answer)
                    return;
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer], _stopping.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or the test is over.
        }
    }

    /// <summary>RFC 1035 section 4.1: header, the question as it came, answers that point to its name.</summary>
    private byte[]? Answer(ReadOnlySpan<byte> query, bool tcp)
    {
        int at = 12;
        StringBuilder name = new();
        for (; query[at] != 0; at += query[at] + 1)
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])));
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]);
        _queries.Enqueue($"{(tcp ? "tcp " : "")}{type switch { A => "A", Mx => "MX", Aaaa => "AAAA", _ => $"{type}" }} {name}");
        Zone? zone = _zones.GetValueOrDefault(name.ToString());
        if (zone?.Error == -1)
            return null;
        bool truncated = Truncates && !tcp;
        byte[][] records = zone is null || zone.Error != 0 || truncated ? [] : [.. zone.Records(type)];
        byte[] header =
        [
            query[0], query[1], (byte)(0x84 | (truncated ? 0x02 : 0)), (byte)(0x80 | (zone?.Error ?? 3)), // QR AA TC, RA and the response code
            0, 1, (byte)(records.Length >> 8), (byte)records.Length, 0, 0, 0, 0,
        ];
        return [.. header, .. query[12..(at + 5)], .. records.SelectMany(r => r)];
    }

    private sealed record Zone((ushort Preference, string Host)[] Exchangers, IPAddress[] Addresses, int Ttl, int Error)
    {
        public IEnumerable<byte[]> Records(ushort type) => type switch
        {
            Mx => Exchangers.Select(e => Record(Mx, [(byte)(e.Preference >> 8), (byte)e.Preference, .. Name(e.Host)])),
            A => Addresses.Where(a => a.AddressFamily == AddressFamily.InterNetwork).Select(a => Record(A, a.GetAddressBytes())),
            Aaaa => Addresses.Where(a => a.AddressFamily == AddressFamily.InterNetworkV6).Select(a => Record(Aaaa, a.GetAddressBytes())),
            _ => [],
        };

        private static byte[] Name(string name) =>
            [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)]), 0];

        private byte[] Record(ushort type, byte[] data)
        {
            byte[] fixedPart = [0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 0, (byte)(data.Length >> 8), (byte)data.Length];
            BinaryPrimitives.WriteInt32BigEndian(fixedPart.AsSpan(6), Ttl);
            return [.. fixedPart, .. data];
        }
    }
}

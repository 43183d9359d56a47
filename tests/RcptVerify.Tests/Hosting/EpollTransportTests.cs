using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Hosting.Epoll;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>The doors' transport, over real loopback sockets.</summary>
public sealed class EpollTransportTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly EpollTransportFactory _factory = new(NullLogger<EpollTransportFactory>.Instance);
    private IConnectionListener _listener = null!;

    public async ValueTask InitializeAsync() => _listener = await _factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task Every_byte_comes_back_in_order_whatever_the_pieces(int piece)
    {
        (ConnectionContext connection, Socket client) = await ConnectAsync();
        Task echo = EchoAsync(connection, elsewhere: false);
        byte[] sent = new byte[piece == 1 ? 5_000 : 1_000_000];
        new Random(piece).NextBytes(sent);
        Task<byte[]> received = ReceiveAsync(client, sent.Length);
        for (int at = 0; at < sent.Length; at += piece)
            await client.SendAsync(sent.AsMemory(at, Math.Min(piece, sent.Length - at)), SocketFlags.None);
        Assert.Equal(sent, await received.WaitAsync(Patience, TimeProvider.System));
        client.Dispose();
        await echo.WaitAsync(Patience, TimeProvider.System);
    }

    [Fact]
    public async Task Many_connections_whose_handlers_change_threads_lose_nothing()
    {
        const int Connections = 100;
        const int Rounds = 200;
        List<Task> all = [];
        for (int i = 0; i < Connections; i++)
        {
            (ConnectionContext connection, Socket client) = await ConnectAsync();
            all.Add(EchoAsync(connection, elsewhere: true));
            all.Add(PingAsync(client, Rounds));
        }

        await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
    }

    [Fact]
    public async Task The_last_bytes_arrive_before_the_end_does()
    {
        for (int i = 0; i < 200; i++)
        {
            (ConnectionContext connection, Socket client) = await ConnectAsync();
            Task<ReadResult> early = connection.Transport.Input.ReadAsync().AsTask();
            await client.SendAsync("last"u8.ToArray(), SocketFlags.None);
            client.Dispose();
            ReadResult read = await early.WaitAsync(Patience, TimeProvider.System);
            Assert.Equal("last"u8.ToArray(), read.Buffer.ToArray());
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            read = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
            Assert.True(read.IsCompleted);
            Assert.True(read.Buffer.IsEmpty);
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Bytes_that_were_not_consumed_come_again_with_what_follows_them()
    {
        (ConnectionContext connection, Socket client) = await ConnectAsync();
        PipeReader input = connection.Transport.Input;
        await client.SendAsync("half"u8.ToArray(), SocketFlags.None);
        ReadResult read = await input.ReadAsync();
        input.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.End);
        ValueTask<ReadResult> pending = input.ReadAsync();
        Assert.False(pending.IsCompleted);
        await client.SendAsync(" way"u8.ToArray(), SocketFlags.None);
        read = await pending.AsTask().WaitAsync(Patience, TimeProvider.System);
        Assert.Equal("alf way"u8.ToArray(), read.Buffer.ToArray());
        input.AdvanceTo(read.Buffer.Start); // nothing examined: the same bytes at once
        Assert.Equal(7, (await input.ReadAsync()).Buffer.Length);
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Cancelling_ends_a_read_that_waits_and_the_next_one_that_begins()
    {
        (ConnectionContext connection, Socket client) = await ConnectAsync();
        PipeReader input = connection.Transport.Input;
        ValueTask<ReadResult> waiting = input.ReadAsync();
        input.CancelPendingRead();
        Assert.True((await waiting.AsTask().WaitAsync(Patience, TimeProvider.System)).IsCanceled);
        input.CancelPendingRead();
        Assert.True((await input.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System)).IsCanceled);

        await client.SendAsync("on"u8.ToArray(), SocketFlags.None);
        ReadResult read = await input.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
        Assert.False(read.IsCanceled);
        Assert.Equal("on"u8.ToArray(), read.Buffer.ToArray());
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_cancel_that_races_with_the_beginning_of_a_read_is_never_lost()
    {
        (ConnectionContext connection, Socket client) = await ConnectAsync();
        using Socket kept = client; // left to the garbage collector, it would be closed
        PipeReader input = connection.Transport.Input;
        for (int i = 0; i < 2000; i++)
        {
            Task cancel = Task.Run(input.CancelPendingRead);
            Assert.True((await input.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System)).IsCanceled);
            await cancel;
        }

        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_does_not_read_holds_up_the_flush_until_it_does()
    {
        (ConnectionContext connection, Socket client) = await ConnectAsync();
        byte[] much = new byte[20_000_000];
        new Random(1).NextBytes(much);
        Task<FlushResult> flush = connection.Transport.Output.WriteAsync(much).AsTask();
        Assert.False(flush.IsCompleted);
        Assert.Equal(much, await ReceiveAsync(client, much.Length).WaitAsync(Patience, TimeProvider.System));
        Assert.False((await flush.WaitAsync(Patience, TimeProvider.System)).IsCompleted);
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task An_abort_ends_the_read_and_the_flush_that_wait()
    {
        (ConnectionContext connection, Socket client) = await ConnectAsync();
        Task<FlushResult> flush = connection.Transport.Output.WriteAsync(new byte[20_000_000]).AsTask();
        Task<ReadResult> read = connection.Transport.Input.ReadAsync().AsTask();
        Assert.False(flush.IsCompleted);
        Assert.False(read.IsCompleted);
        connection.Abort(new ConnectionAbortedException("test"));
        Assert.True((await flush.WaitAsync(Patience, TimeProvider.System)).IsCompleted);
        Assert.True((await read.WaitAsync(Patience, TimeProvider.System)).IsCompleted);
        await connection.DisposeAsync();
        connection.Abort(new ConnectionAbortedException("again")); // harmless
        client.Dispose();
    }

    [Fact]
    public async Task Peers_that_are_gone_before_they_are_accepted_do_not_close_the_door()
    {
        for (int i = 0; i < 50; i++)
        {
            using Socket hasty = new(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            await hasty.ConnectAsync(_listener.EndPoint);
        }

        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_listener.EndPoint);
        await client.SendAsync("here"u8.ToArray(), SocketFlags.None);
        while (true)
        {
            ConnectionContext connection = (await _listener.AcceptAsync().AsTask().WaitAsync(Patience, TimeProvider.System))!;
            ReadResult read = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
            bool found = read.Buffer.ToArray().AsSpan().SequenceEqual("here"u8);
            await connection.DisposeAsync();
            if (found)
                break;
            Assert.True(read.IsCompleted);
        }
    }

    [Fact]
    public async Task A_listener_that_is_unbound_accepts_nobody_and_says_so()
    {
        ValueTask<ConnectionContext?> accept = _listener.AcceptAsync();
        await _listener.UnbindAsync();
        Assert.Null(await accept.AsTask().WaitAsync(Patience, TimeProvider.System));
    }

    private static async Task EchoAsync(ConnectionContext connection, bool elsewhere)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            if (elsewhere)
                await Task.Yield();
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
                output.Write(segment.Span);
            input.AdvanceTo(read.Buffer.End);
            FlushResult flushed = await output.FlushAsync();
            if (read.IsCompleted || flushed.IsCompleted)
                break;
        }

        await connection.DisposeAsync();
    }

    private static async Task PingAsync(Socket client, int rounds)
    {
        byte[] ping = new byte[700];
        for (int i = 0; i < rounds; i++)
        {
            ping.AsSpan().Fill((byte)i);
            await client.SendAsync(ping, SocketFlags.None);
            Assert.Equal(ping, await ReceiveAsync(client, ping.Length));
        }

        client.Dispose();
    }

    private static async Task<byte[]> ReceiveAsync(Socket client, int length)
    {
        byte[] received = new byte[length];
        for (int at = 0; at < length;)
        {
            int read = await client.ReceiveAsync(received.AsMemory(at), SocketFlags.None);
            Assert.NotEqual(0, read);
            at += read;
        }

        return received;
    }

    private async Task<(ConnectionContext Connection, Socket Client)> ConnectAsync()
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ValueTask<ConnectionContext?> accept = _listener.AcceptAsync();
        await client.ConnectAsync(_listener.EndPoint);
        return ((await accept)!, client);
    }
}

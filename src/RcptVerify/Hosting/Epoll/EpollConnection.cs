using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace RcptVerify.Hosting.Epoll;

/// <summary>
/// A connection whose pipes read from and write to its socket directly, with nothing between. The handler has it to
/// itself; the loop only tells that the socket has changed.
/// </summary>
internal sealed class EpollConnection : ConnectionContext, IDuplexPipe
{
    private static long _lastId;

    private readonly Socket _socket;
    private readonly EpollLoop _loop;
    private readonly EpollReader _reader;
    private readonly EpollWriter _writer;
    private readonly CancellationTokenSource _closed = new();
    private readonly int _slot;
    private int _disposed;

    public EpollConnection(Socket socket, EpollLoop loop)
    {
        _socket = socket;
        _loop = loop;
        int descriptor = (int)socket.Handle;
        _reader = new EpollReader(descriptor);
        _writer = new EpollWriter(descriptor);
        ConnectionId = "c" + Interlocked.Increment(ref _lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        Transport = this;
        ConnectionClosed = _closed.Token;
        _slot = loop.Add(this, descriptor); // last: events come from here on
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>(0);

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    /// <summary>The loop tells that the socket can be read, written, or is at its end.</summary>
    public void OnEvent(uint what)
    {
        const uint End = EpollNative.EpollRdHup | EpollNative.EpollHup | EpollNative.EpollErr;
        if ((what & (EpollNative.EpollOut | EpollNative.EpollHup | EpollNative.EpollErr)) != 0)
            _writer.OnWritable();
        if ((what & (EpollNative.EpollIn | End)) != 0)
            _reader.OnReadable(ends: (what & End) != 0);
    }

    /// <summary>Ends the conversation at once. The descriptor stays ours until the handler is done with it.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Volatile.Read(ref _disposed) != 0)
            return;
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is at its end already, which is what was wanted.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _writer.CompleteAsync();
            await _reader.CompleteAsync();
            _loop.Remove(_slot, (int)_socket.Handle);
            _socket.Dispose();
            await _closed.CancelAsync();
            _closed.Dispose();
        }

        await base.DisposeAsync();
    }
}

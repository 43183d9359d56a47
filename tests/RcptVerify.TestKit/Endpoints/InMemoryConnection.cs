using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace RcptVerify.TestKit.Endpoints;

/// <summary>
/// A connection as Kestrel hands it to a door, over two pipes in memory instead of a socket. The caller is the client
/// (<see cref="SendAsync(ReadOnlyMemory{byte})"/>, <see cref="ReadAsync"/>) and the server around the door: it beats the
/// heart (<see cref="Beat"/>), asks the connection to close (<see cref="RequestClose"/>), and cleans up behind the
/// handler (<see cref="RunAsync"/>) as Kestrel does.
/// <para>
/// By default everything runs inline: what a handler does without waiting is done when <see cref="SendAsync(ReadOnlyMemory{byte})"/> returns.
/// </para>
/// </summary>
public sealed class InMemoryConnection : ConnectionContext,
    IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature, IConnectionHeartbeatFeature, IConnectionLifetimeFeature,
    IConnectionLifetimeNotificationFeature
{
    private readonly Pipe _toServer;
    private readonly Pipe _toClient;
    private readonly CountingPipeWriter _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _closeRequested = new();
    private readonly List<(Action<object> Action, object State)> _heartbeats = [];

    /// <summary>Creates an open connection.</summary>
    /// <param name="scheduler">Where each side goes on when the other has written; inline by default.</param>
    /// <param name="writeLimit">Bytes of answers not yet read by the client at which writing begins to wait; 64 KiB by default, as Kestrel.</param>
    public InMemoryConnection(PipeScheduler? scheduler = null, long writeLimit = 64 * 1024)
    {
        scheduler ??= PipeScheduler.Inline;
        _toServer = new(new PipeOptions(null, scheduler, scheduler, 1024 * 1024, 512 * 1024, useSynchronizationContext: false));
        _toClient = new(new PipeOptions(null, scheduler, scheduler, writeLimit, writeLimit / 2, useSynchronizationContext: false));
        _output = new(_toClient.Writer);
        Transport = new DuplexPipe(_toServer.Reader, _output);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionHeartbeatFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionLifetimeNotificationFeature>(this);
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = "in-memory";

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 4711);

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 4710);

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get => _closed.Token; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public CancellationToken ConnectionClosedRequested { get => _closeRequested.Token; set => throw new NotSupportedException(); }

    /// <summary>How often the handler flushed its answers.</summary>
    public int Flushes => _output.Flushes;

    /// <summary>Why the handler aborted the connection; null where it did not.</summary>
    public ConnectionAbortedException? AbortReason { get; private set; }

    /// <summary>Runs a handler on this connection and ends the connection when the handler is done with it.</summary>
    /// <param name="handler">The door.</param>
    public async Task RunAsync(ConnectionHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        try
        {
            await handler.OnConnectedAsync(this);
        }
        finally
        {
            await _toServer.Reader.CompleteAsync();
            await _toClient.Writer.CompleteAsync();
            await _closed.CancelAsync();
        }
    }

    /// <summary>The client sends bytes; they are lost where the connection is gone.</summary>
    public ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes) =>
        AbortReason is null ? _toServer.Writer.WriteAsync(bytes) : new(new FlushResult(isCanceled: false, isCompleted: true));

    /// <summary>The client sends text, UTF-8.</summary>
    public ValueTask<FlushResult> SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The client will send no more.</summary>
    public ValueTask EndInputAsync() => _toServer.Writer.CompleteAsync();

    /// <summary>The client reads what has come, waiting for at least something; empty at the end of the connection.</summary>
    /// <exception cref="ConnectionAbortedException">The handler aborted the connection.</exception>
    public async ValueTask<string> ReadAsync()
    {
        if (AbortReason is not null)
            throw AbortReason;
        ReadResult read = await _toClient.Reader.ReadAsync();
        if (read.IsCanceled)
            throw AbortReason ?? new ConnectionAbortedException();
        string text = Encoding.UTF8.GetString(read.Buffer);
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>What has come and was not read; empty where nothing has.</summary>
    public string ReadAvailable()
    {
        if (AbortReason is not null || !_toClient.Reader.TryRead(out ReadResult read))
            return "";
        string text = Encoding.UTF8.GetString(read.Buffer);
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>Throws away what has come and was not read, without allocation. Returns how much it was.</summary>
    public long DiscardAvailable()
    {
        if (!_toClient.Reader.TryRead(out ReadResult read))
            return 0;
        long length = read.Buffer.Length;
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return length;
    }

    /// <summary>Lets the server's heart beat, as it does once a second.</summary>
    /// <param name="times">How often.</param>
    public void Beat(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            foreach ((Action<object> action, object state) in _heartbeats)
                action(state);
        }
    }

    /// <summary>The server is stopping and asks the connection to end.</summary>
    public void RequestClose() => _closeRequested.Cancel();

    /// <inheritdoc/>
    public void OnHeartbeat(Action<object> action, object state) => _heartbeats.Add((action, state));

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        ArgumentNullException.ThrowIfNull(abortReason);
        AbortReason ??= abortReason;
        _closed.Cancel();
        // As a socket that is gone: nothing more to read, and nobody to write to.
        _toServer.Writer.Complete(abortReason);
        _toClient.Reader.CancelPendingRead();
        _toClient.Reader.Complete(abortReason);
    }

    /// <inheritdoc/>
    public override void Abort() => Abort(new ConnectionAbortedException());

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _closed.Dispose();
        _closeRequested.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    void IConnectionLifetimeNotificationFeature.RequestClose() => RequestClose();

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}

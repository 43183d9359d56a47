using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace RcptVerify.Endpoints;

/// <summary>What a connection is doing.</summary>
internal enum ConnectionPhase
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>A request has begun.</summary>
    HalfRequest,

    /// <summary>We are at work: the peer waits for us, and no limit of the peer's runs.</summary>
    Working,

    /// <summary>The peer does not take its answers.</summary>
    Writing,
}

/// <summary>
/// Ends a connection that takes too long, and lets it end well when the server stops. Counts the server's heartbeats
/// (one a second) instead of reading a clock or keeping a timer for each of thousands of idle connections.
/// </summary>
internal sealed class ConnectionWatch : IDisposable
{
    private readonly ConnectionContext _connection;
    private readonly DoorLimits _limits;
    private readonly CancellationToken _closeRequested;
    private readonly CancellationTokenRegistration _onCloseRequested;
    private volatile ConnectionPhase _phase;
    private int _seconds;
    private int _requestSeconds;
    private volatile bool _over;

    public ConnectionWatch(ConnectionContext connection, DoorLimits limits)
    {
        _connection = connection;
        _limits = limits;
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static watch => ((ConnectionWatch)watch).Beat(), this);
        _closeRequested = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        _onCloseRequested = _closeRequested.UnsafeRegister(static watch => ((ConnectionWatch)watch!).StopReading(), this);
    }

    /// <summary>What the peer was too slow at, where that ended the connection.</summary>
    public string? Complaint { get; private set; }

    /// <summary>The server is stopping: what was read is answered, nothing more is read.</summary>
    public bool MustEnd => _closeRequested.IsCancellationRequested;

    /// <summary>Notes what the connection does from now on.</summary>
    public void Enter(ConnectionPhase phase)
    {
        _phase = phase;
        _seconds = 0;
    }

    /// <summary>A request has ended: the next one has its full time, though it may be half there already.</summary>
    public void EndRequest() => _requestSeconds = 0;

    public void Dispose()
    {
        _over = true;
        _onCloseRequested.Dispose();
    }

    private void StopReading() => _connection.Transport.Input.CancelPendingRead();

    private void Beat()
    {
        if (_over)
            return;
        _seconds++;
        switch (_phase)
        {
            case ConnectionPhase.Idle when _seconds > _limits.IdleTime.TotalSeconds:
                StopReading();
                break;
            // Counted apart: a request that trickles in must not start anew with each byte.
            case ConnectionPhase.HalfRequest when ++_requestSeconds > _limits.RequestTime.TotalSeconds:
                End("did not finish its request in time");
                break;
            case ConnectionPhase.Writing when _seconds > _limits.WriteTime.TotalSeconds:
                End("does not read its answers");
                break;
        }
    }

    private void End(string complaint)
    {
        _over = true;
        Complaint = complaint;
        _connection.Abort(new ConnectionAbortedException(complaint));
    }
}

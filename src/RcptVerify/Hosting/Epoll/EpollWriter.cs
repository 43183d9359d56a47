using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace RcptVerify.Hosting.Epoll;

/// <summary>
/// Collects bytes and sends them in one system call a flush. A peer that does not read makes the flush wait; who flushes
/// has a deadline for that.
/// </summary>
/// <param name="socket">The descriptor.</param>
internal sealed class EpollWriter(int socket) : PipeWriter, IValueTaskSource<FlushResult>
{
    /// <summary>The socket was full when it was last tried, or was never tried.</summary>
    private const int Blocked = 0;

    /// <summary>The loop has told that it takes bytes again.</summary>
    private const int Writable = 1;

    /// <summary>The handler waits.</summary>
    private const int Waiting = 2;

    /// <summary>What an idle connection keeps: room for a few answers.</summary>
    private const int UsualBytes = 512;

    private ManualResetValueTaskSourceCore<bool> _source;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _broken;
    private int _state;
    private int _cancelled;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _end - _start;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, UsualBytes));
        }
        else if (_buffer.Length - _end < wanted)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _end + wanted));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)((_buffer?.Length ?? 0) - _end));
        _end += bytes;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        while (!TrySend())
        {
            _source.Reset();
            // The loop may have told meanwhile that there is room again: then once more.
            if (Interlocked.CompareExchange(ref _state, Waiting, Blocked) == Blocked)
                return new(this, _source.Version);
            Volatile.Write(ref _state, Blocked);
        }

        return new(Result());
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        if (Interlocked.CompareExchange(ref _state, Blocked, Waiting) != Waiting)
            return;
        Volatile.Write(ref _cancelled, 1);
        _source.SetResult(true);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (_end > _start)
            TrySend();
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _start = _end = 0;
        _broken = true;
    }

    /// <summary>The socket takes bytes again, or is at its end. Called by the loop alone.</summary>
    public void OnWritable()
    {
        if (Interlocked.Exchange(ref _state, Writable) != Waiting)
            return;
        do
        {
            Volatile.Write(ref _state, Blocked);
            if (TrySend())
            {
                _source.SetResult(true);
                return;
            }
        }
        while (Interlocked.CompareExchange(ref _state, Waiting, Blocked) != Blocked);
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _source.GetResult(token);
        return Result();
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private FlushResult Result() => new(Interlocked.Exchange(ref _cancelled, 0) != 0, _broken);

    /// <summary>Sends what there is. False where the socket took only a part.</summary>
    private unsafe bool TrySend()
    {
        fixed (byte* buffer = _buffer)
        {
            while (_start < _end && !_broken)
            {
                nint sent = EpollNative.Send(socket, buffer + _start, _end - _start, EpollNative.DontWait | EpollNative.NoSignal);
                if (sent >= 0)
                {
                    _start += (int)sent;
                    continue;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == EpollNative.Again)
                    return false;
                _broken = error != EpollNative.Interrupted;
            }
        }

        _start = _end = 0;
        if (_buffer is { Length: > UsualBytes })
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        return true;
    }
}

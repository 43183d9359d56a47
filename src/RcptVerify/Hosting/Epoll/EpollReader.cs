using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace RcptVerify.Hosting.Epoll;

/// <summary>
/// Reads a socket into one contiguous buffer, which is borrowed only while there is something in it: an idle connection
/// holds none.
/// <para>
/// The handler and the loop never touch the buffer at the same time: the loop does only while the handler waits, and
/// <see cref="_state"/> says whether it does. Only the loop makes the state <see cref="Readable"/> from outside.
/// </para>
/// </summary>
/// <param name="socket">The descriptor.</param>
internal sealed class EpollReader(int socket) : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>The socket has nothing to read, and nobody waits for it.</summary>
    private const int Empty = 0;

    /// <summary>The socket may have something to read.</summary>
    private const int Readable = 1;

    /// <summary>The handler waits.</summary>
    private const int Waiting = 2;

    /// <summary>Room for four usual requests.</summary>
    private const int UsualBytes = 4096;

    /// <summary>What a peer gets that keeps filling its buffer. A longer request makes it grow further.</summary>
    private const int BusyBytes = 64 * 1024;

    private ManualResetValueTaskSourceCore<bool> _source; // continues in line: on the loop, or on who cancels
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _wanted = UsualBytes;
    private bool _examined = true;
    private bool _atEnd;
    private int _state;
    private int _cancelled;
    private volatile bool _ends;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!MustRead)
            return new(Result());
        while (true)
        {
            if (TryReadSocket())
                return new(Result());
            _source.Reset();
            if (TryWait(out bool cancelled))
                return cancelled ? new(Result()) : new(this, _source.Version);
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        bool any = !MustRead || TryReadSocket();
        result = any ? Result() : default;
        return any;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is null)
            return;
        _start = consumed.GetInteger();
        _examined = examined.GetInteger() >= _end;
        if (_start == _end)
            Release();
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        Volatile.Write(ref _cancelled, 1);
        if (Interlocked.CompareExchange(ref _state, Empty, Waiting) == Waiting)
            _source.SetResult(true);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _atEnd = true;
        Release();
    }

    /// <summary>The socket has changed. Called by the loop alone.</summary>
    /// <param name="ends">The peer has closed, or the connection broke: read on until there is nothing left.</param>
    public void OnReadable(bool ends)
    {
        if (ends)
            _ends = true;
        if (Interlocked.Exchange(ref _state, Readable) != Waiting)
            return;
        if (TryReadSocket())
            _source.SetResult(true);
        else if (TryWait(out bool cancelled) && cancelled)
            _source.SetResult(true);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _source.GetResult(token);
        return Result();
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>There is nothing to give without the socket.</summary>
    private bool MustRead => _examined && !_atEnd && Volatile.Read(ref _cancelled) == 0;

    private ReadResult Result()
    {
        bool cancelled = Interlocked.Exchange(ref _cancelled, 0) != 0;
        ReadOnlySequence<byte> bytes = _buffer is null ? default : new(_buffer, _start, _end - _start);
        return new(bytes, cancelled, _atEnd);
    }

    /// <summary>
    /// Waits for the loop. False where the socket has become readable meanwhile; <paramref name="cancelled"/> where the
    /// wait was over before it began.
    /// </summary>
    private bool TryWait(out bool cancelled)
    {
        cancelled = false;
        if (Interlocked.CompareExchange(ref _state, Waiting, Empty) != Empty)
            return false;
        cancelled = Volatile.Read(ref _cancelled) != 0 && Interlocked.CompareExchange(ref _state, Empty, Waiting) == Waiting;
        return true;
    }

    /// <summary>Reads once, if the socket may have something. False where it has nothing.</summary>
    private bool TryReadSocket()
    {
        // Emptied before the read: what comes in after it makes the state readable again.
        if (Interlocked.CompareExchange(ref _state, Empty, Readable) != Readable)
            return false;
        int room = MakeRoom();
        int received = Receive(room);
        if (received < 0)
        {
            if (_start == _end)
                Release();
            return false;
        }

        if (received == room || (_ends && received > 0))
            Volatile.Write(ref _state, Readable);
        _atEnd = received == 0;
        _examined = false;
        _end += received;
        _wanted = received == room ? Math.Min(BusyBytes, _wanted * 2) : received < _wanted / 4 ? Math.Max(UsualBytes, _wanted / 2) : _wanted;
        return true;
    }

    private int MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_wanted);
        }
        else if (_end == _buffer.Length)
        {
            int kept = _end - _start;
            byte[] target = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(2 * _buffer.Length); // who reads caps it
            _buffer.AsSpan(_start, kept).CopyTo(target);
            if (target != _buffer)
                ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
            _start = 0;
            _end = kept;
        }

        return _buffer.Length - _end;
    }

    /// <summary>Bytes received; 0 at the end, also of a broken connection; -1 where there is nothing.</summary>
    private unsafe int Receive(int room)
    {
        fixed (byte* buffer = _buffer)
        {
            while (true)
            {
                nint received = EpollNative.Receive(socket, buffer + _end, room, EpollNative.DontWait);
                if (received >= 0)
                    return (int)received;
                int error = Marshal.GetLastPInvokeError();
                if (error == EpollNative.Again)
                    return -1;
                if (error != EpollNative.Interrupted)
                    return 0;
            }
        }
    }

    private void Release()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _start = 0;
        _end = 0;
        _examined = true;
    }
}

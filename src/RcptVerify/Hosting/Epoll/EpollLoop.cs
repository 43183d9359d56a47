using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Hosting.Epoll;

/// <summary>
/// One thread that waits for its connections' sockets and runs what goes on there: a cached answer from the first byte
/// read to the last byte sent.
/// <para>
/// Why not Kestrel's own transport: between socket and handler it has two pipes, two asynchronous loops and a read more
/// per request, which cost more than the rest of an answer (measured on 2 cores, 64 connections: 11.4 µs of CPU a request
/// with it, see bench/README.md). Kestrel stays the host: it owns the connections, their features and their end.
/// </para>
/// <para>
/// Edge-triggered: each socket is registered once, and a change wakes the loop once. A read that brought less than there
/// was room for has emptied the socket (epoll(7)), unless the peer has closed, which is noted and read to its end.
/// </para>
/// </summary>
internal sealed class EpollLoop
{
    private const int MaxEvents = 256;

    private readonly Lock _lock = new();
    private readonly ILogger _log;
    private readonly int _epoll;
    private EpollConnection?[] _connections = new EpollConnection?[64];
    private readonly Stack<int> _free = new();

    public EpollLoop(ILogger log, int number)
    {
        _log = log;
        _epoll = EpollNative.Create(EpollNative.CloseOnExec);
        if (_epoll < 0)
            throw new IOException("epoll_create1: " + LastError());
        for (int slot = _connections.Length - 1; slot >= 0; slot--)
            _free.Push(slot);
        new Thread(Run) { IsBackground = true, Name = $"epoll {number}" }.Start();
    }

    /// <summary>Watches a connection's socket from now on; returns the place that <see cref="Remove"/> wants.</summary>
    /// <exception cref="IOException">The system has no room for it.</exception>
    public int Add(EpollConnection connection, int socket)
    {
        int slot = Place(connection);
        if (Control(EpollNative.ControlAdd, socket, slot) != 0)
        {
            string error = LastError();
            Clear(slot);
            throw new IOException("epoll_ctl: " + error);
        }

        return slot;
    }

    /// <summary>Forgets a connection. An event already fetched may still reach it, or its successor: both bear that.</summary>
    public void Remove(int slot, int socket)
    {
        _ = Control(EpollNative.ControlDelete, socket, slot);
        Clear(slot);
    }

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    private unsafe int Control(int operation, int socket, int slot)
    {
        byte* data = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(
            new Span<byte>(data, 4), EpollNative.EpollIn | EpollNative.EpollOut | EpollNative.EpollRdHup | EpollNative.EpollEdgeTriggered);
        *(ulong*)(data + EpollNative.DataOffset) = (ulong)slot;
        return EpollNative.Control(_epoll, operation, socket, data);
    }

    private int Place(EpollConnection connection)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out int slot))
            {
                int length = _connections.Length;
                EpollConnection?[] larger = new EpollConnection?[2 * length];
                _connections.CopyTo(larger, 0);
                for (int next = larger.Length - 1; next > length; next--)
                    _free.Push(next);
                Volatile.Write(ref _connections, larger);
                slot = length;
            }

            _connections[slot] = connection;
            return slot;
        }
    }

    private void Clear(int slot)
    {
        lock (_lock)
        {
            _connections[slot] = null;
            _free.Push(slot);
        }
    }

    private unsafe void Run()
    {
        byte* events = (byte*)NativeMemory.Alloc((nuint)(MaxEvents * EpollNative.EventBytes)); // the thread's, for its life
        while (true)
        {
            int count = EpollNative.Wait(_epoll, events, MaxEvents, timeout: -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != EpollNative.Interrupted)
                throw new IOException("epoll_wait: " + LastError());
            for (int i = 0; i < count; i++)
            {
                byte* one = events + (i * EpollNative.EventBytes);
                Notify(*(uint*)one, (int)*(ulong*)(one + EpollNative.DataOffset));
            }
        }
    }

    private void Notify(uint what, int slot)
    {
        EpollConnection? connection = Volatile.Read(ref _connections)[slot];
        if (connection is null)
            return;
        try
        {
            connection.OnEvent(what);
        }
        catch (Exception e)
        {
            // A defect of ours ends this connection, not the thread that all others hang on.
            Log.ConnectionDefect(_log, connection.ConnectionId, e);
            connection.Abort();
        }
    }
}

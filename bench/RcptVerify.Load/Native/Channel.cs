using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RcptVerify.Load.Native;

/// <summary>
/// One connected socket and the input that is not consumed yet, at most <see cref="Capacity"/> bytes.
/// Reads and writes block; the loops read only what <see cref="Epoll"/> announced.
/// </summary>
internal sealed unsafe class Channel(Socket socket)
{
    public const int Capacity = 65536;

    private readonly byte* _input = (byte*)NativeMemory.Alloc(Capacity);
    private int _start;
    private int _end;

    public int Descriptor { get; } = (int)socket.Handle;

    public ReadOnlySpan<byte> Input => new(_input + _start, _end - _start);

    /// <summary>Reads once behind the unconsumed input; false when the peer closed or broke the connection.</summary>
    public bool Fill()
    {
        if (_start > 0)
        {
            Buffer.MemoryCopy(_input + _start, _input, Capacity, _end - _start);
            _end -= _start;
            _start = 0;
        }

        if (_end == Capacity)
        {
            throw new LoadException(ExitCode.WrongAnswer, $"{Capacity} bytes without an end in sight");
        }

        nint count = Libc.Read(Descriptor, _input + _end, (nuint)(Capacity - _end));
        _end += (int)Math.Max(count, 0);
        return count > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Consume(int count) => _start += count;

    /// <summary>Writes everything; false when the peer is gone.</summary>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                nint count = Libc.Write(Descriptor, start + sent, (nuint)(bytes.Length - sent));
                if (count <= 0)
                {
                    return false;
                }

                sent += (int)count;
            }
        }

        return true;
    }

    public void Close()
    {
        socket.Dispose();
        NativeMemory.Free(_input);
    }
}

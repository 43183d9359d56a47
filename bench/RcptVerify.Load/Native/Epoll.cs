using System.Runtime.InteropServices;

namespace RcptVerify.Load.Native;

/// <summary>Level-triggered readiness of many descriptors, each known by a caller's token. One thread, one instance.</summary>
internal sealed unsafe class Epoll
{
    /// <summary>How long a server may leave everything unanswered, in milliseconds; past it a run has failed.</summary>
    public const int AnswerWithin = 10_000;

    private const int Capacity = 256;
    private const int OperationAdd = 1; // EPOLL_CTL_ADD
    private const int OperationDelete = 2; // EPOLL_CTL_DEL
    private const uint Readable = 1; // EPOLLIN; EPOLLERR and EPOLLHUP are always reported

    // struct epoll_event { uint32 events; uint64 data; }: the kernel packs it on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly int _descriptor;
    private readonly byte* _events;

    public Epoll()
    {
        _descriptor = Libc.EpollCreate(0);
        _events = (byte*)NativeMemory.Alloc((nuint)(Capacity * (DataOffset + 8)));
        Check(_descriptor, "epoll_create1");
    }

    public void Add(int descriptor, int token)
    {
        byte* @event = stackalloc byte[16];
        *(uint*)@event = Readable;
        *(int*)(@event + DataOffset) = token;
        Check(Libc.EpollControl(_descriptor, OperationAdd, descriptor, @event), "epoll_ctl");
    }

    public void Remove(int descriptor)
    {
        byte* unused = stackalloc byte[16]; // Linux before 2.6.9 wanted one, newer ones ignore it
        Check(Libc.EpollControl(_descriptor, OperationDelete, descriptor, unused), "epoll_ctl");
    }

    /// <summary>How many descriptors are ready; 0 once <paramref name="milliseconds"/> (-1: no limit) have passed.</summary>
    public int Wait(int milliseconds)
    {
        int ready;
        do
        {
            ready = Libc.EpollWait(_descriptor, _events, Capacity, milliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        Check(ready, "epoll_wait");
        return ready;
    }

    public int Token(int index) => *(int*)(_events + (index * (DataOffset + 8)) + DataOffset);

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new LoadException(ExitCode.SystemError, $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}

using System.Runtime.InteropServices;

namespace RcptVerify.Hosting.Epoll;

/// <summary>The system calls of <see cref="EpollLoop"/>, with the constants of Linux' headers.</summary>
internal static unsafe partial class EpollNative
{
    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollErr = 0x008;
    public const uint EpollHup = 0x010;
    public const uint EpollRdHup = 0x2000;
    public const uint EpollEdgeTriggered = 1u << 31;

    public const int ControlAdd = 1;
    public const int ControlDelete = 2;

    public const int CloseOnExec = 0x80000;

    public const int NoSignal = 0x4000; // MSG_NOSIGNAL
    public const int DontWait = 0x40; // MSG_DONTWAIT

    public const int Interrupted = 4; // EINTR
    public const int Again = 11; // EAGAIN

    /// <summary>Size of struct epoll_event: packed on x86-64 alone (sys/epoll.h, EPOLL_PACKED).</summary>
    public static int EventBytes { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where its data stands.</summary>
    public static int DataOffset { get; } = EventBytes - sizeof(ulong);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int Control(int epoll, int operation, int socket, byte* data);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int epoll, byte* events, int max, int timeout);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* buffer, nint length, int flags);
}

using System.Runtime.InteropServices;

namespace RcptVerify.Load.Native;

/// <summary>
/// The five calls the measuring loops are made of. Straight to the C library, because the framework's own
/// asynchronous sockets would cost more than what is being measured.
/// </summary>
internal static unsafe partial class Libc
{
    public const int Interrupted = 4; // EINTR

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* @event);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, void* events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nuint length);
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RcptVerify.Caching;

/// <summary>
/// Who else has an SQLite file open. In WAL mode a connection holds a shared lock on the file for as long as it is open (SQLite,
/// wal.html), and fcntl(2) tells whose a lock is that stands in the way of another one.
/// </summary>
internal static partial class SqliteFileHolder
{
    private const int GetLock = 5; // F_GETLK on Linux, x64 and arm64
    private const short WriteLock = 1; // F_WRLCK
    private const short NoLock = 2; // F_UNLCK

    /// <summary>SQLite's lock bytes, os.h: PENDING_BYTE, and the RESERVED and SHARED bytes behind it.</summary>
    private const long LockBytes = 0x40000000;

    private const long LockLength = 512;

    /// <summary>
    /// The process that has the file open; 0 or less where it is one of another container or host, which has no number here; null
    /// where there is none. Not while this process has it open: closing a descriptor gives up SQLite's locks.
    /// </summary>
    /// <param name="path">The file.</param>
    public static int? ProcessOf(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            FileLock wanted = new() { Type = WriteLock, Start = LockBytes, Length = LockLength };
            return Control(file, GetLock, ref wanted) == 0 && wanted.Type != NoLock ? wanted.Process : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeFileHandle file, int command, ref FileLock argument);

    /// <summary>struct flock of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>
/// Reads files whose names somebody else chose: no more of them than is allowed, whatever they say their length is (/dev/zero says 0),
/// and without waiting for a pipe's writer that is not there.
/// </summary>
internal static partial class BoundedFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most to read.</param>
    /// <exception cref="IOException">It is no file, it is too large, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        if (path.Length == 0)
            throw new IOException("the name is empty");
        if (Directory.Exists(path))
            throw new IOException("it is a directory");
        using FileStream stream = new(Open(path), FileAccess.Read, bufferSize: 0);
        using MemoryStream content = new();
        byte[] buffer = new byte[BufferSize];
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            content.Write(buffer, 0, read);
            if (content.Length > maxBytes)
                throw new IOException($"larger than {Size(maxBytes)}");
        }

        if (content.Length == 0 && !stream.CanSeek)
            throw new IOException("it is a pipe that nobody writes to");
        return content.ToArray();
    }

    /// <summary>
    /// The text of a file, as UTF-8. A byte order mark stays a character of it: whoever reads bytes, as Postfix does, takes it for one.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static string ReadText(string path, int maxBytes)
    {
        byte[] content = Read(path, maxBytes);
        return content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
            ? throw new IOException("it is UTF-16; save it as UTF-8, without a byte order mark")
            : Encoding.UTF8.GetString(content);
    }

    private static string Size(int bytes) => bytes >= 1024 * 1024 ? $"{bytes / 1024 / 1024} MB" : $"{bytes / 1024} kB";

    private static SafeFileHandle Open(string path)
    {
        const int NonBlocking = 0x800;
        const int CloseOnExec = 0x80000;
        const int SetFlags = 4;
        int descriptor = path.Contains('\0', StringComparison.Ordinal) ? -1 : Open(path, NonBlocking | CloseOnExec);
        // What was wrong .NET says in its own words.
        if (descriptor < 0)
            return File.OpenHandle(path);
        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        // Only to open must not wait: for what a writer has to say one waits.
        _ = Control(handle, SetFlags, 0);
        return handle;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int flags);
}

using System.Buffers.Binary;

namespace RcptVerify.Caching;

/// <summary>
/// Whose file this is, read from its first bytes alone (SQLite's file format, section 1.3): a path that somebody has mistyped must
/// not cost a file. Only what says in its own header that it is this store's is ever moved away.
/// </summary>
internal static class SqliteFileOwner
{
    /// <summary>Offset of PRAGMA application_id, 4 bytes big-endian; in the first 99 bytes, so that a file cut short shows it too.</summary>
    private const int ApplicationIdAt = 68;

    private const int Needed = ApplicationIdAt + sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Looks at the file. Not while this process has it open: closing any descriptor gives up SQLite's locks (fcntl(2)).</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public static FileOwner Of(string path)
    {
        if (Directory.Exists(path))
            return FileOwner.Directory;
        FileInfo info = new(path);
        if (!info.Exists || info.Length == 0)
            return FileOwner.Nobody; // devices and pipes too: they have no length, and are not read
        byte[] header = new byte[Needed];
        int read;
        using (FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            read = file.ReadAtLeast(header, Needed, throwOnEndOfStream: false);
        if (read == 1 && header[0] == 0)
            return FileOwner.Nobody; // SQLite takes that for empty
        if (!header.AsSpan(0, read).StartsWith(Magic))
            return FileOwner.NoDatabase;
        return read < Needed ? FileOwner.NoDatabase : BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdAt)) switch
        {
            SqliteSchema.ApplicationId => FileOwner.Ours,
            0 when info.Length <= PageSize(header) => FileOwner.Unmarked,
            _ => FileOwner.AnotherProgram,
        };
    }

    /// <summary>Two bytes at offset 16; 1 stands for 65536.</summary>
    private static int PageSize(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size && size == 1 ? 65536 : size;
}

/// <summary>Whose a file is.</summary>
internal enum FileOwner : byte
{
    /// <summary>There is none, or an empty one.</summary>
    Nobody,

    /// <summary>An SQLite file with this store's mark.</summary>
    Ours,

    /// <summary>An SQLite file of one page without a mark: one that was just begun, ours or another program's.</summary>
    Unmarked,

    /// <summary>An SQLite file with another mark; or with none though it has tables: ours has its mark before it has a second page.</summary>
    AnotherProgram,

    /// <summary>No SQLite file: somebody's text, or one of ours whose first bytes are gone, which nothing tells apart.</summary>
    NoDatabase,

    /// <summary>A directory.</summary>
    Directory,
}

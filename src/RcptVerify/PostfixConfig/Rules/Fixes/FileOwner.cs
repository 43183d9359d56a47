using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>Whom a file belongs to. .NET knows of its mode only, so that the kernel is asked: statx(2), whose layout is the same on every machine.</summary>
/// <param name="User">The user's number.</param>
/// <param name="Group">The group's number.</param>
internal readonly partial record struct FileOwner(uint User, uint Group)
{
    private const uint Same = uint.MaxValue;

    /// <summary>The owner of an open file.</summary>
    /// <exception cref="IOException">The kernel does not say.</exception>
    public static FileOwner Of(SafeFileHandle file)
    {
        const int HandleItself = 0x1000; // AT_EMPTY_PATH
        const uint UserAndGroup = 0x18; // STATX_UID | STATX_GID
        try
        {
            if (Status(file, "", HandleItself, UserAndGroup, out Attributes attributes) == 0 && (attributes.Mask & UserAndGroup) == UserAndGroup)
                return new FileOwner(attributes.User, attributes.Group);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call.
        }

        throw new IOException("whom it belongs to cannot be found out");
    }

    /// <summary>Gives an open file to this owner, as far as the process may: root may do all, others give their files to groups of theirs.</summary>
    public void Take(SafeFileHandle file)
    {
        FileOwner now = Of(file);
        if (now == this)
            return;
        if (Give(file, User, Group) != 0)
            _ = Give(file, Same, Group);
    }

    /// <summary>What would be lost if a file of this owner were replaced by one of another; null for nothing.</summary>
    /// <param name="other">The owner of the new file.</param>
    /// <param name="mode">The mode of both.</param>
    public string? LossTo(FileOwner other, UnixFileMode mode)
    {
        const int GroupShift = 3;
        int group = ((int)mode >> GroupShift) & 7;
        int everybody = (int)mode & 7;
        return other.User != User ? $"it belongs to user {User}, and only root can keep that"
            // Whoever has the group's rights: nobody, if everybody has the same.
            : other.Group != Group && group != everybody ? $"it belongs to group {Group}, and only its members and root can keep that"
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(SafeFileHandle folder, string path, int flags, uint mask, out Attributes attributes);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Give(SafeFileHandle file, uint user, uint group);

    /// <summary>struct statx, as far as it is used.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Attributes
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}

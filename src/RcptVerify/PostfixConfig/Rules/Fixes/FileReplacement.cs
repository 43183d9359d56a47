using System.Text;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>
/// Writes a repaired file in place of the old one: whole or not at all, with the old one's mode and owner, and the old one kept beside
/// it. A file that somebody changed meanwhile, that is not UTF-8, or whose owner would be lost, is left alone.
/// </summary>
internal static class FileReplacement
{
    /// <summary>What the name of the old file gets.</summary>
    public const string BackupExtension = ".bak";

    /// <summary>More backups than these are not kept: the user should look first.</summary>
    private const int MaxBackups = 100;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces a file.</summary>
    /// <param name="before">As it was read; it has a path.</param>
    /// <param name="after">As it shall be.</param>
    /// <returns>Where the old one is now, or why nothing was changed.</returns>
    public static (string? Backup, string? Error) Write(SourceFile before, string after)
    {
        string path = before.Path ?? throw new ArgumentException("It is no file.", nameof(before));
        List<string> made = [];
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
            using FileStream old = new(target, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
            byte[] read = new byte[old.Length];
            old.ReadExactly(read);
            if (!read.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(before.Text)))
                return (null, "it is not UTF-8, or has changed since it was read");
            string? backup = FreeName(target);
            if (backup is null)
                return (null, $"there are {MaxBackups} backups already");
            string temporary = $"{target}.rcptverify-{Environment.ProcessId}";
            byte[] mended = Encoding.UTF8.GetBytes(after);
            string? loss = Create(temporary, mended, old, made, hasNewTime: true) ?? Create(backup, read, old, made, hasNewTime: false);
            if (loss is not null)
            {
                made.ForEach(File.Delete);
                return (null, loss);
            }

            File.Move(temporary, target, overwrite: true);
            return (backup, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            made.Where(File.Exists).ToList().ForEach(File.Delete);
            return (null, e.Message);
        }
    }

    /// <summary>Writes a file with another one's mode and owner. Returns why that cannot be.</summary>
    private static string? Create(string path, byte[] content, FileStream like, List<string> made, bool hasNewTime)
    {
        UnixFileMode mode = File.GetUnixFileMode(like.SafeFileHandle);
        FileOwner owner = FileOwner.Of(like.SafeFileHandle);
        using FileStream stream = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        made.Add(path);
        owner.Take(stream.SafeFileHandle);
        if (owner.LossTo(FileOwner.Of(stream.SafeFileHandle), mode) is string loss)
            return loss;
        // After the owner: a change of owner takes bits away, and the mode of creation passes through the umask.
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
        if (!hasNewTime)
            File.SetLastWriteTimeUtc(stream.SafeFileHandle, File.GetLastWriteTimeUtc(like.SafeFileHandle));
        return null;
    }

    private static string? FreeName(string target) => Enumerable.Range(0, MaxBackups)
        .Select(number => target + BackupExtension + (number == 0 ? "" : $".{number}"))
        .FirstOrDefault(name => !File.Exists(name));
}

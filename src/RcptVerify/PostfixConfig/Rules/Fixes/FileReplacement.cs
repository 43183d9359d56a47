using System.Text;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>
/// Writes a repaired file in place of the old one: whole or not at all, with the old one's mode, and the old one kept beside it. A file
/// that somebody changed meanwhile, or that is not UTF-8, is left alone.
/// </summary>
internal static class FileReplacement
{
    /// <summary>What the name of the old file gets.</summary>
    public const string BackupExtension = ".bak";

    /// <summary>More backups than these are not kept: the user should look first.</summary>
    private const int MaxBackups = 100;

    /// <summary>Replaces a file.</summary>
    /// <param name="before">As it was read; it has a path.</param>
    /// <param name="after">As it shall be.</param>
    /// <returns>Where the old one is now, or why nothing was changed.</returns>
    public static (string? Backup, string? Error) Write(SourceFile before, string after)
    {
        string path = before.Path ?? throw new ArgumentException("It is no file.", nameof(before));
        string? temporary = null;
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
            byte[] read = File.ReadAllBytes(target);
            bool hasMark = read.AsSpan().StartsWith(Encoding.UTF8.Preamble);
            if (!read.AsSpan(hasMark ? Encoding.UTF8.Preamble.Length : 0).SequenceEqual(Encoding.UTF8.GetBytes(before.Text)))
                return (null, "it is not UTF-8, or has changed since it was read");
            string? backup = FreeName(target);
            if (backup is null)
                return (null, $"there are {MaxBackups} backups already");
            temporary = $"{target}.rcptverify-{Environment.ProcessId}";
            UnixFileMode mode = File.GetUnixFileMode(target);
            using (FileStream stream = new(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            {
                // The mode of creation passes through the umask.
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
                stream.Write(hasMark ? Encoding.UTF8.Preamble : []);
                stream.Write(Encoding.UTF8.GetBytes(after));
                stream.Flush(flushToDisk: true);
            }

            File.Copy(target, backup);
            File.Move(temporary, target, overwrite: true);
            return (backup, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (temporary is not null && File.Exists(temporary))
                File.Delete(temporary);
            return (null, e.Message);
        }
    }

    private static string? FreeName(string target) => Enumerable.Range(0, MaxBackups)
        .Select(number => target + BackupExtension + (number == 0 ? "" : $".{number}"))
        .FirstOrDefault(name => !File.Exists(name));
}

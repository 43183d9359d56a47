using System.Text;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>The files below a root: <c>/</c> for the machine's own configuration, else what <c>--root</c> says.</summary>
/// <param name="root">A directory that stands for <c>/</c>.</param>
internal sealed class RootedFiles(string root) : IConfigurationFiles
{
    /// <summary>Larger files are not read, bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public bool? Exists(string path) => Rooted(path) is not string file ? null : File.Exists(file) ? true : IsKnownToBeMissing(file) ? false : null;

    /// <inheritdoc/>
    public string? Read(string path)
    {
        try
        {
            return Rooted(path) is string file && File.Exists(file) ? Encoding.UTF8.GetString(BoundedFile.Read(file, MaxBytes)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool? IsReadableByAll(string path)
    {
        try
        {
            return Rooted(path) is string file && File.Exists(file)
                ? (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Relative paths and paths that lead out of the root are not known.</summary>
    /// <summary>What must not be looked at, below a folder of root's, is not missing for that.</summary>
    private static bool IsKnownToBeMissing(string file)
    {
        try
        {
            // It is there, and no file.
            _ = File.GetAttributes(file);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private string? Rooted(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && !path.Split('/').Contains("..")
            ? Path.Join(root, path)
            : null;
}

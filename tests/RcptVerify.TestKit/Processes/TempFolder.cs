namespace RcptVerify.TestKit.Processes;

/// <summary>A folder of its own below the machine's temporary folder, gone with its owner.</summary>
/// <remarks>
/// Mode 0755, because Postfix' daemons run as user postfix and must get in. <c>tests/run.sh</c> sets <c>TMPDIR</c>, so that whatever
/// a killed run leaves behind lies in one place it can clear.
/// </remarks>
public sealed class TempFolder : IDisposable
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Creates the folder.</summary>
    public TempFolder()
    {
        Path = Directory.CreateTempSubdirectory("rcptverify-").FullName;
        // Nothing here runs on Windows; the platform analyzer (CA1416) wants to read it.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, Readable);
        }
    }

    /// <summary>The folder's absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of something in the folder; nothing is created.</summary>
    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates a folder in the folder.</summary>
    /// <returns>Its absolute path.</returns>
    public string CreateFolder(string name) => Directory.CreateDirectory(Combine(name)).FullName;

    /// <summary>
    /// Writes a text file in the folder, as if long ago. Programs of Postfix wait until main.cf is two seconds old, since somebody may
    /// still be writing it.
    /// </summary>
    /// <returns>Its absolute path.</returns>
    public string WriteAged(string name, string text)
    {
        string path = Write(name, text);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50));
        return path;
    }

    /// <summary>Writes a text file in the folder, replacing an older one.</summary>
    /// <returns>Its absolute path.</returns>
    public string Write(string name, string text)
    {
        string path = Combine(name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The mode of a file or socket in the folder; none when it isn't there.</summary>
    public UnixFileMode ModeOf(string name) =>
        !OperatingSystem.IsWindows() && File.Exists(Combine(name)) ? File.GetUnixFileMode(Combine(name)) : UnixFileMode.None;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}

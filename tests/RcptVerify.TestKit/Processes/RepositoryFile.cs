namespace RcptVerify.TestKit.Processes;

/// <summary>Files of the working copy that the tests were built from: what is documented there is what is tested.</summary>
public static class RepositoryFile
{
    /// <summary>The folder that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run below it.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>The absolute path of a file or folder; nothing is created.</summary>
    /// <param name="path">Relative to the repository's root.</param>
    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>A text file's content.</summary>
    /// <param name="path">Relative to the repository's root.</param>
    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "RcptVerify.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests do not lie in the working copy they were built from.");
    }
}

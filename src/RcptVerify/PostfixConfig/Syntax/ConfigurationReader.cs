using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>Reads a configuration from where the user says it is.</summary>
internal static class ConfigurationReader
{
    /// <summary>Larger files are not read. No Postfix configuration comes near.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>
    /// A text that sets more of Postfix's parameters than this was printed by postconf without -n: all of them, also those that nobody
    /// set, would be judged as if somebody had written them.
    /// </summary>
    private const int MostWritten = 500;

    /// <summary>Reads a directory, a main.cf (with the master.cf beside it), or standard input.</summary>
    /// <param name="path">The path; <c>-</c> is <paramref name="input"/>.</param>
    /// <param name="input">What <c>-</c> reads.</param>
    /// <returns>The configuration, or why there is none.</returns>
    public static (PostfixConfiguration? Configuration, string? Error) Read(string path, TextReader input)
    {
        try
        {
            return path.Length == 0 ? (null, "the path is empty") : path == "-" ? ReadInput(input) : ReadPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"{path}: {e.Message}");
        }
    }

    private static (PostfixConfiguration?, string?) ReadPath(string path)
    {
        string main = Directory.Exists(path) ? Path.Combine(path, "main.cf") : path;
        string folder = Path.GetDirectoryName(Path.GetFullPath(main))!;
        string master = Path.Join(Path.GetDirectoryName(main), "master.cf");
        if (!Path.Exists(main))
            return (null, Directory.Exists(path) ? $"{path}: no main.cf in it" : $"{path}: no such file");
        // Two small files of a directory are named by themselves, anything else as the user wrote it.
        bool plain = Directory.Exists(path) || Path.GetFileName(path) == "main.cf";
        (SourceFile? mainFile, string? error) = ReadFile(main, plain ? "main.cf" : path);
        if (mainFile is null)
            return (null, error);
        if (!plain)
            return OfText(mainFile, folder);
        // What is there and is no file, or leads nowhere, is not the same as nothing.
        bool hasMaster = Path.Exists(master) || new FileInfo(master).LinkTarget is not null;
        (SourceFile? masterFile, error) = hasMaster ? ReadFile(master, "master.cf") : (null, null);
        if (error is not null)
            return (null, error);
        // Beside a master.cf an empty main.cf says that all is by default; by itself it is somebody's mistake.
        return masterFile is null && string.IsNullOrWhiteSpace(mainFile.Text) ? (null, $"{main}: it is empty, and there is no master.cf beside it")
            : (PostfixConfiguration.Of(mainFile, masterFile, folder), null);
    }

    private static bool IsName(string name) => name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-' or '.') && name.Length > 0;

    private static (SourceFile?, string?) ReadFile(string path, string name)
    {
        try
        {
            return (new SourceFile(name, BoundedFile.ReadText(path, MaxBytes)) { Path = path, Label = LabelOf(path) }, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path}: {e.Message}");
        }
    }

    /// <summary>The path as it was given, without what says nothing: build servers match annotations by their text.</summary>
    private static string LabelOf(string path)
    {
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..].TrimStart('/');
        return path;
    }

    private static (PostfixConfiguration?, string?) ReadInput(TextReader input)
    {
        char[] buffer = new char[64 * 1024];
        System.Text.StringBuilder text = new();
        for (int read = input.Read(buffer); read > 0; read = input.Read(buffer))
        {
            text.Append(buffer, 0, read);
            if (text.Length > MaxBytes)
                return (null, $"standard input: larger than {MaxBytes / 1024 / 1024} MB");
        }

        return OfText(new SourceFile("-", text.ToString()), null);
    }

    private static (PostfixConfiguration?, string?) OfText(SourceFile file, string? folder)
    {
        string name = file.Name == "-" ? "standard input" : file.Name;
        if (string.IsNullOrWhiteSpace(file.Text))
            return (null, $"{name}: it is empty");
        PostfixConfiguration configuration = PostfixConfiguration.OfMixed(file) with { Folder = folder };
        if (configuration.Master is null && !configuration.Main.Entries.Any(entry => IsName(entry.Name)))
            return (null, $"{name}: this is no main.cf: no line of it sets a parameter");
        int known = configuration.Main.Entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count(name => PostfixDefaults.Find(name) is not null);
        return known > MostWritten
            ? (null, $"{name}: it sets {known} parameters, as postconf prints them without -n; give what 'postconf -n; postconf -M' prints")
            : (configuration, null);
    }
}

namespace RcptVerify.Cli;

/// <summary>Says why a file cannot be read, which <see cref="File.Exists"/> does not: it takes every trouble for absence.</summary>
internal static class ReadableFile
{
    /// <summary>What is wrong; null where the file can be opened.</summary>
    /// <param name="path">Its path.</param>
    public static string? Problem(string path)
    {
        if (Directory.Exists(path))
            return "is a directory, not a file";
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => "permission denied",
                _ => Telemetry.LogEscape.Text(e.Message),
            };
        }
    }
}

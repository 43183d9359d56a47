using RcptVerify.Configuration;
using RcptVerify.Telemetry;

namespace RcptVerify.Hosting;

/// <summary>The admin token of a file, as <c>[admin] token_file</c> and <c>--token-file</c> name it.</summary>
internal static class AdminTokenFile
{
    /// <summary>Longest content: a token, spaces and line ends around it. 1 KiB.</summary>
    private const int MaxBytes = 1024;

    /// <summary>The token that the options name: that of the file, or that of the configuration itself; empty where there is none.</summary>
    /// <param name="options">The admin section.</param>
    /// <param name="exposed">Who else may read the file, as a sentence's end; empty where nobody does.</param>
    /// <exception cref="IOException">The file cannot be used; the message names it and never quotes it.</exception>
    public static string TokenOf(AdminOptions options, out string exposed)
    {
        exposed = "";
        return options.TokenFile.Length == 0 ? options.Token : Read(options.TokenFile, out exposed);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="exposed">As above.</param>
    /// <exception cref="IOException">As above.</exception>
    public static string Read(string path, out string exposed)
    {
        string shown = LogEscape.Text(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            // Of the descriptor, not of the path: nobody can change what is looked at between the two.
            UnixFileMode mode = File.GetUnixFileMode(file.SafeFileHandle);
            if ((mode & UnixFileMode.OtherWrite) != 0)
                throw new IOException($"the token file {shown} can be written to by everybody (mode {Octal(mode)}): whoever does chooses the token. chmod 0600 {shown}");
            // Readable by all is how containers mount their secrets (0444), where no other user is.
            exposed = (mode & UnixFileMode.OtherRead) != 0 ? $"everybody on this host may read the token file {shown} (mode {Octal(mode)}), and with it change the cache" : "";
            byte[] bytes = new byte[MaxBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string token = System.Text.Encoding.Latin1.GetString(bytes, 0, length).Trim(' ', '\t', '\r', '\n');
            if (!AdminTokenSyntax.IsToken(token))
                throw new IOException($"the token file {shown}: expected {AdminTokenSyntax.Description} and nothing else");
            return token;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"the token file {shown} does not exist", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(Directory.Exists(path) ? $"the token file {shown} is a directory" : $"user {Environment.UserName} may not read the token file {shown}", e);
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}

using System.Text;

namespace RcptVerify.Configuration;

/// <summary>Reads the bytes of a configuration file.</summary>
internal static class ConfigurationFile
{
    /// <summary>The file's text; null, with the reason among the errors, when it cannot be read, is too large or is not UTF-8.</summary>
    public static string? Read(string path, ErrorList errors)
    {
        Origin origin = Origin.Whole(Shown.Plain(path));
        try
        {
            return Decode(ReadBytes(path), origin, errors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add(origin, exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "is a directory, not a file",
                UnauthorizedAccessException => "permission denied",
                _ => $"cannot be read: {Shown.Plain(exception.Message)}",
            });
            return null;
        }
    }

    // One byte more than allowed is enough to know; the length of a pipe or a device is not to be asked.
    private static ReadOnlySpan<byte> ReadBytes(string path)
    {
        byte[] bytes = new byte[ConfigurationLimits.MaxFileBytes + 1];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        return bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, Origin origin, ErrorList errors)
    {
        if (bytes.Length > ConfigurationLimits.MaxFileBytes)
        {
            errors.Add(origin, "is larger than 1 MiB, which no configuration is");
            return null;
        }
        if (FindInvalid(bytes) is { } invalid)
        {
            errors.Add(invalid.At with { Source = origin.Source }, $"not UTF-8: byte 0x{invalid.Value:X2}");
            return null;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private static (Origin At, byte Value)? FindInvalid(ReadOnlySpan<byte> bytes)
    {
        int line = 1;
        int column = 1;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
                return (new Origin("", line, column), bytes[0]);
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            bytes = bytes[length..];
        }
        return null;
    }
}

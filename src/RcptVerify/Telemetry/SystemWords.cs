using System.Net.Sockets;

namespace RcptVerify.Telemetry;

/// <summary>The reason behind an exception of the file system in plain words, in place of .NET's, which repeat the path.</summary>
internal static class SystemWords
{
    /// <summary>Why a file or folder could not be used; our own messages stay as they are.</summary>
    public static string Of(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => $"permission denied for user {Environment.UserName}",
        PathTooLongException => "its name is too long",
        _ => exception.Message,
    };

    /// <summary>Why nobody was reached.</summary>
    /// <param name="exception">What connecting threw.</param>
    /// <param name="isUnix">Over a Unix socket: .NET calls a missing file an address that cannot be assigned.</param>
    public static string OfConnecting(SocketException exception, bool isUnix) => exception.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable when isUnix => "no such socket",
        SocketError.ConnectionRefused => "nobody listens there",
        SocketError.AccessDenied => $"permission denied for user {Environment.UserName}",
        _ => exception.Message,
    };

    /// <summary>As <see cref="Of"/>, of a file that was to be read: a directory is told apart, which .NET calls forbidden.</summary>
    /// <param name="exception">What opening or reading it threw.</param>
    /// <param name="path">The file.</param>
    public static string OfReading(Exception exception, string path) =>
        Directory.Exists(path) ? "is a directory, not a file" : Of(exception);
}

using System.Net.Sockets;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed class SystemWordsTests
{
    [Fact]
    public void Exceptions_of_files_become_the_reason_without_the_path()
    {
        using TempFolder folder = new();
        Assert.Equal("no such file", Read(folder.Combine("none")));
        Assert.Equal("no such file", Read(folder.Combine("none/file")));
        Assert.Equal("is a directory, not a file", Read(folder.Path));
        Assert.Equal($"permission denied for user {Environment.UserName}", SystemWords.Of(new UnauthorizedAccessException("Access to the path '/x' is denied.")));
        Assert.Equal("our own words", SystemWords.Of(new IOException("our own words")));
    }

    [Theory]
    [InlineData(SocketError.AddressNotAvailable, true, "no such socket")]
    [InlineData(SocketError.ConnectionRefused, true, "nobody listens there")]
    [InlineData(SocketError.ConnectionRefused, false, "nobody listens there")]
    public void Why_nobody_was_reached(SocketError error, bool isUnix, string words) =>
        Assert.Equal(words, SystemWords.OfConnecting(new SocketException((int)error), isUnix));

    private static string Read(string path)
    {
        Exception exception = Assert.ThrowsAny<Exception>(() => File.ReadAllBytes(path));
        return SystemWords.OfReading(exception, path);
    }
}

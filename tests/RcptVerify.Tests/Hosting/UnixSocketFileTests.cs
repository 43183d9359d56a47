using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Hosting;
using Xunit;

namespace RcptVerify.Tests.Hosting;

public sealed class UnixSocketFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rcptverify").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_socket_file_that_nobody_listens_on_is_removed()
    {
        string path = Path.Combine(_folder, "s");
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Bound and never listening, as a killed process leaves it; .NET removes the file when it is closed.
            left.Bind(new UnixDomainSocketEndPoint(path));
            UnixSocketFile.RemoveStale(path, NullLogger.Instance);
            Assert.False(File.Exists(path));
        }
    }

    [Fact]
    public void A_socket_that_somebody_listens_on_is_left_alone()
    {
        string path = Path.Combine(_folder, "s");
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(path));
        other.Listen();
        Assert.Contains("another process listens", Assert.Throws<IOException>(() => UnixSocketFile.RemoveStale(path, NullLogger.Instance)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("")]
    public void A_file_that_is_no_socket_is_left_alone(string content)
    {
        string path = Path.Combine(_folder, "notes");
        File.WriteAllText(path, content);
        Assert.Throws<IOException>(() => UnixSocketFile.RemoveStale(path, NullLogger.Instance));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_group_that_does_not_exist_is_an_error_that_names_it()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "");
        Assert.Contains("no-such-group", Assert.Throws<IOException>(() =>
            UnixSocketFile.SetAccess(path, UnixFileMode.UserRead, "no-such-group")).Message, StringComparison.Ordinal);
        UnixSocketFile.SetAccess(path, UnixFileMode.UserRead | UnixFileMode.GroupRead, "");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
    }
}

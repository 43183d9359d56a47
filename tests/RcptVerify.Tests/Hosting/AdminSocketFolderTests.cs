using RcptVerify.Hosting;
using RcptVerify.Telemetry;
using RcptVerify.TestKit.Processes;
using RcptVerify.Tests.Verification.Scripted;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>The default admin socket where nobody has made its folder.</summary>
public sealed class AdminSocketFolderTests
{
    [Fact]
    public void The_folder_is_made_where_that_is_possible_for_all_to_enter()
    {
        using TempFolder folder = new();
        ListLogger<object> log = new();
        Assert.True(AdminEndpoints.MayListen(folder.Combine("rcptverify/admin.sock"), log));
        Assert.Equal("rwxr-xr-x", Mode(folder.Combine("rcptverify")));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void Folders_above_it_are_never_made_and_the_log_says_that_there_is_no_socket_and_why()
    {
        using TempFolder folder = new();
        ListLogger<object> log = new();
        string path = folder.Combine("run/rcptverify/admin.sock");
        Assert.False(AdminEndpoints.MayListen(path, log));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        (int id, string text) = Assert.Single(log.Lines);
        Assert.Equal(EventIds.AdminDoorTaken, id);
        Assert.StartsWith(
            $"admin: cannot listen on unix:{path} (the folder {Path.GetDirectoryName(path)} does not exist, and user {Environment.UserName} may not create it)", text, StringComparison.Ordinal);
    }

    private static string Mode(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(i => ((int)mode & (0x100 >> i)) != 0 ? "rwxrwxrwx"[i] : '-'));
    }
}

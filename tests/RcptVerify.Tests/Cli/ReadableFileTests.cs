using RcptVerify.Cli;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.Cli;

public sealed class ReadableFileTests
{
    [Fact]
    public void The_real_reason_is_named()
    {
        using TempFolder folder = new();
        string file = folder.Write("file", "x");
        File.CreateSymbolicLink(folder.Combine("loop"), folder.Combine("loop"));
        Assert.Null(ReadableFile.Problem(file));
        Assert.Equal("is a directory, not a file", ReadableFile.Problem(folder.Path));
        Assert.Equal("no such file", ReadableFile.Problem(folder.Combine("none")));
        Assert.Equal("no such file", ReadableFile.Problem(folder.Combine("none/file")));
        Assert.NotEqual("no such file", ReadableFile.Problem(folder.Combine("loop")));
        Assert.NotNull(ReadableFile.Problem(folder.Combine("loop")));
    }
}

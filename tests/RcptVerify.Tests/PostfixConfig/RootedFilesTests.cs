using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

public sealed class RootedFilesTests
{
    [Fact]
    public void What_cannot_be_looked_at_is_not_missing_for_that()
    {
        using TempFolder root = new();
        root.Write("there", "text");
        root.CreateFolder("folder");
        RootedFiles files = new(root.Path);

        Assert.True(files.Exists("/there"));
        Assert.False(files.Exists("/gone"));
        Assert.False(files.Exists("/gone/too"));
        Assert.False(files.Exists("/there/under"));
        Assert.False(files.Exists("/folder"));
        // A name that no file system takes stands for what only root may see.
        Assert.Null(files.Exists("/" + new string('n', 300)));
        Assert.Null(files.Exists("relative"));
        Assert.Null(files.Exists("/../there"));
    }
}

using System.Diagnostics;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Syntax;

/// <summary>Files that are none, that never end, or that nobody writes to: a message, neither a hang nor a fault.</summary>
public sealed class BoundedFileTests
{
    [Theory]
    [InlineData("/dev/zero", "larger than 64 MB")]
    [InlineData("/nowhere/main.cf", "no such file")]
    [InlineData("", "the path is empty")]
    public void What_cannot_be_read_is_said_in_one_line(string path, string error) =>
        Assert.Contains(error, Error(path), StringComparison.Ordinal);

    [Theory]
    [InlineData("main.cf")]
    [InlineData("master.cf")]
    public void A_pipe_without_a_writer_is_not_waited_for(string name)
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "");
        File.Delete(folder.Combine(name));
        using (Process made = Process.Start("mkfifo", folder.Combine(name)))
            made.WaitForExit();

        Assert.Contains("a pipe that nobody writes to", Error(folder.Path), StringComparison.Ordinal);
        Assert.Null(new RootedFiles(folder.Path).Read("/" + name));
    }

    [Fact]
    public async Task What_is_written_to_a_pipe_is_read_to_its_end()
    {
        using TempFolder folder = new();
        string pipe = folder.Combine("postconf");
        using (Process made = Process.Start("mkfifo", pipe))
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        using FileStream writer = new(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        writer.Write("x = 1\n"u8);
        Task<string> read = Task.Run(() => BoundedFile.ReadText(pipe, 1000), TestContext.Current.CancellationToken);
        // Were the writer gone before the reader is there, what is in the pipe would be gone as well.
        await Eventually.HoldsAsync(() => Opened(pipe) == 2, "the pipe opened", TimeSpan.FromSeconds(30));
        await writer.DisposeAsync();
        Assert.Equal("x = 1\n", await read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_master_cf_that_is_there_and_no_file_is_not_taken_for_none(bool isFolder)
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "");
        if (isFolder)
            folder.CreateFolder("master.cf");
        else
            File.CreateSymbolicLink(folder.Combine("master.cf"), folder.Combine("gone"));

        Assert.StartsWith(folder.Combine("master.cf"), Error(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void UTF_16_is_named_and_a_mark_of_UTF_8_is_a_part_of_the_text_as_it_is_for_Postfix()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.Combine("main.cf"), "x = 1\n", System.Text.Encoding.Unicode);
        Assert.Contains("UTF-16", Error(folder.Path), StringComparison.Ordinal);

        File.WriteAllBytes(folder.Combine("main.cf"), [0xEF, 0xBB, 0xBF, .. "x = 1\n"u8]);
        Assert.Equal("\uFEFFx", ConfigurationReader.Read(folder.Path, TextReader.Null).Configuration!.Main.Entries[0].Name);
    }

    private static string Error(string path)
    {
        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read(path, TextReader.Null);
        Assert.Null(configuration);
        return error!;
    }

    /// <summary>How often this process has a file open.</summary>
    private static int Opened(string path) => Directory.EnumerateFiles("/proc/self/fd").Count(descriptor => new FileInfo(descriptor).LinkTarget == path);
}

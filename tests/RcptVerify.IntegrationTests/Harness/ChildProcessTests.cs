using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Harness;

/// <summary>Programs under test are started, watched and ended as told.</summary>
public sealed class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_signal_reaches_the_process_and_its_words_and_exit_code_come_back()
    {
        await using ChildProcess child = new(
            "bash", ["-c", "trap 'echo hup >&2' HUP; trap 'echo term; exit 7' TERM; echo ready $GREETING; while :; do read -rt 1 <> <(:); done"],
            new Dictionary<string, string> { ["GREETING"] = "world" });
        await child.Output.WaitForAsync("^ready world$", Patience);
        Assert.InRange(child.ResidentBytes, 100_000, 100_000_000);
        child.Signal(UnixSignal.Hangup);
        await child.Output.WaitForAsync("^hup$", Patience);
        Assert.False(child.HasExited);
        child.Signal(UnixSignal.Terminate);
        Assert.Equal(7, await child.WaitForExitAsync(Patience));
        Assert.Equal("ready world\nhup\nterm", child.Output.Text);
    }

    [Fact]
    public async Task A_killed_process_ends_with_128_and_the_signal()
    {
        await using ChildProcess child = new("sleep", ["600"]);
        child.Signal(UnixSignal.Kill);
        Assert.Equal(128 + 9, await child.WaitForExitAsync(Patience));
        child.Signal(UnixSignal.Terminate);
    }

    [Fact]
    public async Task Disposing_ends_the_process()
    {
        ChildProcess child = new("sleep", ["600"]);
        int id = child.Id;
        await child.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task A_line_that_never_comes_is_a_timeout_that_shows_what_came()
    {
        await using ChildProcess child = new("echo", ["something else"]);
        await child.WaitForExitAsync(Patience);
        TimeoutException e = await Assert.ThrowsAsync<TimeoutException>(
            () => child.Output.WaitForAsync("listening", TimeSpan.FromMilliseconds(50)));
        Assert.Contains("something else", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_lies_beside_the_tests() => Assert.True(File.Exists(DaemonProcess.Executable), DaemonProcess.Executable);
}

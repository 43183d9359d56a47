using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Cli.Cache;
using RcptVerify.TestKit.Processes;
using RcptVerify.Tests.Verification.Scripted;
using Spectre.Console;
using Xunit;

namespace RcptVerify.Tests.Cli;

/// <summary>The bar of an import, on a terminal that keeps what is drawn.</summary>
public sealed class ImportProgressTests : IDisposable
{
    private const int Length = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider _time = new();
    private readonly Screen _screen = new();

    [Fact]
    public async Task The_bar_shows_how_much_of_the_file_has_been_read_and_is_gone_at_the_end()
    {
        MemoryStream input = new(new byte[Length]);
        TaskCompletionSource<string> end = new();
        Task<string> shown = ShowAsync(input, async _ => await end.Task);

        foreach (int percent in new[] { 25, 75, 100 })
        {
            input.Position = Length * percent / 100;
            await UntilDrawnAsync($"{percent}%");
        }

        Assert.Contains("import", _screen.Text, StringComparison.Ordinal);
        Assert.False(shown.IsCompleted);
        end.SetResult("2 taken");
        Assert.Equal("2 taken", await shown.Soon());
        Assert.DoesNotContain("import", _screen.Text[_screen.Text.LastIndexOf("\u001b[2K", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_has_closed_its_file_before_its_answer_is_there_is_shown_as_read()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, new byte[Length], TestContext.Current.CancellationToken);
            TaskCompletionSource<string> end = new();
            FileStream input = File.OpenRead(file);
            Task<string> shown = ShowAsync(input, async stream =>
            {
                await stream.DisposeAsync();
                return await end.Task;
            });

            await UntilDrawnAsync("100%");
            end.SetResult("2 taken");
            Assert.Equal("2 taken", await shown.Soon());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_ends_the_import_comes_out_behind_the_bar()
    {
        TaskCompletionSource<string> end = new();
        Task<string> shown = ShowAsync(new MemoryStream(new byte[Length]), async _ => await end.Task);
        await UntilDrawnAsync("import");
        end.SetException(new HttpRequestException("gone"));
        Assert.Equal("gone", (await Assert.ThrowsAsync<HttpRequestException>(() => shown.Soon())).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(null)]
    public async Task Without_a_length_there_is_no_bar(int? length)
    {
        Stream input = length is int known ? new MemoryStream(new byte[known]) : new Endless();
        Assert.Equal("done", await ShowAsync(input, _ => Task.FromResult("done")).Soon());
        Assert.Equal("", _screen.Text);
    }

    public void Dispose() => _screen.Dispose();

    private Task<string> ShowAsync(Stream input, Func<Stream, Task<string>> run)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(_screen),
        });
        console.Profile.Width = 80;
        return ImportProgress.ShowAsync(input, run, console, _time);
    }

    /// <summary>The bar is drawn by a clock of its own; how far the import has come is looked at by the test's.</summary>
    private Task UntilDrawnAsync(string text) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(Interval);
            return _screen.Text.Contains(text, StringComparison.Ordinal);
        },
        text, TimeSpan.FromSeconds(20), () => _screen.Text);

    private sealed class Screen() : StringWriter(CultureInfo.InvariantCulture)
    {
        private readonly Lock _lock = new();

        public string Text
        {
            get
            {
                lock (_lock)
                    return ToString();
            }
        }

        public override void Write(char value)
        {
            lock (_lock)
                base.Write(value);
        }

        public override void Write(string? value)
        {
            lock (_lock)
                base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_lock)
                base.Write(buffer, index, count);
        }
    }

    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;
    }
}

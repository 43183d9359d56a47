using Spectre.Console;

namespace RcptVerify.Cli.Cache;

/// <summary>How far an import has come: a bar on a terminal, nothing elsewhere.</summary>
internal static class ImportProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs an import.</summary>
    /// <param name="input">What is read; a bar needs one of known length.</param>
    /// <param name="run">The import. May dispose of its input.</param>
    /// <returns>What it returns.</returns>
    public static Task<T> ShowAsync<T>(Stream input, Func<Stream, Task<T>> run) => Console.IsErrorRedirected
        ? run(input)
        : ShowAsync(input, run, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), TimeProvider.System);

    /// <summary>Runs an import that is shown on a terminal.</summary>
    /// <param name="input">What is read; a bar needs one of known length.</param>
    /// <param name="run">The import. May dispose of its input.</param>
    /// <param name="console">The terminal.</param>
    /// <param name="time">When to look how far it has come.</param>
    /// <returns>What it returns.</returns>
    internal static async Task<T> ShowAsync<T>(Stream input, Func<Stream, Task<T>> run, IAnsiConsole console, TimeProvider time)
    {
        if (!input.CanSeek || input.Length == 0)
            return await run(input);
        long length = input.Length;
        Task<T> running = run(input);
        await console.Progress().AutoClear(true).StartAsync(async progress =>
        {
            ProgressTask bar = progress.AddTask("import", maxValue: length);
            while (await Task.WhenAny(running, Task.Delay(Interval, time)) != running)
                bar.Value = PositionOf(input) ?? length;
        });
        return await running;
    }

    /// <summary>Null once it is closed: the request was sent, and its answer is being read.</summary>
    private static long? PositionOf(Stream input)
    {
        try
        {
            return input.Position;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}

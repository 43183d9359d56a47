using Spectre.Console;

namespace RcptVerify.Cli.Cache;

/// <summary>How far an import has come: a bar on a terminal, nothing elsewhere.</summary>
internal static class ImportProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs an import.</summary>
    /// <param name="input">What is read; a bar needs one of known length.</param>
    /// <param name="run">The import.</param>
    /// <returns>What it returns.</returns>
    public static async Task<T> ShowAsync<T>(Stream input, Func<Stream, Task<T>> run)
    {
        if (Console.IsErrorRedirected || !input.CanSeek || input.Length == 0)
            return await run(input);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        Task<T> running = run(input);
        await console.Progress().AutoClear(true).StartAsync(async progress =>
        {
            ProgressTask bar = progress.AddTask("import", maxValue: input.Length);
            while (await Task.WhenAny(running, Task.Delay(Interval, TimeProvider.System)) != running)
                bar.Value = input.Position;
        });
        return await running;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace RcptVerify.TestKit.Processes;

/// <summary>A program a test has started: its output is captured, and it does not outlive its owner.</summary>
public class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    /// <summary>Starts the program without a shell.</summary>
    /// <param name="program">Its path, or a name looked up in PATH.</param>
    /// <param name="arguments">Each one as the program shall see it.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public ChildProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Output.Add(e.Data);
        _process.ErrorDataReceived += (_, e) => Output.Add(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written.</summary>
    public CapturedOutput Output { get; } = new();

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory in bytes (VmRSS of /proc/PID/status, proc(5)).</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and all it wrote.</returns>
    /// <exception cref="TimeoutException">It did not end in time; it is killed.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, TimeSpan within)
    {
        await using ChildProcess child = new(program, arguments);
        int exitCode = await child.WaitForExitAsync(within);
        return (exitCode, child.Output.Text);
    }

    /// <summary>Sends a signal to this process and to no other.</summary>
    public void Signal(UnixSignal signal)
    {
        // The runtime reaps its children when they end; past HasExited the number may belong to somebody else.
        if (!_process.HasExited)
        {
            UnixSignals.Send(_process.Id, signal);
        }
    }

    /// <summary>Waits until it has ended and its output is read to the end.</summary>
    /// <returns>The exit code; 128 + n after a deadly signal n.</returns>
    /// <exception cref="TimeoutException">It still runs; the message holds its output.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan within)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(within, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} still runs after {within.TotalSeconds:0.#} s. Its output:\n{Output.Text}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(UnixSignal.Kill);
            await WaitForExitAsync(ExitPatience);
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }
}

using System.Net;

namespace RcptVerify.TestKit.Processes;

/// <summary>The <c>rcptverify</c> program as built, running as its users run it.</summary>
public sealed class DaemonProcess : ChildProcess
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    /// <summary>Starts <c>rcptverify</c> with these arguments.</summary>
    public DaemonProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        : base(Executable, arguments, environment)
    {
    }

    /// <summary>Where the program lies: the build puts a referenced executable beside the test assembly.</summary>
    public static string Executable => Path.Combine(AppContext.BaseDirectory, "rcptverify");

    /// <summary>Runs <c>serve -c FILE</c> and waits until it listens.</summary>
    /// <param name="configurationFile">The TOML file.</param>
    /// <param name="listeners">The sockets to wait for.</param>
    /// <exception cref="TimeoutException">It ended or did not listen; the message holds what it wrote.</exception>
    public static async Task<DaemonProcess> ServeAsync(string configurationFile, params IEnumerable<EndPoint> listeners)
    {
        DaemonProcess daemon = new(["serve", "-c", configurationFile]);
        try
        {
            foreach (EndPoint listener in listeners)
            {
                await daemon.WaitForListenerAsync(listener);
            }

            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the daemon accepts connections there.</summary>
    /// <exception cref="TimeoutException">Nothing listened within 20 s, or it has ended instead; the message holds what it wrote.</exception>
    public Task WaitForListenerAsync(EndPoint endpoint) =>
        Eventually.ListensAsync(endpoint, StartPatience, () => Output.Text, stillPossible: () => !HasExited);

    /// <summary>SIGTERM, then waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync(TimeSpan within)
    {
        Signal(UnixSignal.Terminate);
        return WaitForExitAsync(within);
    }
}

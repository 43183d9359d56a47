using System.Net;
using RcptVerify.IntegrationTests.Serving;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>One of several daemons with one Redis between them.</summary>
internal sealed class SharingDaemon : IAsyncDisposable
{
    public const string Known = "exists.lab.test";
    public const string Unknown = "unknown.lab.test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();
    private readonly string _configuration;
    private DaemonProcess? _process;

    private SharingDaemon(string redis, int knownPort, int unknownPort, string cache)
    {
        DaemonConfiguration configuration = new()
        {
            Listen = $"inet:{Policy}",
            Redis = redis,
            Cache = cache,
            Admin = $"listen = \"\"\nsocket = \"{_folder.Combine("admin.sock")}\"",
        };
        _configuration = _folder.Write("rcptverify.toml", configuration.Route(Known, knownPort).Route(Unknown, unknownPort).ToString());
    }

    public IPEndPoint Policy { get; } = new(IPAddress.Loopback, FreePort.Next());

    /// <summary>Starts one and waits until it uses Redis.</summary>
    /// <param name="redis">The connection string.</param>
    /// <param name="knownPort">The server of <see cref="Known"/>.</param>
    /// <param name="unknownPort">The server of <see cref="Unknown"/>.</param>
    /// <param name="cache">More lines of the cache section.</param>
    public static async Task<SharingDaemon> StartAsync(string redis, int knownPort, int unknownPort, string cache = "")
    {
        SharingDaemon daemon = new(redis, knownPort, unknownPort, cache);
        DaemonProcess process = daemon._process = await DaemonProcess.ServeAsync(daemon._configuration, daemon.Policy);
        await Eventually.HoldsAsync(
            () => process.Output.Text.Contains(": in use", StringComparison.Ordinal), "Redis in use", Patience,
            () => process.Output.Text, () => !process.HasExited);
        return daemon;
    }

    public Task<PolicyClient> ConnectAsync() => PolicyClient.ConnectAsync(Policy);

    public async Task<string> AskAsync(string recipient)
    {
        using PolicyClient client = await ConnectAsync();
        return await client.AskAsync(recipient);
    }

    /// <summary>Runs <c>cache</c> against it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> CacheAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync(DaemonProcess.Executable, ["cache", .. arguments, "-c", _configuration], Patience)).ExitCode;

    public async Task KillAsync()
    {
        _process!.Signal(UnixSignal.Kill);
        await _process.WaitForExitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}

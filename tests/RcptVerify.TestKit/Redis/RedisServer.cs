using System.Globalization;
using System.Net;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Redis;

/// <summary>A real redis-server on a loopback port, in a folder of its own, keeping nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();
    private string[] _arguments;
    private ChildProcess? _process;

    private string[] _cliArguments = [];

    private RedisServer(string[] arguments) => _arguments = arguments;

    /// <summary>Its port; kept over restarts.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The connection string of a client without a user.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts one.</summary>
    /// <param name="arguments">Beside the usual: redis.conf's directives as arguments.</param>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        RedisServer server = new(arguments);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts one that speaks TLS and nothing else.</summary>
    /// <param name="certificates">Whose.</param>
    /// <param name="arguments">Beside the usual: redis.conf's directives as arguments.</param>
    public static async Task<RedisServer> StartTlsAsync(RedisCertificates certificates, params string[] arguments)
    {
        RedisServer server = new(arguments);
        server.Take(certificates);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Has it show other certificates from its next start on.</summary>
    public void Take(RedisCertificates certificates)
    {
        _arguments = [.. _arguments, .. certificates.ServerArguments(Port.ToString(CultureInfo.InvariantCulture))];
        _cliArguments = certificates.CliArguments;
    }

    /// <summary>Starts it on the same port, empty.</summary>
    public async Task StartAgainAsync()
    {
        string port = Port.ToString(CultureInfo.InvariantCulture);
        _process = new ChildProcess("/usr/bin/redis-server",
            ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.Path, .. _arguments]);
        await Eventually.ListensAsync(
            new IPEndPoint(IPAddress.Loopback, Port), Patience, () => _process.Output.Text, () => !_process.HasExited);
    }

    /// <summary>Sends it a signal; after <see cref="UnixSignal.Kill"/> it is gone when this returns.</summary>
    public async Task SignalAsync(UnixSignal signal)
    {
        _process!.Signal(signal);
        if (signal == UnixSignal.Kill)
            await _process.WaitForExitAsync(Patience);
    }

    /// <summary>Runs redis-cli against it.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> CliAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync("/usr/bin/redis-cli", ["-p", Port.ToString(CultureInfo.InvariantCulture), .. _cliArguments, .. arguments], Patience)).Output;

    /// <summary>How often a command was called since the start, by Redis' own count.</summary>
    public async Task<int> CallsAsync(string command)
    {
        string stats = await CliAsync("info", "commandstats");
        string? line = stats.Split('\n').FirstOrDefault(l => l.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split('=')[1].Split(',')[0], CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}

using System.Globalization;
using System.Net;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Redis;

/// <summary>A primary, a replica, and three Sentinels of which two must agree that the primary is gone.</summary>
public sealed class RedisSentinels : IAsyncDisposable
{
    /// <summary>The name under which the Sentinels know the primary.</summary>
    public const string ServiceName = "verdicts";

    private const int Count = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();
    private readonly List<ChildProcess> _sentinels = [];
    private readonly int[] _ports = [.. Enumerable.Range(0, Count).Select(_ => FreePort.Next())];

    private RedisSentinels(RedisServer primary, RedisServer replica)
    {
        Primary = primary;
        Replica = replica;
    }

    /// <summary>The primary at the start.</summary>
    public RedisServer Primary { get; }

    /// <summary>The replica at the start.</summary>
    public RedisServer Replica { get; }

    /// <summary>The Sentinels, as a connection string names servers.</summary>
    public string Endpoints => string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"));

    /// <summary>Starts all of them.</summary>
    /// <param name="withSentinels">False: these with <see cref="StartSentinelsAsync"/>.</param>
    public static async Task<RedisSentinels> StartAsync(bool withSentinels = true)
    {
        RedisServer primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        RedisServer replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        RedisSentinels all = new(primary, replica);
        try
        {
            await Eventually.HoldsAsync(
                async () => (await replica.CliAsync("info", "replication")).Contains("master_link_status:up", StringComparison.Ordinal), "the replica in step", Patience);
            if (withSentinels)
                await all.StartSentinelsAsync();
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the Sentinels and waits until each knows the others and the replica.</summary>
    public async Task StartSentinelsAsync()
    {
        foreach (int port in _ports)
        {
            string configuration = _folder.Write($"{port}.conf", $"""
                port {port}
                bind 127.0.0.1
                dir {_folder.Path}
                sentinel monitor {ServiceName} 127.0.0.1 {Primary.Port} 2
                sentinel down-after-milliseconds {ServiceName} 1000
                sentinel failover-timeout {ServiceName} 5000

                """);
            ChildProcess sentinel = new("/usr/bin/redis-server", [configuration, "--sentinel"]);
            _sentinels.Add(sentinel);
            await Eventually.ListensAsync(
                new IPEndPoint(IPAddress.Loopback, port), Patience, () => sentinel.Output.Text, () => !sentinel.HasExited);
        }

        foreach (int port in _ports)
        {
            await Eventually.HoldsAsync(
                async () => await CliAsync(port, "info", "sentinel") is string info
                    && info.Contains($"status=ok,address=127.0.0.1:{Primary.Port},slaves=1,sentinels={Count}", StringComparison.Ordinal),
                "Sentinels that know each other", Patience);
        }
    }

    /// <summary>Waits until the Sentinels name another primary.</summary>
    public async Task UntilFailedOverAsync()
    {
        foreach (int port in _ports)
        {
            await Eventually.HoldsAsync(
                async () => (await CliAsync(port, "sentinel", "get-master-addr-by-name", ServiceName))
                    .Contains(Replica.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
                "the replica named as primary", Patience);
        }
    }

    /// <summary>The clients connected to the Sentinels, other Sentinels not counted.</summary>
    public async Task<int> ClientsAsync()
    {
        int clients = 0;
        foreach (int port in _ports)
        {
            string list = await CliAsync(port, "client", "list");
            clients += list.Split('\n').Count(line => line.Contains(" name= ", StringComparison.Ordinal) && !line.Contains("cmd=client", StringComparison.Ordinal));
        }

        return clients;
    }

    /// <summary>Commands the first Sentinel has been given so far.</summary>
    public async Task<int> CommandsAsync()
    {
        string stats = await CliAsync(_ports[0], "info", "stats");
        string line = stats.Split('\n').First(l => l.StartsWith("total_commands_processed:", StringComparison.Ordinal));
        return int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess sentinel in _sentinels)
            await sentinel.DisposeAsync();
        await Replica.DisposeAsync();
        await Primary.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> CliAsync(int port, params string[] arguments) =>
        (await ChildProcess.RunAsync("/usr/bin/redis-cli", ["-p", port.ToString(CultureInfo.InvariantCulture), .. arguments], Patience)).Output;
}

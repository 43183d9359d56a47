using System.Globalization;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Redis;

/// <summary>Three redis-servers that are one cluster, a third of the hash slots each.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (string First, string Last)[] Slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
    private readonly List<RedisServer> _servers = [];

    private RedisCluster()
    {
    }

    /// <summary>Its servers.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>The connection string of a client without a user.</summary>
    public string ConnectionString => string.Join(',', _servers.Select(server => server.ConnectionString));

    /// <summary>Starts one and waits until all its servers agree that it works.</summary>
    public static async Task<RedisCluster> StartAsync()
    {
        RedisCluster cluster = new();
        try
        {
            await cluster.JoinAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer server in _servers)
            await server.DisposeAsync();
    }

    private async Task JoinAsync()
    {
        foreach ((string first, string last) in Slots)
        {
            string bus = FreePort.Next().ToString(CultureInfo.InvariantCulture); // by default 10000 above the port, which may not exist
            RedisServer server = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", bus);
            _servers.Add(server);
            await server.CliAsync("cluster", "set-config-epoch", _servers.Count.ToString(CultureInfo.InvariantCulture));
            await server.CliAsync("cluster", "addslotsrange", first, last);
            await _servers[0].CliAsync("cluster", "meet", "127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture), bus);
        }

        foreach (RedisServer server in _servers)
        {
            await Eventually.HoldsAsync(
                async () => await server.CliAsync("cluster", "info") is string info
                    && info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_size:3", StringComparison.Ordinal),
                "a cluster of three", Patience);
        }
    }
}

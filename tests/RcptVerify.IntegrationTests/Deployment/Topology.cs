using System.Net;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using Xunit;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>All of <c>docker/compose.yaml</c> as processes on this machine: two nodes, one Redis, one simulated Exchange that is counted.</summary>
public sealed class Topology : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];

    /// <summary>What is sent to the Exchange, by both daemons and both Postfixes.</summary>
    public CountingProxy Exchange { get; private set; } = null!;

    internal MailNode One { get; private set; } = null!;

    internal MailNode Two { get; private set; } = null!;

    /// <summary>How often a recipient was asked about, whoever asked.</summary>
    public int Probes(string recipient) => Exchange.CountOf($"RCPT TO:<{recipient}>");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        ComposeFile file = ComposeFile.Load();
        RedisServer redis = await RedisServer.StartAsync([.. file.Services["redis"].Command.Skip(1)]);
        _owned.Add(redis);

        int port = FreePort.Next();
        DaemonProcess exchange = new(file.Services["exchange"].Command.Select(word => word switch
        {
            "inet:0.0.0.0:2525" => $"inet:127.0.0.1:{port}",
            "@/etc/rcptverify/recipients.txt" => "@" + RepositoryFile.PathOf("docker/recipients.txt"),
            _ => word,
        }));
        _owned.Add(exchange);
        await exchange.WaitForListenerAsync(new IPEndPoint(IPAddress.Loopback, port));
        _owned.Add(Exchange = new CountingProxy(port));

        _owned.Add(One = await MailNode.StartAsync(1, Exchange.Port, redis.Port));
        _owned.Add(Two = await MailNode.StartAsync(2, Exchange.Port, redis.Port));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in Enumerable.Reverse(_owned))
            await one.DisposeAsync();
    }
}

using System.Globalization;
using System.Net;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>The tests that share one <see cref="DoorsFixture"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDoors : ICollectionFixture<DoorsFixture>
{
    public const string Name = "doors";
}

/// <summary>
/// One Postfix with an smtpd for each way of asking us, two daemons that differ in <c>answer_at</c>, and the servers behind them. What is
/// accepted is discarded.
/// </summary>
public sealed class DoorsFixture : IAsyncLifetime
{
    /// <summary>The mailboxes that exist.</summary>
    private static readonly string[] KnownRecipients =
    [
        "alice@lab.test", "bob@lab.test", "two words@lab.test", "jürgen@lab.test", "a..b@lab.test", "o'hara=x/y@lab.test",
        "user@xn--bcher-kva.lab.test", "user@bücher.lab.test", "alice@a.deep.lab.test",
    ];

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _owned = [];

    /// <summary>The smtpds by the name that the matrix has for them.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; private set; } = new Dictionary<string, int>();

    /// <summary>Where the policy server expects END-OF-MESSAGE instead of DATA.</summary>
    public int EndOfMessagePort { get; private set; }

    /// <summary>The same as "policy data", with <c>mixed = "reject"</c>.</summary>
    public int RejectPort { get; private set; }

    /// <summary>The same as "milter data", with <c>mixed = "reject"</c>.</summary>
    public int MilterRejectPort { get; private set; }

    /// <summary>A policy door that is asked at DATA alone.</summary>
    public int BlindPort { get; private set; }

    /// <summary>The Postfix.</summary>
    public PostfixInstance Postfix { get; private set; } = null!;

    /// <summary>The daemon that answers at DATA.</summary>
    public DaemonProcess AtData { get; private set; } = null!;

    /// <summary>Adds a mailbox, or takes it away.</summary>
    public ExchangeSimulator Exchange { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Exchange = await StartAsync("edge");
        ExchangeSimulator later = await StartAsync("tempfail");
        IPEndPoint[] sockets = [.. Enumerable.Range(0, 7).Select(_ => new IPEndPoint(IPAddress.Loopback, FreePort.Next()))];
        string routes = string.Create(CultureInfo.InvariantCulture, $"""
            [admin]
            listen = ""
            socket = ""
            [cache]
            store = "memory"
            [probe]
            sender = "probe@mx.mta.test"
            client_refused_limit = ""
            [[route]]
            domains = ["lab.test", ".deep.lab.test", "bücher.lab.test"]
            servers = ["127.0.0.1:{Exchange.EndPoint.Port}"]
            target = "rcpt"
            tls = "none"
            recipient_delimiter = "+"
            always_accept = ["postmaster", "listed"]
            [[route]]
            domains = ["later.lab.test"]
            servers = ["127.0.0.1:{later.EndPoint.Port}"]
            target = "rcpt"
            tls = "none"
            """);
        await ServeAsync("rcpt", $"""
            [policy]
            listen = ["inet:{sockets[0]}"]
            [milter]
            listen = ["inet:{sockets[1]}"]
            [socketmap]
            listen = ["inet:{sockets[2]}"]
            {routes}
            """, sockets[..3]);
        AtData = await ServeAsync("data", DataSections(sockets[3], sockets[4], "defer") + routes, sockets[3..5]);
        await ServeAsync("reject", DataSections(sockets[5], sockets[6], "reject") + routes, sockets[5..]);

        PostfixBuilder builder = new();
        builder.Main("recipient_delimiter = +").Main("relay_transport = discard:").Main("default_transport = discard:")
            .Main("milter_default_action = tempfail");
        Ports = new Dictionary<string, int>
        {
            ["policy rcpt"] = builder.SmtpdAsking($"inet:{sockets[0]}"),
            ["policy data"] = builder.SmtpdAsking($"inet:{sockets[3]}", $"smtpd_data_restrictions = check_policy_service inet:{sockets[3]}"),
            ["milter rcpt"] = builder.Smtpd($"smtpd_milters = inet:{sockets[1]}"),
            ["milter data"] = builder.Smtpd($"smtpd_milters = inet:{sockets[4]}"),
            ["socketmap"] = builder.Smtpd($"relay_recipient_maps = socketmap:inet:{sockets[2]}:recipients"),
        };
        EndOfMessagePort = builder.SmtpdAsking($"inet:{sockets[3]}", $"smtpd_end_of_data_restrictions = check_policy_service inet:{sockets[3]}");
        RejectPort = builder.SmtpdAsking($"inet:{sockets[5]}", $"smtpd_data_restrictions = check_policy_service inet:{sockets[5]}");
        MilterRejectPort = builder.Smtpd($"smtpd_milters = inet:{sockets[6]}");
        BlindPort = builder.Smtpd($"smtpd_data_restrictions = check_policy_service inet:{sockets[3]}");
        _owned.Add(Postfix = await builder.StartAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in _owned.Reverse<IAsyncDisposable>())
            await one.DisposeAsync();
        _folder.Dispose();
    }

    private static string DataSections(IPEndPoint policy, IPEndPoint milter, string mixed) => $"""
        [policy]
        listen = ["inet:{policy}"]
        answer_at = "data"
        mixed = "{mixed}"
        [milter]
        listen = ["inet:{milter}"]
        answer_at = "data"
        mixed = "{mixed}"

        """;

    private async Task<DaemonProcess> ServeAsync(string name, string configuration, IEnumerable<EndPoint> sockets)
    {
        DaemonProcess daemon = await DaemonProcess.ServeAsync(_folder.Write(name + ".toml", configuration), sockets);
        _owned.Add(daemon);
        return daemon;
    }

    private async Task<ExchangeSimulator> StartAsync(string behaviour)
    {
        ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            // A refusal takes its time, as Exchange's does: one that comes while RCPT is still being answered is said there and then.
            new SimulationOptions { Behaviour = behaviour, Known = KnownRecipients, TarpitInterval = TimeSpan.FromMilliseconds(500) },
            TestContext.Current.CancellationToken);
        _owned.Add(simulator);
        return simulator;
    }
}

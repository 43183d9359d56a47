using System.Globalization;
using System.Net;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>The classes that share one <see cref="MilterRulesFixture"/>.</summary>
[CollectionDefinition(nameof(MilterRulesFixture))]
public sealed class MilterRulesGroup : ICollectionFixture<MilterRulesFixture>;

/// <summary>
/// One Postfix with users to authenticate, transports to one stand-in for Exchange, and daemons whose <c>[milter]</c> sections differ,
/// each behind a port of its own.
/// </summary>
public sealed class MilterRulesFixture : IAsyncLifetime
{
    /// <summary>The user of Postfix.</summary>
    public const string User = "sales";

    /// <summary>His password.</summary>
    public const string Password = "correct horse";

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly Dictionary<string, DaemonProcess> _daemons = [];
    private readonly Dictionary<string, int> _ports = [];
    private readonly PostfixBuilder _builder = new();
    private ExchangeSimulator _exchange = null!;
    private FakeDovecotAuth _users = null!;

    /// <summary>Where Exchange listens.</summary>
    public int ExchangePort => _exchange.EndPoint.Port;

    /// <summary>The SMTP port whose milter has these rules.</summary>
    public int PortOf(string rules) => _ports[rules];

    /// <summary>The daemon that has these rules.</summary>
    public DaemonProcess DaemonOf(string rules) => _daemons[rules];

    /// <summary>Gives a daemon other rules and tells it to read them.</summary>
    public async Task ReloadAsync(string rules, string lines)
    {
        DaemonProcess daemon = DaemonOf(rules);
        string path = _folder.Combine($"{rules}.toml");
        string text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, text.Replace("[milter]\n", $"[milter]\n{lines}\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        int written = daemon.Output.Count;
        daemon.Signal(UnixSignal.Hangup);
        await daemon.Output.WaitForAsync(" read again: ", TimeSpan.FromSeconds(10), written);
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions
            {
                Behaviour = "edge",
                Known = ["alice@lab.test", "alice@hop.lab.test", "alice@named.lab.test", "alice@relayed.lab.test"],
            },
            TestContext.Current.CancellationToken);
        _owned.Add(_exchange);
        _users = new(User, Password);
        _owned.Add(_users);
        string route = string.Create(CultureInfo.InvariantCulture, $"""
            [[route]]
            domains = ["lab.test"]
            servers = ["127.0.0.1:{ExchangePort}"]
            target = "rcpt"
            tls = "none"
            """);
        await ServeAsync("plain", "", route);
        await ServeAsync("authenticated", "skip_authenticated = true", route);
        await ServeAsync("reloaded", "", route);
        await ServeAsync("hop", """
            route_from_rcpt_host = true
            route_from_rcpt_host_networks = ["127.0.0.0/8", "::1"]
            """, route);
        await ServeAsync("hop-elsewhere", """
            route_from_rcpt_host = true
            route_from_rcpt_host_networks = ["10.0.0.0/8"]
            """, route);
        await ServeAsync("hop-at-data", """
            answer_at = "data"
            route_from_rcpt_host = true
            route_from_rcpt_host_networks = ["127.0.0.0/8"]
            """, "");
        string port = ExchangePort.ToString(CultureInfo.InvariantCulture);
        _builder.Main("milter_default_action = tempfail").Main("relay_transport = relay").Main($"relayhost = [127.0.0.1]:{port}")
            .Main("smtpd_sasl_auth_enable = yes").Main("smtpd_sasl_type = dovecot").Main($"smtpd_sasl_path = {_users.Path}")
            .Deliver("hop.lab.test", ExchangePort).Transport("named.lab.test", $"relay:localhost:{port}")
            .Transport("void.lab.test", $"discard:[127.0.0.1]:{port}").Transport("text.lab.test", "error:5.1.2 moved to another place");
        foreach (string action in (string[])["tempfail", "accept"]) // as config/postfix/milter.md has it, with nobody there
        {
            _ports.Add(action, _builder.Smtpd(string.Create(
                CultureInfo.InvariantCulture, $"smtpd_milters = {{ inet:127.0.0.1:{FreePort.Next()}, connect_timeout=5s, command_timeout=30s, default_action={action} }}")));
        }

        _owned.Add(await _builder.StartAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in _owned.Reverse<IAsyncDisposable>())
            await one.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ServeAsync(string rules, string lines, string route)
    {
        IPEndPoint socket = new(IPAddress.Loopback, FreePort.Next());
        DaemonProcess daemon = await DaemonProcess.ServeAsync(
            _folder.Write($"{rules}.toml", string.Create(CultureInfo.InvariantCulture, $"""
            [policy]
            listen = []
            [milter]
            listen = ["inet:{socket}"]
            {lines}
            [admin]
            listen = ""
            socket = ""
            [cache]
            store = "memory"
            [probe]
            sender = "probe@mx.mta.test"
            client_refused_limit = ""
            {route}

            """)),
            socket);
        _owned.Add(daemon);
        _daemons.Add(rules, daemon);
        _ports.Add(rules, _builder.Smtpd($"smtpd_milters = inet:{socket}"));
    }
}

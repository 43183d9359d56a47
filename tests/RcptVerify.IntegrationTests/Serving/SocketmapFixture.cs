using System.Net;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>A Postfix whose relay_recipient_maps is our socketmap door, once by TCP and once by a Unix socket, and servers behind of each kind.</summary>
public sealed class SocketmapFixture : IAsyncLifetime
{
    /// <summary>A routed domain whose server is not there.</summary>
    public const string DeadDomain = "dead.lab.test";

    /// <summary>The socket's file mode, as its default is.</summary>
    public const UnixFileMode GroupMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private const string SocketName = "socketmap.sock";

    private readonly TempFolder _folder = new();
    private readonly List<SmtpSink> _sinks = [];
    private ExchangeSimulator? _exchange;
    private PostfixInstance? _postfix;
    private DaemonProcess? _daemon;

    /// <summary>An smtpd that asks by TCP.</summary>
    public int SmtpPort { get; private set; }

    /// <summary>An smtpd that asks by the Unix socket.</summary>
    public int UnixSmtpPort { get; private set; }

    /// <summary>An smtpd that asks for a map that we do not have.</summary>
    public int WrongMapSmtpPort { get; private set; }

    /// <summary>An smtpd whose door is not there.</summary>
    public int DeadDoorSmtpPort { get; private set; }

    /// <summary>The door.</summary>
    public IPEndPoint Socketmap { get; } = new(IPAddress.Loopback, FreePort.Next());

    /// <summary>What the daemon has written.</summary>
    public CapturedOutput DaemonOutput => _daemon!.Output;

    /// <summary>What Postfix has written.</summary>
    public string MailLog => _postfix!.ReadLog();

    /// <summary>What the server that takes everybody has been sent.</summary>
    public CountingProxy SentToGood => _sinks[0].Proxy;

    /// <summary>The Unix socket's mode.</summary>
    public UnixFileMode UnixSocketMode => _folder.ModeOf(SocketName);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        IPEndPoint policy = new(IPAddress.Loopback, FreePort.Next());
        string socket = _folder.Combine(SocketName);
        DaemonConfiguration configuration = DaemonConfiguration.On(policy).Route(DeadDomain, FreePort.Next());
        foreach ((string domain, SmtpSinkMode mode) in new[]
        {
            ("good.lab.test", SmtpSinkMode.AcceptAll),
            ("bad.lab.test", SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown")),
            ("later.lab.test", SmtpSinkMode.Defer("RCPT", "450 4.2.0 Mailbox busy")),
            ("norelay.lab.test", SmtpSinkMode.Refuse("RCPT", "550 5.7.1 Unable to relay")),
        })
        {
            SmtpSink sink = await SmtpSink.StartAsync(mode);
            _sinks.Add(sink);
            configuration.Route(domain, sink.Port);
        }

        _exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "edge", Known = ["jürgen@utf8.lab.test"] }, CancellationToken.None);
        configuration.Route("utf8.lab.test", _exchange.EndPoint.Port);
        string text = $"""
            {configuration}
            [socketmap]
            listen = ["inet:{Socketmap}", "unix:{socket}"]
            socket_group = "postfix"

            [log]
            level = "debug"
            """;
        _daemon = await DaemonProcess.ServeAsync(_folder.Write("rcptverify.toml", text), Socketmap, new System.Net.Sockets.UnixDomainSocketEndPoint(socket));

        PostfixBuilder builder = new();
        builder.Main("recipient_delimiter = +");
        SmtpPort = builder.Smtpd($"relay_recipient_maps = socketmap:inet:{Socketmap}:recipients");
        UnixSmtpPort = builder.Smtpd($"relay_recipient_maps = socketmap:unix:{socket}:recipients");
        WrongMapSmtpPort = builder.Smtpd($"relay_recipient_maps = socketmap:inet:{Socketmap}:recipient");
        DeadDoorSmtpPort = builder.Smtpd($"relay_recipient_maps = socketmap:inet:127.0.0.1:{FreePort.Next()}:recipients");
        _postfix = await builder.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
        {
            await _postfix.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        if (_exchange is not null)
        {
            await _exchange.DisposeAsync();
        }

        foreach (SmtpSink sink in _sinks)
        {
            await sink.DisposeAsync();
        }

        _folder.Dispose();
    }
}

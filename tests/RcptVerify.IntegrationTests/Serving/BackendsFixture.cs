using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>One daemon behind one door of Postfix, with a domain and a backend of its own for each way a backend can behave.</summary>
public sealed class BackendsFixture(PostfixFixture postfix) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, SmtpSink> _sinks = [];
    private DaemonProcess? _daemon;

    /// <summary>The backends by the first label of their domain.</summary>
    public static IReadOnlyDictionary<string, SmtpSinkMode> Modes { get; } = new Dictionary<string, SmtpSinkMode>
    {
        ["accepting"] = SmtpSinkMode.AcceptAll,
        ["refusing"] = SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"),
        ["exchange"] = SmtpSinkMode.Refuse("RCPT", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
        ["norelay"] = SmtpSinkMode.Refuse("RCPT", "550 5.7.1 Unable to relay"),
        ["badsender"] = SmtpSinkMode.Refuse("MAIL", "550 5.7.1 Sender refused"),
        ["banned"] = SmtpSinkMode.Refuse("CONNECT", "554 5.7.1 Client host blocked"),
        ["heloonly"] = SmtpSinkMode.Refuse("EHLO", "500 5.5.1 Command unrecognized"),
        ["deferring"] = SmtpSinkMode.Defer("RCPT", "450 4.2.0 Mailbox busy"),
        ["busy"] = SmtpSinkMode.Defer("CONNECT", "421 4.3.2 Service not available"),
        ["deferredsender"] = SmtpSinkMode.Defer("MAIL", "451 4.7.1 Try again later"),
        ["shutting"] = SmtpSinkMode.ShutDown("RCPT"),
        ["hangconnect"] = SmtpSinkMode.HangUp("CONNECT"),
        ["hangehlo"] = SmtpSinkMode.HangUp("EHLO"),
        ["hangmail"] = SmtpSinkMode.HangUp("MAIL"),
        ["hangrcpt"] = SmtpSinkMode.HangUp("RCPT"),
        ["hangrset"] = SmtpSinkMode.HangUp("RSET"),
        ["cachedgood"] = SmtpSinkMode.AcceptAll,
        ["cachedbad"] = SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"),
        ["pooled"] = SmtpSinkMode.AcceptAll,
    };

    /// <summary>A routed domain whose server is not there.</summary>
    public const string DeadDomain = "dead.lab.test";

    /// <summary>Where SMTP clients come in.</summary>
    public int SmtpPort => postfix.Backends.SmtpPort;

    /// <summary>The daemon's words, for messages.</summary>
    public string DaemonOutput => _daemon?.Output.Text ?? "";

    /// <summary>The domain a backend answers for.</summary>
    public static string DomainOf(string backend) => $"{backend}.{PostfixBuilder.RelayDomain}";

    /// <summary>What a backend has been sent.</summary>
    public CountingProxy Sent(string backend) => _sinks[backend].Proxy;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        DaemonConfiguration configuration = DaemonConfiguration.On(postfix.Backends.Policy).Route(DeadDomain, FreePort.Next());
        foreach ((string backend, SmtpSinkMode mode) in Modes)
        {
            SmtpSink sink = await SmtpSink.StartAsync(mode);
            _sinks.Add(backend, sink);
            configuration.Route(DomainOf(backend), sink.Port);
        }

        _daemon = await DaemonProcess.ServeAsync(_folder.Write("rcptverify.toml", configuration.ToString()), postfix.Backends.Policy);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        foreach (SmtpSink sink in _sinks.Values)
        {
            await sink.DisposeAsync();
        }

        _folder.Dispose();
    }
}

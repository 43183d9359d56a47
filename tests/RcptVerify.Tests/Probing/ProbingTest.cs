using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>A prober and what it needs, for tests against <see cref="ScriptedSmtpServer"/>.</summary>
public abstract class ProbingTest : IAsyncLifetime
{
    /// <summary>Long enough for any machine, short enough to end a test that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<IAsyncDisposable> _owned = [];

    /// <summary>A deadline that a test lets pass on a real socket.</summary>
    internal static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    internal static ProbeSettings Settings { get; } = new()
    {
        Helo = SmtpConversation.Helo,
        Sender = SmtpConversation.Sender,
        Timeout = TimeSpan.FromSeconds(15),
        MaxConnections = 1,
        RecipientsPerTransaction = 1,
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Probers first, so that their servers see the sessions end.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (ScriptedSmtpServer server in _owned.OfType<ScriptedSmtpServer>())
            server.ClientsLeave();
        foreach (IAsyncDisposable owned in _owned.OrderBy(o => o is ScriptedSmtpServer))
            await owned.DisposeAsync();
        _owned.Clear();
    }

    internal ScriptedSmtpServer Server(params Func<SmtpConversation, Task>[] scripts) => Own(new ScriptedSmtpServer(scripts));

    internal ScriptedSmtpServer ServerForEach(Func<SmtpConversation, Task> script, IPEndPoint? endpoint = null) =>
        Own(ScriptedSmtpServer.ForEach(script, endpoint));

    internal SmtpProber Prober(SmtpPoolLimits? limits = null, TimeProvider? time = null, ILogger<SmtpProber>? log = null) =>
        Own(new SmtpProber(time ?? TimeProvider.System, limits ?? new SmtpPoolLimits(), log ?? NullLogger<SmtpProber>.Instance));

    internal static Route RouteTo(ProbeSettings settings, params ServerEndpoint[] servers) =>
        new(["example.com"], servers, []) { Probe = settings };

    internal static Route RouteTo(params ScriptedSmtpServer[] servers) => RouteTo(Settings, [.. servers.Select(s => s.Endpoint)]);

    /// <summary>An address that a door would let through.</summary>
    internal static RecipientAddress Address(string address) =>
        RecipientAddress.Parse(address, caseSensitive: false, out AddressProblem problem) ?? throw new ArgumentException(problem.ToString(), nameof(address));

    internal static Task<ProbeOutcome> ProbeAsync(
        SmtpProber prober, Route route, RecipientAddress address, ProbePriority priority = ProbePriority.Caller) =>
        InTime(prober.ProbeAsync(address, route, new ProbeTicket(priority), TestContext.Current.CancellationToken));

    internal static Task<ProbeOutcome> ProbeAsync(SmtpProber prober, Route route, string address) => ProbeAsync(prober, route, Address(address));

    /// <summary>A probe as a pool would hand it to a session.</summary>
    internal static ProbeJob Job(string address, Route route, ProbeTarget target = ProbeTarget.Rcpt, ProbeTicket? ticket = null) =>
        new(Address(address), route, target, Settings.Timeout, enqueuedAt: 0, ticket ?? new ProbeTicket(ProbePriority.Caller));

    internal static Task<T> InTime<T>(Task<T> task) => task.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);

    internal static Task InTime(Task task) => task.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Waits until something on another thread has happened.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "it never happened");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}

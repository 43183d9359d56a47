using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Probes recipients over SMTP: the servers of a route in their order, the next one where a server cannot be asked
/// (no connection, refused before RCPT, 421). One budget per probe over all servers.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limits">Limits of each server's pool.</param>
/// <param name="log">For trouble with servers.</param>
/// <param name="transcript">Notes every dialogue: for a person who looks at one probe. Null in the daemon.</param>
public sealed class SmtpProber(TimeProvider time, SmtpPoolLimits limits, ILogger<SmtpProber> log, SmtpTranscript? transcript = null) : IRecipientProber, IAsyncDisposable
{
    /// <summary>With less than this left no other server is asked: a timer may fire a little before its time by the clock's count.</summary>
    private static readonly TimeSpan WorthTrying = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<(ServerEndpoint, ProbeSettings), Lazy<SmtpConnectionPool>> _pools = new();
    private readonly ProbeReplyPool _replies = new();

    /// <inheritdoc/>
    public async Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbePriority priority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(route);
        TimeSpan budget = route.Probe.Timeout;
        ProbeOutcome? outcome = null;
        foreach (ServerEndpoint server in route.Servers)
        {
            long started = time.GetTimestamp();
            outcome = await PoolOf(server, route.Probe).ProbeAsync(address, route, route.Target, priority, budget);
            budget -= time.GetElapsedTime(started);
            if (!AnotherServerMayKnow(outcome) || budget < WorthTrying || cancellationToken.IsCancellationRequested)
                break;
        }

        outcome ??= ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, "the route has no server");
        return outcome with { Reply = _replies.Share(outcome.Reply) };
    }

    /// <summary>Closes all sessions; a second or two at most.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<SmtpConnectionPool> pool in _pools.Values)
            await pool.Value.DisposeAsync();
    }

    /// <summary>Not once a message was sent: it may have been taken, and would be delivered twice.</summary>
    private static bool AnotherServerMayKnow(ProbeOutcome outcome) =>
        outcome.Scope == OutcomeScope.Backend && outcome.Reply.Stage != ProbeStage.EndOfData && (outcome.Reply.Stage < ProbeStage.Rcpt || outcome.Reply.Code is 0 or 421);

    private SmtpConnectionPool PoolOf(ServerEndpoint server, ProbeSettings settings) =>
        _pools.GetOrAdd((server, settings), key => new(() => new SmtpConnectionPool(key.Item1, key.Item2, limits, time, log, transcript))).Value;
}

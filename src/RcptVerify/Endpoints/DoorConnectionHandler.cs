using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using RcptVerify.Wire;

namespace RcptVerify.Endpoints;

/// <summary>
/// What all doors have in common: how a connection begins and ends, what of that is logged, and how answers leave. A protocol's
/// own door says what is read and answered in between.
/// </summary>
/// <param name="protocol">What is spoken here.</param>
/// <param name="limits">Times of a connection.</param>
/// <param name="maxConnections">Most connections at a time; one more is closed at once.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Decisions and faults.</param>
public abstract class DoorConnectionHandler(WireProtocol protocol, DoorLimits limits, int maxConnections, TimeProvider time, ILogger log) : ConnectionHandler
{
    private readonly RepeatGuard _malformed = new(time);
    private readonly RepeatGuard _slow = new(time);
    private readonly RepeatGuard _full = new(time);
    private int _connections;

    /// <summary>The clock.</summary>
    private protected TimeProvider Time { get; } = time;

    /// <inheritdoc/>
    public sealed override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using ConnectionWatch watch = new(connection, limits);
        try
        {
            if (Interlocked.Increment(ref _connections) > maxConnections)
            {
                if (_full.MayPass(out long refused))
                {
                    Log.DoorFull(log, PeerName.Of(connection), maxConnections);
                    LogHeld(refused, "connections too many");
                }
            }
            else if (await ServeAsync(connection, watch) is { } fault && _malformed.MayPass(out long held))
            {
                LogFault(connection, fault);
                LogHeld(held, "malformed requests");
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            // The peer is gone, or the watch has closed the connection: both are every-day ends.
        }
        catch (Exception e)
        {
            Log.ConnectionDefect(log, PeerName.Of(connection), e);
            connection.Abort(new ConnectionAbortedException("internal error"));
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }

        if (watch.Complaint is string slow && _slow.MayPass(out long left))
        {
            Log.PeerTooSlow(log, PeerName.Of(connection), slow);
            LogHeld(left, "slow peers");
        }
    }

    /// <summary>Serves until either side ends. Returns what was wrong with the peer's bytes, or null.</summary>
    private protected abstract Task<PeerFault?> ServeAsync(ConnectionContext connection, ConnectionWatch watch);

    private protected static ValueTask<bool> FlushAsync(PipeWriter output, ConnectionWatch watch) =>
        output is { CanGetUnflushedBytes: true, UnflushedBytes: 0 } ? new(false) : SendAsync(output, watch);

    /// <summary>Flushes even if nothing seems to be there: what is written to a peer that is gone does not count as unflushed.</summary>
    /// <returns>Whether the peer is gone.</returns>
    private protected static ValueTask<bool> SendAsync(PipeWriter output, ConnectionWatch watch)
    {
        ValueTask<FlushResult> flush = output.FlushAsync();
        return flush.IsCompletedSuccessfully ? new(flush.Result.IsCompleted) : Slow(flush, watch);

        static async ValueTask<bool> Slow(ValueTask<FlushResult> flush, ConnectionWatch watch)
        {
            watch.Enter(ConnectionPhase.Writing);
            return (await flush).IsCompleted;
        }
    }

    /// <summary>Whether a decision is to be logged, and how loud.</summary>
    /// <param name="result">The decision.</param>
    /// <param name="accepted">Whether the door lets the recipient pass by it.</param>
    /// <param name="level">Information for refusals, unknowns and probes; Debug for what comes out of the cache.</param>
    private protected bool IsLogged(in VerificationResult result, bool accepted, out LogLevel level)
    {
        bool notable = !accepted
            || result.Outcome is VerificationOutcome.Undeliverable or VerificationOutcome.Unknown
            || result.Source is VerdictSource.Probe or VerdictSource.Stale;
        level = notable ? LogLevel.Information : LogLevel.Debug;
        return log.IsEnabled(level);
    }

    /// <summary>The part of a decision's line that is the same at every door.</summary>
    /// <param name="result">The decision.</param>
    /// <param name="started">When its question was put (<see cref="TimeProvider.GetTimestamp"/>); 0 where nobody waited.</param>
    /// <param name="dryRun">Whether the caller was told to go on all the same.</param>
    private protected DecisionLine LineOf(in VerificationResult result, long started, bool dryRun) => new()
    {
        Verdict = VerdictNames.Of(result.Outcome),
        From = VerdictNames.Of(result.Source),
        Mark = result.Outcome == VerificationOutcome.Deliverable ? result.Reply?.Mark : null,
        Stage = result.Reply is null ? null : VerdictNames.Of(result.Reply.Stage),
        Server = result.Reply?.Server,
        Code = result.Reply?.Code ?? 0,
        Enhanced = result.Reply?.Enhanced,
        Reply = result.Reply?.Text ?? result.Reason,
        Delay = started == 0 ? TimeSpan.Zero : Time.GetElapsedTime(started),
        DryRun = dryRun,
    };

    /// <summary>Logs the answer to a whole message.</summary>
    /// <param name="instance">The message's.</param>
    /// <param name="client">The SMTP client's address.</param>
    /// <param name="tally">The verdicts on its recipients.</param>
    /// <param name="misfit">Why they cannot be all of its recipients; null where they are.</param>
    private protected void LogMessage(ReadOnlySpan<byte> instance, ReadOnlySpan<byte> client, in RecipientTally tally, string? misfit = null)
    {
        Log.MessageDecision(
            log, Escaped(instance), Escaped(client), VerdictNames.Of(tally.Outcome),
            misfit ?? $"{tally.Good} deliverable, {tally.Bad} undeliverable, {tally.Unknown} unknown");

        static string Escaped(ReadOnlySpan<byte> value) => LogEscape.Text(Encoding.UTF8.GetString(value));
    }

    private void LogFault(ConnectionContext connection, PeerFault fault)
    {
        if (fault.LooksLike == WireProtocol.Unknown || fault.LooksLike == protocol)
        {
            Log.MalformedRequest(log, PeerName.Of(connection), fault.Complaint);
            return;
        }

        (string what, string advice) = PeerFault.AdviceOn(fault.LooksLike);
        string door = protocol switch { WireProtocol.Policy => "policy", WireProtocol.Milter => "milter", _ => "socketmap" };
        Log.WrongDoor(log, door, PeerName.OfDoor(connection), PeerName.Of(connection), what, advice, "closing the connection without an answer");
    }

    /// <summary>Speaks of lines that were left out.</summary>
    private protected void LogHeld(long held, string what)
    {
        if (held > 0)
            Log.Repeated(log, held, what);
    }
}

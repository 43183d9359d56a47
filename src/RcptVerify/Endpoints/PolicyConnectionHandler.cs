using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Policy;

namespace RcptVerify.Endpoints;

/// <summary>
/// Speaks Postfix's policy protocol (SMTPD_POLICY_README) on one connection: requests in, answers out, in order.
/// <para>
/// One flush for all answers of a burst, and one before waiting for a verdict. A cached answer allocates nothing.
/// </para>
/// <para>
/// Limits: <see cref="PolicyLimits"/> for a request, <see cref="DoorLimits"/> for time. The server never speaks first and
/// closes an idle connection only past <see cref="DoorLimits.IdleTime"/>: Postfix sleeps a second when a connection it
/// kept turns out to be closed. A peer that sends nonsense gets no answer, one log line, and a closed connection, as the
/// README asks.
/// </para>
/// </summary>
/// <param name="verifier">Answers.</param>
/// <param name="settings">Budget and limits; the budget may change while connections are open.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Decisions and faults.</param>
public sealed class PolicyConnectionHandler(
    IRecipientVerifier verifier, PolicyDoorSettings settings, TimeProvider time, ILogger<PolicyConnectionHandler> log) : ConnectionHandler
{
    private readonly RepeatGuard _malformed = new(time);
    private readonly RepeatGuard _slow = new(time);

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using ConnectionWatch watch = new(connection, settings.Limits);
        try
        {
            if (await ServeAsync(connection, watch) is string complaint && _malformed.MayPass(out long held))
            {
                Log.MalformedRequest(log, PeerName.Of(connection), complaint);
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

        if (watch.Complaint is string slow && _slow.MayPass(out long left))
        {
            Log.PeerTooSlow(log, PeerName.Of(connection), slow);
            LogHeld(left, "slow peers");
        }
    }

    /// <summary>Serves until either side ends. Returns what was wrong with the peer's bytes, or null.</summary>
    private async Task<string?> ServeAsync(ConnectionContext connection, ConnectionWatch watch)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        PolicyRequest request = new();
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            watch.Enter(ConnectionPhase.Working);
            ReadOnlySequence<byte> buffer = read.Buffer;
            OperationStatus status;
            WireError error;
            while ((status = PolicyRequestParser.TryParse(ref buffer, request, PolicyLimits.Default, out error)) == OperationStatus.Done)
            {
                if (!request.Span(PolicyAttribute.Request).SequenceEqual("smtpd_access_policy"u8))
                    return "request= is not smtpd_access_policy";
                watch.EndRequest();
                ValueTask<VerificationResult> pending = AskAsync(request);
                long started = 0;
                if (!pending.IsCompleted)
                {
                    started = time.GetTimestamp();
                    await FlushAsync(output, watch); // the earlier answers of this burst must not wait for this one
                    watch.Enter(ConnectionPhase.Working);
                }

                VerificationResult result = await pending;
                PolicyResponseWriter.Write(output, VerdictPolicy.PolicyAction(result));
                LogDecision(request, result, started);
            }

            bool half = status == OperationStatus.NeedMoreData && !buffer.IsEmpty;
            input.AdvanceTo(buffer.Start, buffer.End);
            bool gone = await FlushAsync(output, watch);
            if (status == OperationStatus.InvalidData)
                return error.ToString();
            if (read.IsCompleted && half)
                return nameof(WireError.Truncated);
            if (read.IsCompleted || read.IsCanceled || gone || watch.MustEnd)
                return null;
            if (!half)
                request.Reset(); // thousands of idle connections must not each keep the largest request they ever had
            watch.Enter(half ? ConnectionPhase.HalfRequest : ConnectionPhase.Idle);
        }
    }

    private ValueTask<VerificationResult> AskAsync(PolicyRequest request)
    {
        // At DATA and later Postfix hides the recipients when there are several; at MAIL and earlier there is none yet.
        if (request.ProtocolState != PolicyProtocolState.Rcpt)
            return new(new VerificationResult(VerificationOutcome.NoRoute, VerdictSource.Address, null, null, null));
        return verifier.VerifyAsync(new RecipientQuery(
            request[PolicyAttribute.Recipient], request[PolicyAttribute.ClientAddress], settings.AnswerWithin, request[PolicyAttribute.Sender]));
    }

    private static ValueTask<bool> FlushAsync(PipeWriter output, ConnectionWatch watch)
    {
        if (output is { CanGetUnflushedBytes: true, UnflushedBytes: 0 })
            return new(false);
        ValueTask<FlushResult> flush = output.FlushAsync();
        return flush.IsCompletedSuccessfully ? new(flush.Result.IsCompleted) : Slow(flush, watch);

        static async ValueTask<bool> Slow(ValueTask<FlushResult> flush, ConnectionWatch watch)
        {
            watch.Enter(ConnectionPhase.Writing);
            return (await flush).IsCompleted;
        }
    }

    private void LogDecision(PolicyRequest request, in VerificationResult result, long started)
    {
        bool notable = result.Outcome is VerificationOutcome.Undeliverable or VerificationOutcome.Unknown
            || result.Source is VerdictSource.Probe or VerdictSource.Stale;
        LogLevel level = notable ? LogLevel.Information : LogLevel.Debug;
        if (!log.IsEnabled(level))
            return;
        new DecisionLine
        {
            Instance = request[PolicyAttribute.Instance],
            Sender = request[PolicyAttribute.Sender],
            Recipient = request[PolicyAttribute.Recipient],
            Client = request[PolicyAttribute.ClientAddress],
            Verdict = VerdictNames.Of(result.Outcome),
            From = VerdictNames.Of(result.Source),
            Mark = result.Outcome == VerificationOutcome.Deliverable ? result.Reply?.Mark : null,
            Stage = result.Reply is null ? null : VerdictNames.Of(result.Reply.Stage),
            Server = result.Reply?.Server,
            Code = result.Reply?.Code ?? 0,
            Enhanced = result.Reply?.Enhanced,
            Reply = result.Reply?.Text ?? result.Reason,
            Delay = started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started),
            DryRun = result.Route?.Reply.DryRun ?? false,
        }.WriteTo(log, level);
    }

    private void LogHeld(long held, string what)
    {
        if (held > 0)
            Log.Repeated(log, held, what);
    }
}

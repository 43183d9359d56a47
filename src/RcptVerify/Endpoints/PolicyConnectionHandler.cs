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
/// One flush for all answers of a burst, and one before waiting for a verdict. A cached answer at RCPT allocates nothing.
/// </para>
/// <para>
/// With <see cref="PolicyDoorRules.AtData"/> the answer is given at DATA, and at END-OF-MESSAGE where Postfix asks there: Postfix then
/// names no recipients but says how many it has accepted, so that they are collected at RCPT (<see cref="CollectedMessages"/>).
/// </para>
/// <para>
/// Limits: <see cref="PolicyLimits"/> for a request, <see cref="DoorLimits"/> for time. The server never speaks first and
/// closes an idle connection only past <see cref="DoorLimits.IdleTime"/>: Postfix sleeps a second when a connection it
/// kept turns out to be closed. A peer that sends nonsense gets no answer, one log line, and a closed connection, as the
/// README asks.
/// </para>
/// </summary>
/// <param name="verifier">Answers.</param>
/// <param name="settings">Rules and limits; the rules may change while connections are open.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Decisions and faults.</param>
public sealed class PolicyConnectionHandler(
    IRecipientVerifier verifier, PolicyDoorSettings settings, TimeProvider time, ILogger<PolicyConnectionHandler> log)
    : DoorConnectionHandler(WireProtocol.Policy, settings.Limits, int.MaxValue, time, log)
{
    private readonly CollectedMessages _messages = new(time);

    /// <inheritdoc/>
    private protected override async Task<PeerFault?> ServeAsync(ConnectionContext connection, ConnectionWatch watch)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        PolicyRequest request = new();
        MessageMark? lastMessage = null;
        bool isStart = true; // nothing of this connection was understood yet
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            watch.Enter(ConnectionPhase.Working);
            ReadOnlySequence<byte> buffer = read.Buffer;
            OperationStatus status;
            WireError error;
            bool announces = verifier.IsWorthAnnouncing;
            uint announced = announces ? verifier.Announce(RecipientIn(buffer.FirstSpan)) : 0;
            while ((status = PolicyRequestParser.TryParse(ref buffer, request, PolicyLimits.Default, out error)) == OperationStatus.Done)
            {
                if (!request.Span(PolicyAttribute.Request).SequenceEqual("smtpd_access_policy"u8))
                    return new PeerFault("request= is not smtpd_access_policy");
                if (announces)
                {
                    verifier.Approach(announced);
                    if (!buffer.IsEmpty)
                        announced = verifier.Announce(RecipientIn(buffer.FirstSpan));
                }

                isStart = false;
                watch.EndRequest();
                PolicyDoorRules rules = settings.Rules;
                if (rules.AtData)
                {
                    await AnswerAtDataAsync(request, rules, output, watch, ref lastMessage);
                    continue;
                }

                ValueTask<VerificationResult> pending = AskAsync(request, rules);
                long started = 0;
                if (!pending.IsCompleted)
                {
                    started = Time.GetTimestamp();
                    await FlushAsync(output, watch); // the earlier answers of this burst must not wait for this one
                    watch.Enter(ConnectionPhase.Working);
                }

                VerificationResult result = await pending;
                PolicyResponseWriter.Write(output, VerdictPolicy.PolicyAction(result));
                LogDecision(request, request[PolicyAttribute.Recipient], result, started);
            }

            bool half = status == OperationStatus.NeedMoreData && !buffer.IsEmpty;
            if (half && read.IsCompleted)
                error = WireError.Truncated;
            // A socketmap client would wait for its answer, and we for a line end that never comes.
            else if (isStart && half && WireProtocols.IsWholeNetstring(buffer))
                error = WireError.MissingEquals;
            PeerFault? fault = error == WireError.None ? null : PeerFault.Of(error, buffer, isStart);
            input.AdvanceTo(buffer.Start, buffer.End);
            bool gone = await FlushAsync(output, watch);
            if (fault is not null)
                return fault;
            if (read.IsCompleted || read.IsCanceled || gone || watch.MustEnd)
                return null;
            if (!half)
                request.Reset(); // thousands of idle connections must not each keep the largest request they ever had
            watch.Enter(half ? ConnectionPhase.HalfRequest : ConnectionPhase.Idle);
        }
    }

    /// <summary>
    /// The recipient of the request that begins here, before anybody has looked whether it is one: good for nothing but
    /// <see cref="IRecipientVerifier.Announce"/>. Empty where it lies further on.
    /// </summary>
    private static ReadOnlySpan<byte> RecipientIn(ReadOnlySpan<byte> bytes)
    {
        int at = bytes.IndexOf("\nrecipient="u8);
        if (at < 0)
            return default;
        bytes = bytes[(at + "\nrecipient=".Length)..];
        int end = bytes.IndexOf((byte)'\n');
        return end < 0 ? default : bytes[..end];
    }

    private ValueTask<VerificationResult> AskAsync(PolicyRequest request, PolicyDoorRules rules)
    {
        // At DATA and later Postfix hides the recipients when there are several; at MAIL and earlier there is none yet.
        if (request.ProtocolState != PolicyProtocolState.Rcpt)
            return new(new VerificationResult(VerificationOutcome.NoRoute, VerdictSource.Address, null, null, null));
        return verifier.VerifyAsync(QueryOf(request, rules));
    }

    private static RecipientQuery QueryOf(PolicyRequest request, PolicyDoorRules rules) => new(
        request[PolicyAttribute.Recipient], request[PolicyAttribute.ClientAddress], rules.AnswerWithin, request[PolicyAttribute.Sender]);

    /// <summary>RCPT collects, DATA and END-OF-MESSAGE answer for all that was collected, everything else passes.</summary>
    private ValueTask AnswerAtDataAsync(
        PolicyRequest request, PolicyDoorRules rules, PipeWriter output, ConnectionWatch watch, ref MessageMark? lastMessage)
    {
        switch (request.ProtocolState)
        {
            case PolicyProtocolState.Rcpt:
                VerificationResult? known = _messages.Take(request.Span(PolicyAttribute.Instance), verifier, QueryOf(request, rules), rules.Reply, ref lastMessage);
                if (_messages.DataStage.MustTell(out int messages))
                    Log.DataNotAsked(log, messages);
                PolicyResponseWriter.Write(output, known is { } said ? VerdictPolicy.PolicyAction(said) : "DUNNO"u8);
                if (known is { } result)
                    LogDecision(request, request[PolicyAttribute.Recipient], result, 0);
                return default;
            case PolicyProtocolState.Data or PolicyProtocolState.EndOfMessage:
                return AnswerForMessageAsync(request, rules, output, watch);
            default:
                PolicyResponseWriter.Write(output, "DUNNO"u8);
                return default;
        }
    }

    private async ValueTask AnswerForMessageAsync(PolicyRequest request, PolicyDoorRules rules, PipeWriter output, ConnectionWatch watch)
    {
        CollectedMessage? message = _messages.Find(request.Span(PolicyAttribute.Instance));
        bool counted = request.TryGetNumber(PolicyAttribute.RecipientCount, out long accepted);
        int collected = message?.Count ?? 0;
        RecipientTally tally = default;
        if (message is not null && counted && accepted > 0 && accepted <= collected)
        {
            ValueTask<RecipientTally> pending = message.SettleAsync(
                verifier, rules.AnswerWithin, rules.Reply, Time,
                (recipient, result) => LogDecision(request, recipient.Recipient, result, recipient.Started));
            if (!pending.IsCompleted)
            {
                await FlushAsync(output, watch);
                watch.Enter(ConnectionPhase.Working);
            }

            tally = await pending;
        }

        // Fewer than collected: later restrictions have refused some, and nobody knows which. That does not matter where all are alike.
        bool fits = tally.Count > 0 && (accepted == tally.Count || tally.Outcome != MessageOutcome.Mixed);
        if (!fits)
        {
            tally = default;
            tally.AddUnseen(1, rules.Reply);
        }

        PolicyResponseWriter.Write(output, VerdictPolicy.PolicyAction(tally, rules.Mixed));
        if (!fits || tally.Outcome != MessageOutcome.Deliverable)
        {
            LogMessage(
                request.Span(PolicyAttribute.Instance), request.Span(PolicyAttribute.ClientAddress), tally,
                fits ? null : $"does not fit: {accepted} recipients accepted, {collected} seen at RCPT");
        }
    }

    private void LogDecision(PolicyRequest request, ReadOnlyMemory<byte> recipient, in VerificationResult result, long started)
    {
        if (!IsLogged(result, accepted: true, out LogLevel level))
            return;
        DecisionLine line = LineOf(result, started, dryRun: result.Route?.Reply.DryRun ?? false) with
        {
            Instance = request[PolicyAttribute.Instance],
            Sender = request[PolicyAttribute.Sender],
            Recipient = recipient,
            Client = request[PolicyAttribute.ClientAddress],
        };
        line.WriteTo(log, level);
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Milter;

namespace RcptVerify.Endpoints;

/// <summary>
/// Speaks the milter protocol (versions 2 to 6) on one connection, as a filter that answers RCPT and lets everything else pass; with
/// <see cref="MilterDoorRules.AtData"/> it answers DATA instead, for all recipients of the message, and before version 4, which has no
/// DATA, the end of the message.
/// <para>
/// One flush for all answers of a burst, and one before waiting for a verdict; progress packets while waiting. A cached answer
/// allocates nothing.
/// </para>
/// <para>
/// Limits: <see cref="MilterLimits"/> for a frame, <see cref="DoorLimits"/> for time, <see cref="MilterDoorSettings.MaxConnections"/>
/// for the door, <see cref="CollectedMessage.MaxOpen"/> for recipients kept until DATA; else nothing is kept per recipient, so a
/// transaction may have any number of them. A peer that sends nonsense, or a command
/// where it has no place, gets no answer, one log line, and a closed connection: the mail server then does what its
/// milter_default_action says.
/// </para>
/// </summary>
/// <param name="verifier">Answers.</param>
/// <param name="settings">Rules and limits; the rules may change while connections are open.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Decisions and faults.</param>
public sealed class MilterConnectionHandler(
    IRecipientVerifier verifier, MilterDoorSettings settings, TimeProvider time, ILogger<MilterConnectionHandler> log)
    : DoorConnectionHandler(WireProtocol.Milter, settings.Limits, settings.MaxConnections, time, log)
{
    /// <summary>
    /// How often a caller who waits is told so: 10 s. Postfix gives up after milter_command_timeout, 30 s by default, and begins
    /// anew with each progress packet.
    /// </summary>
    public static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    private protected override async Task<PeerFault?> ServeAsync(ConnectionContext connection, ConnectionWatch watch)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        MilterSession session = new();
        bool isStart = true; // nothing of this connection was understood yet
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            watch.Enter(ConnectionPhase.Working);
            ReadOnlySequence<byte> buffer = read.Buffer;
            OperationStatus status;
            WireError error;
            bool quit = false;
            while ((status = MilterFrame.TryRead(ref buffer, MilterLimits.Default, out MilterCommand command, out ReadOnlySequence<byte> data, out error)) == OperationStatus.Done)
            {
                isStart = false;
                watch.EndRequest();
                MilterDoorRules rules = settings.Rules;
                error = session.Take(command, data, rules.AtData, out MilterAnswer answer, out MilterOptions options);
                quit = answer == MilterAnswer.Close;
                if (error != WireError.None || quit)
                    break;
                if (command == MilterCommand.Negotiate)
                    options.Write(output);
                else if (answer == MilterAnswer.Continue)
                    MilterReplyWriter.WriteContinue(output);
                else if (answer == MilterAnswer.Verdict && session.AtData)
                    Collect(session, rules, output);
                else if (answer == MilterAnswer.Message)
                    await AnswerForMessageAsync(session, rules, command, output, watch);
                else if (answer == MilterAnswer.Verdict)
                {
                    ValueTask<VerificationResult> pending = AskAsync(session, rules);
                    long started = 0;
                    if (!pending.IsCompleted)
                    {
                        started = Time.GetTimestamp();
                        await FlushAsync(output, watch); // the earlier answers of this burst must not wait for this one
                        watch.Enter(ConnectionPhase.Working);
                    }

                    Answer(output, session, started == 0 ? await pending : await WaitAsync(pending.AsTask(), output, watch), started, rules);
                }
            }

            bool half = status == OperationStatus.NeedMoreData && !buffer.IsEmpty;
            if (error == WireError.None && half && read.IsCompleted)
                error = WireError.Truncated;
            PeerFault? fault = error == WireError.None ? null : PeerFault.Of(error, buffer, isStart);
            input.AdvanceTo(buffer.Start, buffer.End);
            bool gone = await FlushAsync(output, watch);
            if (fault is not null)
                return fault;
            if (quit || read.IsCompleted || read.IsCanceled || gone || watch.MustEnd)
                return null;
            session.Trim();
            watch.Enter(half ? ConnectionPhase.HalfRequest : ConnectionPhase.Idle);
        }
    }

    private ValueTask<VerificationResult> AskAsync(MilterSession session, MilterDoorRules rules) =>
        WithoutAsking(session, rules) is { } known ? new(known) : verifier.VerifyAsync(QueryOf(session, rules));

    private static RecipientQuery QueryOf(MilterSession session, MilterDoorRules rules) =>
        new(session.Recipient, session.Client, rules.AnswerWithin, session.Sender, rules.RouteFromRcptHost ? session.NextHop : default);

    /// <summary>What is known of a recipient that nobody is to be asked about; null of others.</summary>
    private static VerificationResult? WithoutAsking(MilterSession session, MilterDoorRules rules)
    {
        if (rules.SkipAuthenticated && session.IsAuthenticated)
            return Untouched(VerificationOutcome.Deliverable, VerdictSource.Authenticated);
        if (session.ClientAddress is { } client && Contains(rules.SkipClients, client))
            return Untouched(VerificationOutcome.Deliverable, VerdictSource.SkippedClient);
        if (!session.RecipientIsReadable)
            return Untouched(VerificationOutcome.Unknown, VerdictSource.Address) with { Reason = "the address cannot be read" };
        return session.RecipientHasDomain ? null : Untouched(VerificationOutcome.NoRoute, VerdictSource.Address);
    }

    /// <summary>RCPT where messages are answered at DATA: only what is known to be refused is refused.</summary>
    private void Collect(MilterSession session, MilterDoorRules rules, PipeWriter output)
    {
        VerificationResult? known = WithoutAsking(session, rules);
        if (known is { } untouched)
            session.Message.Add(untouched, rules.Reply);
        else
            known = session.Message.Take(verifier, QueryOf(session, rules), rules.Reply, Time);
        if (known is { } result)
            Answer(output, session, result, 0, rules);
        else
            MilterReplyWriter.WriteContinue(output);
    }

    private async ValueTask AnswerForMessageAsync(
        MilterSession session, MilterDoorRules rules, MilterCommand command, PipeWriter output, ConnectionWatch watch)
    {
        ValueTask<RecipientTally> pending = session.Message.SettleAsync(
            verifier, rules.AnswerWithin, rules.Reply, Time,
            (recipient, result) => LogDecision(session, recipient.Recipient, result, recipient.Started, IsDryRun(result, rules)));
        RecipientTally tally;
        if (pending.IsCompleted)
            tally = await pending;
        else
        {
            await FlushAsync(output, watch);
            watch.Enter(ConnectionPhase.Working);
            tally = await WaitAsync(pending.AsTask(), output, watch);
        }

        if (VerdictPolicy.MilterReply(tally, rules.Mixed) is { } refusal)
        {
            MilterReplyWriter.WriteReply(output, refusal.Code, refusal.Enhanced.Span, default, refusal.Text.Span);
            LogMessage(session.QueueId.Span, session.Client.Span, tally);
            if (command == MilterCommand.Data)
                session.RefuseData();
        }
        else
            MilterReplyWriter.WriteContinue(output);
        if (command == MilterCommand.EndOfBody)
            session.EndTransaction();
    }

    private static VerificationResult Untouched(VerificationOutcome outcome, VerdictSource source) => new(outcome, source, null, null, null);

    private static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (int i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address))
                return true;
        }

        return false;
    }

    /// <summary>Waits for a verdict, and tells the mail server now and then, so that it does not lose patience.</summary>
    private async Task<T> WaitAsync<T>(Task<T> answer, PipeWriter output, ConnectionWatch watch)
    {
        while (true)
        {
            await ((Task)answer.WaitAsync(ProgressInterval, Time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answer.IsCompleted)
                return await answer;
            MilterReplyWriter.WriteProgress(output);
            if (await SendAsync(output, watch))
                throw new ConnectionAbortedException("the peer is gone");
            watch.Enter(ConnectionPhase.Working);
        }
    }

    private void Answer(PipeWriter output, MilterSession session, in VerificationResult result, long started, MilterDoorRules rules)
    {
        bool dryRun = IsDryRun(result, rules);
        if (!dryRun && VerdictPolicy.MilterReply(result) is { } refusal)
            MilterReplyWriter.WriteReply(output, refusal.Code, refusal.Enhanced.Span, session.Path.Span, refusal.Text.Span);
        else
            MilterReplyWriter.WriteContinue(output);
        LogDecision(session, session.LoggedRecipient, result, started, dryRun);
    }

    private static bool IsDryRun(in VerificationResult result, MilterDoorRules rules) =>
        result.Route?.Reply.DryRun ?? (rules.Reply.DryRun && result.Outcome == VerificationOutcome.Unknown);

    private void LogDecision(MilterSession session, ReadOnlyMemory<byte> recipient, in VerificationResult result, long started, bool dryRun)
    {
        if (!IsLogged(result, accepted: true, out LogLevel level))
            return;
        DecisionLine line = LineOf(result, started, dryRun) with
        {
            Instance = session.QueueId,
            Sender = session.Sender,
            Recipient = recipient,
            Client = session.Client,
        };
        line.WriteTo(log, level);
    }
}

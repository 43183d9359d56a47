using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Socketmap;

namespace RcptVerify.Endpoints;

/// <summary>
/// Answers Postfix's socketmap look-ups (socketmap_table(5)) on one connection: requests in, replies out, in order. There is
/// one map, <c>recipients</c>, for relay_recipient_maps; other names are <c>PERM</c>.
/// <para>
/// One flush for all replies of a burst, and one before waiting for a verdict. A cached reply allocates nothing.
/// </para>
/// <para>
/// A key without a local part (<c>@example.com</c>, which means "everybody there" in a Postfix table) or without a domain is
/// <c>NOTFOUND</c> whatever else holds, a dry run included: an <c>OK</c> would open the whole domain.
/// </para>
/// <para>
/// Limits: <see cref="SocketmapLimits"/> for a request, <see cref="DoorLimits"/> for time. The server closes an idle connection
/// only long after Postfix has. A peer that sends nonsense gets no reply, one log line, and a closed connection; Postfix then
/// tries once more and defers.
/// </para>
/// <para>
/// Known weakness: a table is not told the client nor the sender. So <see cref="ClientBudget"/> limits nobody here, and a probe of
/// our own that comes back to us is not recognised: it waits for itself, until the budget ends.
/// </para>
/// </summary>
/// <param name="verifier">Answers.</param>
/// <param name="settings">Budget and limits; all but the limits may change while connections are open.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Decisions and faults.</param>
public sealed class SocketmapConnectionHandler(
    IRecipientVerifier verifier, SocketmapDoorSettings settings, TimeProvider time, ILogger<SocketmapConnectionHandler> log)
    : DoorConnectionHandler(WireProtocol.Socketmap, settings.Limits, int.MaxValue, time, log)
{
    private readonly RepeatGuard _unknownMap = new(time);
    private readonly RepeatGuard _unrouted = new(time);
    private readonly UnroutedDomains _unroutedDomains = new(time);

    private static ReadOnlySpan<byte> RecipientsMap => "recipients"u8;

    /// <inheritdoc/>
    private protected override async Task<PeerFault?> ServeAsync(ConnectionContext connection, ConnectionWatch watch)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        SocketmapRequest request = new();
        bool isStart = true; // nothing of this connection was understood yet
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            watch.Enter(ConnectionPhase.Working);
            ReadOnlySequence<byte> buffer = read.Buffer;
            OperationStatus status;
            WireError error;
            while ((status = SocketmapRequestParser.TryParse(ref buffer, request, SocketmapLimits.Default, out error)) == OperationStatus.Done)
            {
                isStart = false;
                watch.EndRequest();
                if (!request.Map.Span.SequenceEqual(RecipientsMap))
                {
                    RefuseMap(connection, output, request);
                    continue;
                }

                ReadOnlyMemory<byte> address = request.Address;
                if (address.Span.LastIndexOf((byte)'@') <= 0)
                {
                    SocketmapReplyWriter.Write(output, "NOTFOUND"u8, default);
                    continue;
                }

                ValueTask<VerificationResult> pending = verifier.VerifyAsync(new RecipientQuery(address, default, settings.AnswerWithin));
                long started = 0;
                if (!pending.IsCompleted)
                {
                    started = Time.GetTimestamp();
                    await FlushAsync(output, watch); // the earlier replies of this burst must not wait for this one
                    watch.Enter(ConnectionPhase.Working);
                }

                Reply(output, request, await pending, started);
            }

            bool half = status == OperationStatus.NeedMoreData && !buffer.IsEmpty;
            if (half && read.IsCompleted)
                error = WireError.Truncated;
            PeerFault? fault = error == WireError.None ? null : PeerFault.Of(error, buffer, isStart);
            input.AdvanceTo(buffer.Start, buffer.End);
            bool gone = await FlushAsync(output, watch);
            if (fault is not null)
                return fault;
            if (read.IsCompleted || read.IsCanceled || gone || watch.MustEnd)
                return null;
            if (!half)
                request.Reset(); // idle connections must not each keep the largest request they ever had
            watch.Enter(half ? ConnectionPhase.HalfRequest : ConnectionPhase.Idle);
        }
    }

    private void Reply(PipeWriter output, SocketmapRequest request, in VerificationResult result, long started)
    {
        ReadOnlySpan<byte> key = request.Key.Span;
        ReadOnlySpan<byte> value = SocketmapReplyWriter.IsValidText(key) ? key : RecipientsMap; // any text will do
        Span<byte> room = result.Outcome == VerificationOutcome.NoRoute ? stackalloc byte[VerdictPolicy.MaxTextBytes] : default;
        ReadOnlySpan<byte> status = VerdictPolicy.SocketmapStatus(result, settings.NoRoute, settings.DryRun, value, room, out ReadOnlySpan<byte> text);
        SocketmapReplyWriter.Write(output, status, text);
        if (result.Outcome == VerificationOutcome.NoRoute && settings.NoRoute != NoRouteAnswer.Ok)
            WarnOfNoRoute(request.Address.Span);
        LogDecision(request, result, accepted: status.SequenceEqual("OK"u8), started);
    }

    /// <summary>
    /// A domain that Postfix relays and nobody has a route for is nearly always one that was forgotten; at the other doors, which see
    /// every domain, it is an every-day thing.
    /// </summary>
    private void WarnOfNoRoute(ReadOnlySpan<byte> address)
    {
        Span<byte> domain = stackalloc byte[DomainName.MaxBytes];
        if (!DomainName.TryCanonicalize(address[(address.LastIndexOf((byte)'@') + 1)..], domain, out int length)
            || !_unroutedDomains.MayTell(domain[..length])
            || !_unrouted.MayPass(out long held))
        {
            return;
        }

        bool refuses = settings.NoRoute == NoRouteAnswer.Notfound;
        Log.NoRoute(
            log, LogEscape.Text(System.Text.Encoding.UTF8.GetString(domain[..length])), refuses ? "notfound" : "temp", refuses ? "refuses" : "defers");
        LogHeld(held, "domains without a route");
    }

    private void RefuseMap(ConnectionContext connection, PipeWriter output, SocketmapRequest request)
    {
        SocketmapReplyWriter.Write(output, "PERM"u8, "no such map: the one here is called recipients"u8);
        if (_unknownMap.MayPass(out long held))
        {
            Log.UnknownMap(log, PeerName.Of(connection), LogEscape.Text(System.Text.Encoding.UTF8.GetString(request.Map.Span)));
            LogHeld(held, "look-ups in unknown maps");
        }
    }

    private void LogDecision(SocketmapRequest request, in VerificationResult result, bool accepted, long started)
    {
        if (!IsLogged(result, accepted, out LogLevel level))
            return;
        DecisionLine line = LineOf(result, started, dryRun: result.Route?.Reply.DryRun ?? settings.DryRun) with
        {
            Map = request.Map,
            Recipient = request.Key,
        };
        line.WriteTo(log, level);
    }
}

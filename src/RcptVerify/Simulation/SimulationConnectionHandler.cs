using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using RcptVerify.Simulation.Behaviours;

namespace RcptVerify.Simulation;

/// <summary>Serves one SMTP client: reads, answers in order, flushes once when the input runs dry.</summary>
internal sealed class SimulationConnectionHandler(SimulationContext context) : ConnectionHandler
{
    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        SimulatedSession session = new(PeerOf(connection));
        ServerScript greeter = context.Script;
        context.Counters.ConnectionOpened();
        try
        {
            using CancellationTokenRegistration stop = context.Stopping.UnsafeRegister(
                static state => ((ConnectionContext)state!).Abort(), connection);
            await ServeAsync(connection.Transport, session, greeter);
        }
        catch (Exception lost) when (lost is IOException or AuthenticationException or OperationCanceledException)
        {
            // The client is gone, its handshake failed, or the simulator stops: there is nobody to answer.
        }
        finally
        {
            greeter.Closed(session);
            context.Counters.ConnectionClosed();
        }
    }

    private async Task ServeAsync(IDuplexPipe clear, SimulatedSession session, ServerScript greeter)
    {
        SmtpDialogue dialogue = new(context, session);
        Reply greeting = greeter.Answer(SimulatedStage.Greeting, session);
        ReplyEnding ending = await ConverseAsync(clear, dialogue, greeting);
        if (ending != ReplyEnding.StartTls)
            return;

        await using TlsTransport encrypted = await TlsTransport.AcceptAsync(clear, context.Certificate, context.Stopping);
        session.BecomeTls();
        await ConverseAsync(encrypted, dialogue, greeting: null);
    }

    /// <summary>Talks until the client leaves, or a reply ends this part of the connection.</summary>
    private async Task<ReplyEnding> ConverseAsync(IDuplexPipe transport, SmtpDialogue dialogue, Reply? greeting)
    {
        ReplySender sender = new(context, transport.Output);
        ReplyEnding ending = ReplyEnding.Continue;
        if (greeting is not null)
        {
            bool alive = await sender.SendAsync(greeting, TimeSpan.Zero) && await sender.FlushAsync();
            ending = alive ? greeting.Ending : ReplyEnding.Close;
        }

        while (ending == ReplyEnding.Continue)
        {
            ReadResult read = await transport.Input.ReadAsync();
            ReadOnlySequence<byte> input = read.Buffer;
            while (ending == ReplyEnding.Continue && dialogue.TryAnswer(ref input, out Reply? reply))
            {
                TimeSpan hold = context.Script.HoldFor(reply);
                bool alive = sender.TryWrite(reply, hold) || await sender.SendAsync(reply, hold);
                ending = alive ? reply.Ending : ReplyEnding.Close;
            }

            if (!await sender.FlushAsync() || (read.IsCompleted && ending == ReplyEnding.Continue))
                ending = ReplyEnding.Close;

            // What was pipelined behind STARTTLS in clear text must not be taken for something said under TLS (RFC 3207 4.2).
            transport.Input.AdvanceTo(ending == ReplyEnding.StartTls ? input.End : input.Start, input.End);
        }

        return ending;
    }

    private static IPAddress PeerOf(ConnectionContext connection)
    {
        IPAddress address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.Wire;

namespace RcptVerify.Hosting;

/// <summary>
/// Looks at the first bytes of each connection to the admin door, and tells of one that is none of HTTP: the server answers such a peer 400
/// and says nothing. Nothing is held up or changed by it.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told.</param>
internal sealed class AdminDoorWatch(TimeProvider time, ILogger log)
{
    private readonly RepeatGuard _lines = new(time);

    /// <summary>Watches over an address of the door.</summary>
    public void WatchOver(ListenOptions door) => door.Use(next => connection =>
    {
        connection.Transport = new Watched(connection.Transport, begins => Look(connection, begins));
        return next(connection);
    });

    private void Look(ConnectionContext connection, WireProtocol begins)
    {
        if (begins is WireProtocol.Unknown or WireProtocol.Http || !_lines.MayPass(out long held))
            return;
        (string what, string advice) = PeerFault.AdviceOn(begins);
        Log.WrongDoor(log, "admin", PeerName.OfDoor(connection), PeerName.Of(connection), what, advice, "it is told 400 in HTTP");
        if (held > 0)
            Log.Repeated(log, held, "connections to the admin door in another protocol");
    }

    /// <summary>A transport whose first bytes are looked at as they are read.</summary>
    private sealed class Watched(IDuplexPipe transport, Action<WireProtocol> look) : PipeReader, IDuplexPipe
    {
        private bool _looked;

        public PipeReader Input => this;

        public PipeWriter Output => transport.Output;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Look(await transport.Input.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result)
        {
            bool read = transport.Input.TryRead(out result);
            if (read)
                Look(result);
            return read;
        }

        public override void AdvanceTo(SequencePosition consumed) => transport.Input.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => transport.Input.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => transport.Input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => transport.Input.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => transport.Input.CompleteAsync(exception);

        private ReadResult Look(ReadResult read)
        {
            if (!_looked && !read.Buffer.IsEmpty)
            {
                _looked = true;
                look(WireProtocols.Guess(read.Buffer));
            }

            return read;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace RcptVerify.Hosting.Epoll;

/// <summary>
/// Kestrel's transport for the doors: one loop for two cores, at least one: a loop more would share
/// its core with Postfix, and answers would wait for time slices (measured: half the rate on two cores).
/// </summary>
/// <param name="log">For defects.</param>
/// <param name="admin">Left to Kestrel's own transport: requests there may take long, and have no part in the doors' threads.</param>
internal sealed class EpollTransportFactory(ILogger<EpollTransportFactory> log, AdminEndpoints? admin = null) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Lazy<EpollLoop[]> _loops = new(() =>
        [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(number => new EpollLoop(log, number))]);

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => admin?.Contains(endpoint) != true;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(512); // as Kestrel; Postfix's process limit is 100
            return new(new Listener(socket, _loops.Value));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Listener(Socket socket, EpollLoop[] loops) : IConnectionListener
    {
        private uint _accepted;

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Socket? accepted = null;
                try
                {
                    accepted = await socket.AcceptAsync(cancellationToken);
                    if (accepted.LocalEndPoint is IPEndPoint)
                        accepted.NoDelay = true;
                    return new EpollConnection(accepted, loops[_accepted++ % (uint)loops.Length]);
                }
                catch (ObjectDisposedException)
                {
                    return null;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
                {
                    return null;
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    // The peer was gone before it was served, or the system has no descriptors left: that one is lost, and
                    // the door stays open. Not at full speed, for the second case.
                    accepted?.Dispose();
                    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}

using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RcptVerify.Simulation;

/// <summary>
/// A stand-in Exchange: an SMTP server that behaves like one of its generations, like one in trouble, or like an attacker's. For tests,
/// trials and load; it keeps no mail. It shares no code with the prober it is asked by, so that one mistake cannot hide on both sides.
/// <para>Limits: lines of 12 KiB, 200 recipients a message; no idle time-out, no limit on connections but <c>throttled</c>'s.</para>
/// <para>Security: loopback by default. It accepts mail for anybody; never put it on an address the Internet can reach.</para>
/// <para>Known weakness: the texts and stages are those documented for Exchange; only the 2013 front end's were seen on a real one.</para>
/// </summary>
public sealed class ExchangeSimulator : IAsyncDisposable
{
    private readonly SimulationContext _context;
    private readonly ServiceProvider _services;
    private readonly KestrelServer _server;

    private ExchangeSimulator(SimulationContext context, ServiceProvider services, KestrelServer server, IPEndPoint endPoint)
    {
        _context = context;
        _services = services;
        _server = server;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens, with the port it got.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What has happened so far.</summary>
    public SimulationCounters Counters => _context.Counters;

    /// <summary>Its mailboxes; may be changed while it runs.</summary>
    public KnownRecipients Known => _context.Known;

    /// <summary>Starts listening; returns once connections are taken.</summary>
    /// <exception cref="ArgumentException">The behaviour does not exist, or a known address is malformed.</exception>
    /// <exception cref="IOException">The address cannot be bound, most often because it is in use.</exception>
    public static async Task<ExchangeSimulator> StartAsync(SimulationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        SimulationContext context = new(options);
        ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        KestrelServerOptions serverOptions = new() { ApplicationServices = services };
        ListenOptions? listen = null;
        serverOptions.Listen(options.Listen, endpoint =>
        {
            listen = endpoint;
            endpoint.Run(new SimulationConnectionHandler(context).OnConnectedAsync);
        });

        // Inline: a command is answered on the thread that read it. Whatever takes time (tarpit, slow replies) awaits a timer.
        SocketTransportOptions socketOptions = new() { UnsafePreferInlineScheduling = true };
        KestrelServer server = new(
            Options.Create(serverOptions),
            new SocketTransportFactory(Options.Create(socketOptions), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new NoHttp(), cancellationToken);
        }
        catch
        {
            server.Dispose();
            await services.DisposeAsync();
            context.Dispose();
            throw;
        }

        return new ExchangeSimulator(context, services, server, listen!.IPEndPoint!);
    }

    /// <summary>Behaves differently from the next command on, on open connections too. Counters and mailboxes stay.</summary>
    /// <exception cref="ArgumentException">The behaviour does not exist.</exception>
    public void SwitchTo(string behaviour) => _context.SwitchTo(behaviour);

    /// <summary>Stops listening and cuts every connection at once, whatever it is doing.</summary>
    public async ValueTask DisposeAsync()
    {
        _context.Stop();
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        await _services.DisposeAsync();
        _context.Dispose();
    }

    /// <summary>Kestrel asks for an HTTP application; no endpoint of ours speaks HTTP.</summary>
    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => Task.CompletedTask;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}

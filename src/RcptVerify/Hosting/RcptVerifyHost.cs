using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Hosting.Epoll;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Hosting;

/// <summary>
/// The daemon as one object: composition root, sockets, signals. SIGTERM drains: what is under way is answered, with the
/// tempfail answer where the verdict is not there within <see cref="DrainTime"/>, and the process ends within 5 s.
/// </summary>
internal sealed class RcptVerifyHost : IAsyncDisposable
{
    /// <summary>How long probes under way may still bring their verdict after SIGTERM: 2 s.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    /// <summary>After this time connections are cut: 4 s.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(4);

    private readonly WebApplication _app;
    private readonly RcptVerifyOptions _options;
    private readonly IReadOnlyList<BoundDoor> _doors;

    private RcptVerifyHost(WebApplication app, RcptVerifyOptions options, IReadOnlyList<BoundDoor> doors)
    {
        _doors = doors;
        _app = app;
        _options = options;
        Service = app.Services.GetRequiredService<VerificationService>();
    }

    public VerificationService Service { get; }

    /// <summary>Where the policy door listens, in Postfix's notation; with real ports once started.</summary>
    public IReadOnlyList<string> PolicyEndpoints => EndpointsOf("policy");

    /// <summary>Where a door listens, in Postfix's notation; with real ports once started.</summary>
    /// <param name="door">The door's name, that of its section.</param>
    public IReadOnlyList<string> EndpointsOf(string door) => [.. _doors.Where(bound => bound.Door == door).Select(bound => bound.Address)];

    /// <summary>Builds the daemon; nothing listens yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="source">Where they came from, for SIGHUP.</param>
    /// <param name="logging">Sets up the log.</param>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public static RcptVerifyHost Build(RcptVerifyOptions options, ConfigurationSource source, Action<ILoggingBuilder> logging)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        logging(builder.Logging);
        builder.Services.AddSystemd();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton<VerificationService>();
        builder.Services.AddSingleton<IRecipientVerifier>(services => services.GetRequiredService<VerificationService>().Verifier);
        builder.Services.AddSingleton(services => services.GetRequiredService<VerificationService>().PolicyDoor);
        builder.Services.AddSingleton(services => services.GetRequiredService<VerificationService>().SocketmapDoor);
        builder.Services.AddSingleton(services => services.GetRequiredService<VerificationService>().MilterDoor);
        builder.Services.AddHostedService<ReloadOnHangup>();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IConnectionListenerFactory, EpollTransportFactory>(); // the last one registered is asked first
        List<BoundDoor> doors = [];
        builder.Services.AddSingleton(services => AdminEndpoints.Of(options, services.GetRequiredService<ILogger<RcptVerifyHost>>()));
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            ILogger log = kestrel.ApplicationServices.GetRequiredService<ILogger<RcptVerifyHost>>();
            doors.AddRange(Doors.Bind(kestrel, options, log));
            Doors.BindAdmin(kestrel, kestrel.ApplicationServices.GetRequiredService<AdminEndpoints>(), log);
        });
        AdminToken token = new(AdminTokenFile.TokenOf(options.Admin, out string exposed));
        builder.Services.AddSingleton(token);
        WebApplication app = builder.Build();
        if (exposed.Length > 0)
            Log.AdminTokenExposed(app.Services.GetRequiredService<ILogger<RcptVerifyHost>>(), exposed);
        VerificationService service = app.Services.GetRequiredService<VerificationService>();
        app.Run(new AdminApi(service.Access, token, service.Readiness, TimeProvider.System).InvokeAsync);
        return new(app, options, doors);
    }

    /// <summary>Opens the doors.</summary>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ILogger log = _app.Services.GetRequiredService<ILogger<RcptVerifyHost>>();
        uint mask = UnixSocketFile.SetMask(0b000_111_111); // until their mode is set, sockets are the owner's alone
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        finally
        {
            _ = UnixSocketFile.SetMask(mask);
        }

        Doors.OpenUnixSockets(_options, _app.Services.GetRequiredService<AdminEndpoints>());
        Service.Readiness.SocketsAreOpen();
        foreach (BoundDoor bound in _doors)
            Log.Listening(log, bound.Door, bound.Address);
        foreach (System.Net.EndPoint endpoint in _app.Services.GetRequiredService<AdminEndpoints>().All)
            Log.Listening(log, "admin", endpoint.ToString()!);
        Log.Started(log, ProgramVersion.Text, Counted.Routes(_options.Routes.Count));
        _app.Lifetime.ApplicationStopping.Register(() => Drain(log));
    }

    /// <summary>Closes the doors and answers what is under way.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Waits for SIGTERM or SIGINT and for what is under way then.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Drain(ILogger log)
    {
        Service.Readiness.Drain();
        Log.Stopping(log);
        _ = StopWaitingAsync();
    }

    private async Task StopWaitingAsync()
    {
        await Task.Delay(DrainTime, TimeProvider.System);
        Service.Verifier.Stop();
    }
}

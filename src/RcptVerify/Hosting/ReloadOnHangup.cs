using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Telemetry;

namespace RcptVerify.Hosting;

/// <summary>
/// SIGHUP reads the configuration again. A file that no longer parses changes nothing, and its errors are logged.
/// </summary>
/// <param name="source">Where the configuration comes from.</param>
/// <param name="service">Takes it over.</param>
/// <param name="token">Takes over the admin token.</param>
/// <param name="log">What happened.</param>
internal sealed class ReloadOnHangup(ConfigurationSource source, VerificationService service, AdminToken token, ILogger<ReloadOnHangup> log) : IHostedService, IDisposable
{
    private readonly Lock _one = new();
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // the default would end the process
            Reload();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _registration?.Dispose();

    private void Reload()
    {
        lock (_one)
        {
            ConfigurationResult result = source.Load();
            if (result.Options is null)
            {
                Log.ReloadFailed(log, LogEscape.Text(string.Join("; ", result.Errors)));
                return;
            }

            string word;
            string exposed;
            try
            {
                word = AdminTokenFile.TokenOf(result.Options.Admin, out exposed);
            }
            catch (IOException e)
            {
                Log.ReloadFailed(log, e.Message);
                return;
            }

            if (exposed.Length > 0)
                Log.AdminTokenExposed(log, exposed);
            token.Replace(word);
            service.Apply(result.Options);
            Log.Reloaded(log, source.Name, Counted.Routes(result.Options.Routes.Count));
        }
    }
}

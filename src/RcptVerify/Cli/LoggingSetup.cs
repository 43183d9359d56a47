using System.Net;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary>Logs to standard error, in Postfix's style; with the journal's marks where systemd reads it (sd-daemon(3)).</summary>
internal static class LoggingSetup
{
    public static Action<ILoggingBuilder> ToStandardError(LogVerbosity level) => logging =>
    {
        bool journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
        LinePrefix prefix = new(TimeProvider.System, Dns.GetHostName(), Environment.ProcessId, journal);
        logging.AddProvider(new PostfixLoggerProvider(new LogWriter(Console.OpenStandardError(), prefix)));
        logging.SetMinimumLevel(level switch
        {
            LogVerbosity.Debug => LogLevel.Debug,
            LogVerbosity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        });
    };
}

using System.CommandLine;
using Microsoft.Extensions.Logging;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Simulation;
using RcptVerify.Telemetry;
using Spectre.Console;

namespace RcptVerify.Cli;

/// <summary><c>demo</c>: the newcomer's run. A simulated Exchange and the daemon in one process, asked over the real policy socket.</summary>
internal static class DemoCommand
{
    private const string Domain = "example.com";

    private static readonly string[] Known = ["alice@" + Domain, "bob@" + Domain];

    public static Command Create()
    {
        Option<bool> once = new("--once") { Description = "End after the table." };
        Command command = new("demo", "See it work: a simulated Exchange, the daemon, and a table of what was asked and answered.") { once };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(once), cancel));
        return command;
    }

    private static async Task<int> RunAsync(bool once, CancellationToken cancellationToken)
    {
        await using ExchangeSimulator exchange = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Known = Known }, cancellationToken);
        Dictionary<string, string> environment = new()
        {
            ["RCPTVERIFY__POLICY__LISTEN"] = "inet:127.0.0.1:0",
            ["RCPTVERIFY__ADMIN__LISTEN"] = "",
            ["RCPTVERIFY__ADMIN__SOCKET"] = "",
            ["RCPTVERIFY__CACHE__STORE"] = "memory",
        };
        string route = $"{Domain}={exchange.EndPoint}";
        ConfigurationResult configuration = ConfigurationLoader.Load(null, environment, [route]);
        if (configuration.Options is null)
            return Complaints.Print(configuration.Errors);

        using MemoryStream log = new();
        await using RcptVerifyHost host = RcptVerifyHost.Build(configuration.Options, new ConfigurationSource(null, [route]), logging =>
        {
            logging.AddProvider(new PostfixLoggerProvider(new LogWriter(
                Stream.Synchronized(log), new LinePrefix(TimeProvider.System, "demo", Environment.ProcessId, journal: false))));
            logging.SetMinimumLevel(LogLevel.Debug);
        });
        await host.StartAsync(cancellationToken);
        string door = host.PolicyEndpoints[0];
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 140;
        AnsiConsole.WriteLine($"A simulated Exchange 2010 listens on {exchange.EndPoint} and knows {string.Join(" and ", Known)}.");
        AnsiConsole.WriteLine($"RcptVerify listens on {door}, as Postfix's check_policy_service names it, and asks that Exchange about {Domain}.");
        AnsiConsole.WriteLine();

        bool asExpected = await DemoRun.AskAllAsync(door, exchange, cancellationToken);
        if (!once)
        {
            PrintHowTo(door);
            await host.WaitForShutdownAsync(cancellationToken);
        }

        await host.StopAsync();
        await host.DisposeAsync(); // writes what is left of the log
        AnsiConsole.WriteLine("What the log says of it (acceptances out of the cache at level debug only):");
        Console.Out.Write(System.Text.Encoding.UTF8.GetString(log.ToArray()));
        return asExpected ? ExitCode.Ok : ExitCode.Internal;
    }

    private static void PrintHowTo(string door)
    {
        string[] parts = door.Split(':');
        AnsiConsole.WriteLine("By hand, in another terminal:");
        AnsiConsole.WriteLine($"  printf 'request=smtpd_access_policy\\nprotocol_state=RCPT\\nrecipient=nobody@{Domain}\\n\\n' | nc -q 1 {parts[1]} {parts[2]}");
        AnsiConsole.WriteLine("In a Postfix of yours (main.cf), for as long as this runs:");
        AnsiConsole.WriteLine($"  smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service {door}");
        AnsiConsole.WriteLine("Ctrl-C ends it and shows the log.");
    }
}

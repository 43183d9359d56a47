using System.CommandLine;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>serve</c>: the daemon.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Option<string[]> route = new("--route")
        {
            Description = "DOMAIN[,DOMAIN]=HOST:PORT[,HOST:PORT]: whom to ask about a domain's recipients, at the stage that is measured there. May be repeated; no file is needed then.",
            HelpName = "DOMAIN=SERVERS",
            DefaultValueFactory = _ => [],
        };
        Command command = new("serve", "Run the daemon: answer Postfix, probe the servers behind it, remember.") { config, route };
        command.SetAction((parsed, cancel) =>
            RunAsync(new ConfigurationSource(parsed.GetValue(config), parsed.GetValue(route) ?? []), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationSource source, CancellationToken cancellationToken)
    {
        ConfigurationResult result = source.Load();
        if (result.Options is not RcptVerifyOptions options)
            return Complaints.Print(result.Errors);
        if (options.Routes.Count == 0 && !options.Milter.RouteFromRcptHost)
            return Complaints.Print("there is no route: add [[route]] to the configuration, or say --route example.com=exchange.example.com:25", ExitCode.Config);
        try
        {
            await using RcptVerifyHost host = RcptVerifyHost.Build(options, source, LoggingSetup.ToStandardError(options.Log.Level));
            await host.StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            return Complaints.Print(SystemWords.Of(e), ExitCode.Config);
        }
    }
}

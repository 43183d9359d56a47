using System.CommandLine;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>check-config</c>: our own configuration, with every error in it.</summary>
internal static class CheckConfigCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Command command = new("check-config", "Check the configuration: prints every error with file, line and column.") { config };
        command.SetAction(parsed => Run(parsed.GetValue(config)));
        return command;
    }

    private static int Run(string? path)
    {
        if (path is null)
            return Complaints.Print($"no configuration: say -c FILE ({CommonOptions.DefaultConfigFile} does not exist)", ExitCode.Usage);
        if (!Path.Exists(path))
            return Complaints.Print($"{path}: no such file", ExitCode.Usage);
        if (Directory.Exists(path))
            return Complaints.Print($"{path}: is a directory, not a file", ExitCode.Usage);
        ConfigurationResult result = new ConfigurationSource(path, []).Load();
        if (result.Options is null)
            return Complaints.Print(result.Errors);
        Console.Out.WriteLine($"{path}: fine, {Counted.Routes(result.Options.Routes.Count)}");
        if (result.Options.Routes.Count == 0 && !result.Options.Milter.RouteFromRcptHost)
            Complaints.Print("warning: without a [[route]], 'serve' needs --route and does not start without it", ExitCode.Ok);
        return ExitCode.Ok;
    }
}

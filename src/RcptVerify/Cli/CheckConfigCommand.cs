using System.CommandLine;
using RcptVerify.Configuration;
using RcptVerify.Hosting;

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
        if (!File.Exists(path))
            return Complaints.Print($"{path}: no such file", ExitCode.Usage);
        ConfigurationResult result = new ConfigurationSource(path, []).Load();
        if (result.Options is null)
            return Complaints.Print(result.Errors);
        Console.Out.WriteLine($"{path}: fine, {result.Options.Routes.Count} routes");
        return ExitCode.Ok;
    }
}

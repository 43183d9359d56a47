using System.CommandLine;

namespace RcptVerify.Cli;

/// <summary>The commands, and how their failures end: bad usage with 2, a defect of ours with 3, never with a stack trace.</summary>
internal static class CommandLine
{
    /// <summary>ENOSPC, errno(3).</summary>
    private const int NoSpace = 28;

    /// <summary>EDQUOT.</summary>
    private const int OverQuota = 122;

    private static readonly NamedCommand[] Commands =
    [
        new("serve", ServeCommand.Create),
        new("demo", DemoCommand.Create),
        new("probe", ProbeCommand.Create),
        new("calibrate", CalibrateCommand.Create),
        new("simulate", SimulateCommand.Create),
        new("cache", Cache.CacheCommand.Create),
        new("check-config", CheckConfigCommand.Create),
        new("explain", ExplainCommand.Create),
        new("rules", RulesCommand.Create),
        new("validate", ValidateCommand.Create),
        new("effective", EffectiveCommand.Create),
    ];

    /// <summary>Understands a command line, without running anything.</summary>
    /// <param name="args">As it was written.</param>
    public static ParseResult Parse(string[] args)
    {
        RootCommand root = new("RcptVerify answers Postfix whether a recipient exists: from its cache, or by asking the mail server behind.");
        foreach (VersionOption version in root.Options.OfType<VersionOption>())
            version.Recursive = true;
        // What another command needs is not set up for this one; a name that is none, and help, need all.
        string? named = args.Length > 0 && Commands.Any(command => command.Name == args[0]) ? args[0] : null;
        foreach (NamedCommand command in Commands)
        {
            if (named is null || command.Name == named)
                root.Add(command.Create());
        }

        // An @ before a file name is ours (simulate --known @FILE), no file of further arguments.
        return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Parse(args);
        IReadOnlyList<string> errors = UsageErrors.Of(parsed, args);
        if (errors.Count > 0)
        {
            foreach (string error in errors)
                Complaints.Print(error, ExitCode.Usage);
            Console.Error.WriteLine($"Try '{UsageErrors.PathOf(parsed.CommandResult.Command)} --help'.");
            return ExitCode.Usage;
        }

        try
        {
            // Signals are the commands' own: the daemon drains for longer than the two seconds a library would give it.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }
        catch (IOException e) when (e.HResult is NoSpace or OverQuota)
        {
            return Complaints.Print($"the answer cannot be written: {e.Message}", ExitCode.Internal);
        }
        catch (Exception e)
        {
            return Complaints.Print($"internal error: {e.GetBaseException().GetType().Name}: {e.GetBaseException().Message}. Please report it.", ExitCode.Internal);
        }
    }

    private sealed record NamedCommand(string Name, Func<Command> Create);
}

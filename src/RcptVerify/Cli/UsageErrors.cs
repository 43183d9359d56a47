using System.CommandLine;
using System.CommandLine.Parsing;
using RcptVerify.Configuration;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary>
/// What is wrong with a command line, in words, with what was probably meant. System.CommandLine takes a misspelt option for an
/// argument, and then complains of something else, or of nothing.
/// </summary>
internal static class UsageErrors
{
    /// <summary>What to say; empty where nothing is wrong.</summary>
    /// <param name="parsed">The command line as it was understood.</param>
    /// <param name="args">As it was written.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IEnumerable<string> args)
    {
        Command command = parsed.CommandResult.Command;
        if (UnknownOption(command, args) is { } unknown)
            return [unknown];
        if (parsed.Errors.Count == 0)
            return [];
        if (command.Subcommands.Count > 0)
            return [NoCommand(command, parsed.UnmatchedTokens)];
        if (parsed.UnmatchedTokens.FirstOrDefault(word => NamesOf(command).Contains(word)) is { } early)
            return [$"{early} belongs behind the command: '{PathOf(command)} {early}'"];
        if (parsed.UnmatchedTokens.Count > 0)
            return [$"{Quoted(parsed.UnmatchedTokens[0])}: '{PathOf(command)}' takes {(command.Arguments.Count == 0 ? "no argument" : "no further argument")}"];
        string[] missing = [.. Missing(command, parsed)];
        return missing.Length > 0 ? missing : [.. parsed.Errors.Select(Worded).Distinct()];
    }

    /// <summary>The words that call a command: <c>rcptverify cache put</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "rcptverify";

    private static string? UnknownOption(Command command, IEnumerable<string> args)
    {
        string[] known = [.. NamesOf(command)];
        foreach (string arg in args.TakeWhile(arg => arg != "--"))
        {
            bool isLong = arg.Length > 2 && arg.StartsWith("--", StringComparison.Ordinal);
            bool isShort = arg.Length == 2 && arg[0] == '-' && char.IsAsciiLetter(arg[1]);
            int end = arg.AsSpan().IndexOfAny('=', ':');
            string name = end < 0 ? arg : arg[..end];
            if (!(isLong || isShort) || known.Contains(name))
                continue;
            // The dashes are no well spelt letters.
            string hint = isLong && Spelling.Nearest(name[2..], known.Where(one => one.StartsWith("--", StringComparison.Ordinal)).Select(one => one[2..])) is { } nearest
                ? $", did you mean --{nearest}?" : "";
            return $"'{PathOf(command)}' has no option {LogEscape.Text(name)}{hint}";
        }

        return null;
    }

    private static IEnumerable<string> NamesOf(Command command)
    {
        IEnumerable<Option> options = command.Options;
        for (Command? parent = ParentOf(command); parent is not null; parent = ParentOf(parent))
            options = options.Concat(parent.Options.Where(option => option.Recursive));
        return options.SelectMany(option => option.Aliases.Prepend(option.Name));
    }

    private static Command? ParentOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault();

    private static string NoCommand(Command command, IReadOnlyList<string> words)
    {
        string[] names = [.. command.Subcommands.Select(sub => sub.Name)];
        string all = $"the commands are {string.Join(", ", names)}";
        if (words.Count == 0)
            return $"'{PathOf(command)}' needs a command: {all}";
        string hint = Spelling.Hint(words[0], names);
        return $"'{PathOf(command)}' has no command {Quoted(words[0])}{(hint.Length > 0 ? hint : "; " + all)}";
    }

    private static IEnumerable<string> Missing(Command command, ParseResult parsed)
    {
        foreach (Argument argument in command.Arguments)
        {
            if (argument.Arity.MinimumNumberOfValues > 0 && !argument.HasDefaultValue && parsed.GetResult(argument) is not { Tokens.Count: > 0 })
                yield return $"'{PathOf(command)}' needs {argument.Name}: {Lower(argument.Description)}";
        }

        foreach (Option option in command.Options)
        {
            OptionResult? result = parsed.GetResult(option);
            if (option.Required && result is null or { Implicit: true, Option.Required: true })
                yield return $"'{PathOf(command)}' needs {option.Name} {option.HelpName}: {Lower(option.Description)}";
            else if (result is { Implicit: false } && result.Tokens.Count < option.Arity.MinimumNumberOfValues)
                yield return $"{option.Name} needs a value: {option.HelpName}";
            else if (result is { Implicit: false } && result.Tokens.Count > option.Arity.MaximumNumberOfValues)
                yield return $"{option.Name} is given more than once";
        }
    }

    private static string Worded(ParseError error) =>
        error.SymbolResult is OptionResult { Tokens.Count: > 0 } result && result.Option.Arity.MaximumNumberOfValues == 1 && result.Option.ValueType == typeof(bool)
            ? $"{result.Option.Name} takes no value" : Shown.Plain(error.Message);

    private static string Quoted(string word) => $"\"{LogEscape.Text(word)}\"";

    private static string Lower(string? text) =>
        string.IsNullOrEmpty(text) ? "" : (text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text).TrimEnd('.');
}

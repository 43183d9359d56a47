using System.CommandLine;
using DiffPlex.Renderer;
using RcptVerify.Hosting;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Reporters;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>validate</c>: what is wrong with the TLS and verification settings of a Postfix configuration.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        Argument<string> path = new("PATH")
        {
            Description = "A directory with main.cf and master.cf, a main.cf, or what 'postconf -n; postconf -M' printed; - for standard input.",
            DefaultValueFactory = _ => InstalledPostfix.Folder,
        };
        Option<string?> postfix = Text("--postfix", "X.Y[.Z]", "The release of Postfix, 2.6 to 3.12. Default: the installed one for its own configuration, else all in use.");
        Option<string?> openSsl = Text("--openssl", "X.Y", "The release of OpenSSL Postfix runs with. Default: 3.0 is assumed, 1.0.2 beside Postfix before 3.1.");
        Option<string?> platform = Text("--platform", "NAME", "The distribution, for what its build lacks: debian, ubuntu24.04, rocky10, alpine …");
        Option<string?> role = Text("--role", ServiceRoles.All, "What the host is. Default: guessed for each service.");
        Option<string> profile = Word("--profile", "NAME", "The guideline to measure by: rfc9325, mozilla-6.0-intermediate, ncsc-2025-05, bsi-2026-01.", Profile.DefaultId);
        Option<string> format = Word("--format", string.Join("|", Formats.Names), "How to print.", "text");
        Option<string> failLevel = Word("--fail-level", Severities.All, "Exit with 1 if a finding is at least that severe; none: never.", "warning");
        Option<string> minLevel = Word("--min-level", "notice|warning|error", "Print only what is at least that severe.", "notice");
        Option<string?> severities = Text("--severities", "FILE", "TOML with a table [severity]: RV-PRO-003 = \"notice\"; \"none\" switches a rule off.");
        Option<string?> baseline = Text("--baseline", "FILE", "An earlier --format json report: what it holds does not count.");
        Option<string?> tlsa = Text("--tlsa", "FILE", "TLSA records to judge, as a zone file has them.");
        Option<string?> root = Text("--root", "DIR", "Look at the files the configuration names, below that directory. Default: / for the machine's own configuration, else not at all.");
        Option<bool> diff = new("--diff") { Description = "Print the safe repairs as a diff instead of findings; change nothing." };
        Option<bool> fix = new("--fix") { Description = "Make the safe repairs, keep the old files with .bak, then check." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("validate", "Find what is wrong with the TLS, DANE, IPv6 and verification settings of a Postfix configuration.")
        {
            path, postfix, openSsl, platform, role, profile, format, failLevel, minLevel, severities, baseline, tlsa, root, diff, fix, json,
        };
        command.SetAction(parsed =>
        {
            List<string> errors = [];
            bool isFormatSaid = parsed.GetResult(format) is { Implicit: false };
            if (parsed.GetValue(json) && isFormatSaid && parsed.GetValue(format) != "json")
                errors.Add($"--json and --format {LogEscape.Text(parsed.GetValue(format)!)}: say one of them");
            if (parsed.GetValue(diff) && (isFormatSaid || parsed.GetValue(json)))
                errors.Add($"--diff prints a diff in place of findings, and has no {(isFormatSaid ? "--format" : "--json")}");
            ValidateOptions? options = ValidateOptions.Of(
                new ValidateWords(
                    parsed.GetValue(postfix),
                    parsed.GetValue(openSsl),
                    parsed.GetValue(platform),
                    parsed.GetValue(role),
                    parsed.GetRequiredValue(profile),
                    parsed.GetValue(json) ? "json" : parsed.GetRequiredValue(format),
                    parsed.GetRequiredValue(failLevel),
                    parsed.GetRequiredValue(minLevel),
                    parsed.GetValue(severities),
                    parsed.GetValue(baseline),
                    parsed.GetValue(tlsa),
                    parsed.GetValue(root)),
                errors);
            foreach (string error in errors)
                Complaints.Print(Printable.Text(error), ExitCode.Usage);
            return options is null ? ExitCode.Usage : Run(parsed.GetRequiredValue(path), options, parsed.GetValue(diff), parsed.GetValue(fix));
        });
        return command;
    }

    private static int Run(string path, ValidateOptions options, bool diff, bool fix)
    {
        if (fix && path == "-")
            return Complaints.Print("--fix changes files: give a directory or a main.cf, or use --diff", ExitCode.Usage);
        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read(path, Console.In);
        if (configuration is null)
            return Complaints.Print(LogEscape.Text(error!), ExitCode.Usage);
        // A repair may change compatibility_level, but not for whom it is made.
        TargetRange range = TargetRange.Of(options.Postfix, options.OpenSsl, options.Platform, configuration);
        LintReport report;
        if (diff || fix)
        {
            (PostfixConfiguration mended, report, IReadOnlyList<Finding> findings) = Fixer.Run(configuration, Check);
            if (diff)
                return PrintDiff(configuration, mended);
            if (!Write(configuration, mended, findings.Count))
                return ExitCode.Usage;
        }
        else
        {
            report = Check(configuration);
        }

        bool hasColour = TerminalStyle.OfOutput().IsBold && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        Formats.Find(options.Format, hasColour, ProgramVersion.Text)!.Write(report, Console.Out);
        return options.FailLevel != Severity.None && report.Findings.Any(finding => finding.Severity >= options.FailLevel) ? ExitCode.No : ExitCode.Ok;

        LintReport Check(PostfixConfiguration read) =>
            LintRun.Check(read, range, options.ForLinter(configuration.Folder), options.Severities, options.Baseline) with { MinLevel = options.MinLevel };
    }

    private static int PrintDiff(PostfixConfiguration before, PostfixConfiguration after)
    {
        bool differs = false;
        for (int at = 0; at < before.Files.Count; at++)
        {
            (SourceFile old, SourceFile mended) = (before.Files[at], after.Files[at]);
            if (ReferenceEquals(old, mended))
                continue;
            differs = true;
            foreach (string line in UnidiffRenderer.GenerateUnidiff(old.Text, mended.Text, old.Name, old.Name, ignoreWhitespace: false).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
                Console.Out.WriteLine(Printable.Text(line));
        }

        return differs ? ExitCode.No : ExitCode.Ok;
    }

    private static bool Write(PostfixConfiguration before, PostfixConfiguration after, int count)
    {
        for (int at = 0; at < before.Files.Count; at++)
        {
            (SourceFile old, SourceFile mended) = (before.Files[at], after.Files[at]);
            if (ReferenceEquals(old, mended))
                continue;
            (string? backup, string? error) = FileReplacement.Write(old, mended.Text);
            if (error is not null)
            {
                Complaints.Print($"{LogEscape.Text(old.Path!)}: {LogEscape.Text(error)}; it was not changed", ExitCode.Usage);
                return false;
            }

            Console.Error.WriteLine($"rcptverify: {LogEscape.Text(old.Path!)} mended, the old one is {LogEscape.Text(backup!)}");
        }

        Console.Error.WriteLine(count == 0 ? "rcptverify: nothing to mend safely" : $"rcptverify: {count} finding{(count == 1 ? "" : "s")} mended; 'postfix reload' makes them work");
        return true;
    }

    private static Option<string?> Text(string name, string help, string description) => new(name) { HelpName = help, Description = description };

    private static Option<string> Word(string name, string help, string description, string fallback) =>
        new(name) { HelpName = help, Description = description, DefaultValueFactory = _ => fallback };
}

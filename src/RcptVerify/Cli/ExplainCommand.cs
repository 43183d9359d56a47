using System.CommandLine;
using System.Text.Json;
using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>explain</c>: one rule's page, from the program itself.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        Argument<string> id = new("RULE-ID") { Description = "Id of a rule, RV-PRO-001; case does not matter, RV- may be left out." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("explain", "Explain a rule of the Postfix validator: what it finds, why, and what to write instead.") { id, json };
        command.SetAction(parsed => Run(parsed.GetValue(id)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(string id, bool json)
    {
        if (!RuleCatalogue.TryRead(id, out RulePage? page))
            return Complaints.Print(Unknown(id), ExitCode.Usage);
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(ExplainedRule.Of(page), RulesJson.Default.ExplainedRule));
        else
            Console.Out.Write(new RulePageText(TerminalStyle.OfOutput()).Render(page));
        return ExitCode.Ok;
    }

    /// <summary>What to say of an id that is none: its group, or the nearest one, and where all of them are.</summary>
    internal static string Unknown(string id)
    {
        string[] group = [.. RuleCatalogue.Ids.Where(rule => rule.StartsWith(RuleCatalogue.Normalize(id) + '-', StringComparison.Ordinal))];
        if (group.Length > 0)
            return $"{LogEscape.Text(id)} is a group of rules, {group[0]} to {group[^1]}; 'rcptverify rules' lists them all.";
        string hint = Spelling.Hint(RuleCatalogue.Normalize(id), RuleCatalogue.Ids);
        return $"no rule {(id.Length == 0 ? "\"\"" : LogEscape.Text(id))}{(hint.Length == 0 ? "." : hint)} 'rcptverify rules' lists them all.";
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.Cli;

/// <summary><c>rules</c>: the validator's catalogue, or with <c>--seed</c> what became of the seed document's advice.</summary>
internal static class RulesCommand
{
    private const int IdColumn = 13;
    private const int SeverityColumn = 23;
    private const int SeedIndent = 16;
    private const string SeedTitle =
        "The seed: older advice on hardening Postfix that is still widely copied. For each item: the advice, what is to be said of it today, and the rules that see it.";

    public static Command Create()
    {
        Option<bool> seed = new("--seed") { Description = "Print what became of well-known older advice (DROWN, POODLE, DANE …), item by item: kept, corrected, superseded, harmful." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("rules", "List the rules of the Postfix validator.") { seed, json };
        command.SetAction(parsed =>
        {
            Console.Out.Write(parsed.GetValue(seed) ? Seed(parsed.GetValue(json)) : Rules(parsed.GetValue(json)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Rules(bool json) => json
        ? JsonSerializer.Serialize(new RuleList([.. RuleCatalogue.ReadAll().Select(ListedRule.Of)]), RulesJson.Default.RuleList) + "\n"
        : ToText(RuleCatalogue.ReadAll().Concat(RuleCatalogue.ReadRemarks()), TerminalStyle.OfOutput());

    private static string Seed(bool json) => json
        ? JsonSerializer.Serialize(new SeedList([.. SeedTable.Read().Select(ListedSeedItem.Of)]), RulesJson.Default.SeedList) + "\n"
        : ToText(SeedTable.Read(), TerminalStyle.OfOutput());

    /// <summary>Id, severities and title of each rule, a blank line between groups.</summary>
    internal static string ToText(IEnumerable<RulePage> pages, TerminalStyle style)
    {
        StringBuilder text = new();
        string? group = null;
        foreach (RulePage page in pages)
        {
            if (page.Group != group)
                text.Append(group is null ? "" : "\n").Append(style.Heading(GroupTitle(page.Group))).Append('\n');
            group = page.Group;
            text.Append(page.Id.PadRight(IdColumn)).Append(string.Join('/', page.Severities).PadRight(SeverityColumn)).Append(page.Title).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Number, verdict, advice, and below them reason and rules.</summary>
    internal static string ToText(IReadOnlyList<SeedItem> items, TerminalStyle style)
    {
        StringBuilder text = new();
        string indent = new(' ', SeedIndent);
        string? section = null;
        WrappedText.Append(text, SeedTitle, "", "", style.Width);
        text.Append('\n');
        foreach (SeedItem item in items)
        {
            if (item.Section != section)
                text.Append(section is null ? "" : "\n").Append(style.Heading(item.Section)).Append('\n');
            section = item.Section;
            string number = item.Number.ToString(CultureInfo.InvariantCulture).PadLeft(2);
            WrappedText.Append(text, item.Advice, $"{number}  {Name(item.Verdict)}".PadRight(SeedIndent), indent, style.Width);
            WrappedText.Append(text, item.Reason, indent, indent, style.Width);
            if (item.Rules.Count > 0)
                text.Append(indent).AppendJoin(", ", item.Rules).Append('\n');
        }
        text.Append('\n').Append(Summary(items)).Append('\n');
        return text.ToString();
    }

    /// <summary>The verdict in small letters.</summary>
    internal static string Name(SeedVerdict verdict) => verdict switch
    {
        SeedVerdict.Kept => "kept",
        SeedVerdict.Corrected => "corrected",
        SeedVerdict.Superseded => "superseded",
        _ => "harmful",
    };

    private static string Summary(IReadOnlyList<SeedItem> items) => string.Create(
        CultureInfo.InvariantCulture,
        $"{items.Count} items: {string.Join(", ", Enum.GetValues<SeedVerdict>().Select(verdict => $"{items.Count(item => item.Verdict == verdict)} {Name(verdict)}"))}");

    private static string GroupTitle(string group) => group switch
    {
        "SYN" => "Syntax",
        "PRO" => "Protocol versions",
        "CIP" => "Ciphers",
        "KEX" => "Key exchange",
        "CRT" => "Certificates",
        "DANE" => "DANE",
        "OPP" => "Opportunistic and mandatory TLS",
        "SUB" => "Submission and authentication",
        "NET" => "Network",
        "AVR" => "Address verification",
        "SUP" => "Suppression comments",
        _ => "Deprecated, removed, without effect",
    };
}

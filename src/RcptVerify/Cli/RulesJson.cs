using System.Text.Json.Serialization;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.Cli;

/// <summary>What <c>rules --json</c> prints.</summary>
internal sealed record RuleList(IReadOnlyList<ListedRule> Rules);

/// <summary>What <c>rules --seed --json</c> prints.</summary>
internal sealed record SeedList(IReadOnlyList<ListedSeedItem> Seed);

/// <summary>A rule in the list. The names are part of the interface; <c>Fix</c> is safe or manual, empty <c>Since</c> and <c>Until</c> mean no limit.</summary>
internal sealed record ListedRule(
    string Id, string Title, string Group, IReadOnlyList<string> Severities, IReadOnlyList<string> Roles, string Since, string Until,
    double SecuritySeverity, IReadOnlyList<string> Cwe, IReadOnlyList<string> Cve, IReadOnlyList<ListedSeed> Seed, string Fix)
{
    public static ListedRule Of(RulePage page) => new(
        page.Id, page.Title, page.Group, page.Severities, page.Roles, page.Since, page.Until, page.SecuritySeverity, page.Cwe, page.Cve,
        [.. page.Seed.Select(seed => new ListedSeed(seed.Number, RulesCommand.Name(seed.Verdict)))], page.FixIsSafe ? "safe" : "manual");
}

/// <summary>A seed item that a rule looks at.</summary>
internal sealed record ListedSeed(int Number, string Verdict);

/// <summary>A seed item in the list.</summary>
internal sealed record ListedSeedItem(int Number, string Section, string Verdict, string Advice, string Reason, IReadOnlyList<string> Rules)
{
    public static ListedSeedItem Of(SeedItem item) =>
        new(item.Number, item.Section, RulesCommand.Name(item.Verdict), item.Advice, item.Reason, item.Rules);
}

/// <summary>What <c>explain --json</c> prints: the rule as listed, and its page.</summary>
internal sealed record ExplainedRule(ListedRule Rule, IReadOnlyList<PageSection> Sections)
{
    public static ExplainedRule Of(RulePage page) => new(ListedRule.Of(page), page.Sections);
}

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuleList))]
[JsonSerializable(typeof(SeedList))]
[JsonSerializable(typeof(ExplainedRule))]
internal sealed partial class RulesJson : JsonSerializerContext;

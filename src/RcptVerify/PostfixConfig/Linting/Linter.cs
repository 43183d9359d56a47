using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// Runs rules over a configuration, once for each release it may run on, and once more as it is under stress where it speaks of that,
/// and joins what releases and services have in common: one cause is one finding.
/// </summary>
internal static class Linter
{
    /// <summary>
    /// More findings of one rule are not gathered: nobody reads them, and a configuration of ten megabytes that is no configuration would
    /// have hundreds of thousands. One of them then says that there are more.
    /// </summary>
    public const int MaxFindingsOfRule = 1000;

    /// <summary>All rules.</summary>
    public static IReadOnlyList<Finding> Run(PostfixConfiguration configuration, TargetRange range, LintOptions options) =>
        Run(RuleSet.All, configuration, range, options);

    /// <summary>Some rules.</summary>
    /// <returns>Findings in the order of files and lines; those without a place come first.</returns>
    public static IReadOnlyList<Finding> Run(
        IEnumerable<PostfixRule> rules, PostfixConfiguration configuration, TargetRange range, LintOptions options)
    {
        PostfixRule[] all = [.. rules];
        FindingMerger merger = new(range);
        // Rules on syntax look at what is written, RV-SYN-003 at both values of it.
        PostfixRule[] stressed = [.. all.Where(rule => !rule.Id.StartsWith("RV-SYN-", StringComparison.Ordinal))];
        MainDefinitions definitions = new(configuration.Main);
        bool hasStress = EffectiveConfiguration.SpeaksOfStress(configuration);
        foreach (Target target in range.Targets)
        {
            StressFindings? stress = hasStress ? new() : null;
            foreach (Finding finding in Run(all, configuration, definitions, target, options, isStressed: false))
            {
                stress?.Tell(finding);
                merger.Add(finding, target.Postfix);
            }

            if (stress is null)
                continue;
            foreach (Finding finding in Run(stressed, configuration, definitions, target, options, isStressed: true))
            {
                if (stress.Only(finding) is Finding only)
                    merger.Add(only, target.Postfix);
            }
        }

        return merger.Findings(configuration.Files);
    }

    /// <summary>The first findings of one rule; where there are more, the last one says so.</summary>
    public static IEnumerable<Finding> Capped(IEnumerable<Finding> findings)
    {
        int found = 0;
        foreach (Finding finding in findings)
        {
            if (++found > MaxFindingsOfRule)
            {
                yield return More(finding);
                yield break;
            }

            yield return finding;
        }
    }

    private static IEnumerable<Finding> Run(
        PostfixRule[] all, PostfixConfiguration configuration, MainDefinitions definitions, Target target, LintOptions options, bool isStressed)
    {
        RuleContext context = new(EffectiveConfiguration.Of(configuration, target, options.Role, isStressed), definitions, options.Profile)
        {
            SaidRole = options.Role,
            Files = options.Files,
            TlsaRecords = options.TlsaRecords,
            Time = options.Time,
        };
        return all.SelectMany(rule => Capped(rule.Check(context))).Select(finding => CompatibilityNote.On(finding, context));
    }

    private static Finding More(Finding finding) => new()
    {
        Rule = finding.Rule,
        Severity = finding.Severity,
        Message = $"there are more than {MaxFindingsOfRule} findings of this rule: the others are not told",
    };
}

using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>A check as the user wants it: the rules, then severities, comments and baseline applied to what they find.</summary>
internal static class LintRun
{
    /// <summary>A comment that takes nothing away.</summary>
    public const string UnusedRule = "RV-SUP-002";

    /// <summary>Checks a configuration.</summary>
    /// <param name="configuration">What was read.</param>
    /// <param name="range">The releases.</param>
    /// <param name="options">What the user says beside it.</param>
    /// <param name="severities">Severities by rule that the user wants; <see cref="Severity.None"/> switches a rule off.</param>
    /// <param name="baseline">Fingerprints of what is known, see <see cref="Fingerprint"/>.</param>
    public static LintReport Check(
        PostfixConfiguration configuration,
        TargetRange range,
        LintOptions options,
        IReadOnlyDictionary<string, Severity> severities,
        IReadOnlySet<string> baseline)
    {
        List<Finding> all =
        [
            .. AdviceByRelease.Join(
                OneCause.Of(Linter.Run(configuration, range, options), rule => severities.GetValueOrDefault(rule, Severity.Error) == Severity.None), range),
        ];
        IReadOnlyList<Suppression> suppressions = SuppressionReader.Read(configuration, all);
        Dictionary<string, List<Suppression>> byRule = ByRule(suppressions);
        List<Finding> open = [];
        List<Finding> known = [];
        List<(Finding, string)> suppressed = [];
        HashSet<Use> used = [];
        foreach (Finding found in all)
        {
            Finding finding = severities.TryGetValue(found.Rule, out Severity wanted) ? found with { Severity = wanted } : found;
            if (finding.Severity == Severity.None)
                continue;
            Suppression[] covering = [.. (byRule.GetValueOrDefault(finding.Rule) ?? []).Where(suppression => suppression.Covers(finding))];
            used.UnionWith(covering.Select(suppression => new Use(suppression, finding.Rule)));
            if (covering.Length > 0)
                suppressed.Add((finding, covering[0].Reason));
            else if (baseline.Contains(Fingerprint.Of(finding)))
                known.Add(finding);
            else
                open.Add(finding);
        }

        open.AddRange(Linter.Capped(UnusedOf(suppressions, used, severities)));

        return new LintReport
        {
            Configuration = configuration,
            Range = range,
            Profile = options.Profile,
            Role = options.Role,
            Findings = open,
            Suppressed = suppressed,
            Known = known,
        };
    }

    private static Dictionary<string, List<Suppression>> ByRule(IReadOnlyList<Suppression> suppressions)
    {
        Dictionary<string, List<Suppression>> byRule = new(StringComparer.Ordinal);
        foreach (Suppression suppression in suppressions)
        {
            foreach (string rule in suppression.Rules.Distinct())
            {
                if (!byRule.TryGetValue(rule, out List<Suppression>? same))
                    byRule[rule] = same = [];
                same.Add(suppression);
            }
        }

        return byRule;
    }

    private static IEnumerable<Finding> UnusedOf(
        IReadOnlyList<Suppression> suppressions, HashSet<Use> used, IReadOnlyDictionary<string, Severity> severities)
    {
        foreach (Suppression suppression in suppressions)
        {
            // A rule that was switched off finds nothing: its comments are not unused for that.
            string[] unused =
            [
                .. suppression.Rules.Where(rule =>
                    !used.Contains(new Use(suppression, rule)) && severities.GetValueOrDefault(rule, Severity.Error) != Severity.None),
            ];
            if (unused.Length > 0)
                yield return Unused(suppression, unused);
        }
    }

    private static Finding Unused(Suppression suppression, string[] rules) => new()
    {
        Rule = UnusedRule,
        Severity = Severity.Notice,
        Message = rules.Length == suppression.Rules.Count ? $"this suppression takes nothing away: {string.Join(", ", rules)} finds nothing here"
            : $"a part of this suppression takes nothing away: {string.Join(", ", rules)} finds nothing here",
        Position = suppression.Position,
        Length = suppression.Position.File.LineSpan(suppression.Position.Line).TrimEnd().Length - suppression.Position.Column + 1,
        Fix = rules.Length == suppression.Rules.Count ? "delete the comment" : $"delete {string.Join(", ", rules)}",
    };

    /// <summary>A comment that took a finding of a rule away.</summary>
    private sealed record Use(Suppression By, string Rule);
}
